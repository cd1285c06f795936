"""Follows a `call` symbolically: runs it once on symbolic tensors, and reads the recorded graph.

The keeper of the reader restores the user's layers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from orderlint.runtime.errors import NoTensorError
from orderlint.runtime.live import LiveReader
from orderlint.runtime.network import Network
from orderlint.runtime.specs import Arguments, Spec, leaves
from orderlint.runtime.standins import parent_calls, symbolic_parent, tensorflow_calls

__all__ = ["call_parameters", "depends_on_mode", "in_mode", "symbolic_function", "symbolic_network"]


def symbolic_network(reader: LiveReader, layer: Any, arguments: Arguments) -> Network:
    """The network that the `call` of a layer records.

    Raises:
        NoTensorError: The result does not depend on the input.
        Exception: Any error of `call`.
    """
    library = reader.library
    reader.keeper.keep(layer)
    with ExitStack() as stack:
        stack.enter_context(tensorflow_calls(library))
        stack.enter_context(parent_calls(layer, symbolic_parent(library, layer)))
        stack.enter_context(reader.sources.recording(library))
        return _recorded(reader, layer.name, _plain_call(layer), in_mode(reader, layer, arguments))


def symbolic_function(reader: LiveReader, function: Callable[[Any], Any], spec: Spec) -> Network:
    """The network that a function of one tensor records (see `symbolic_network`)."""
    with tensorflow_calls(reader.library):
        return _recorded(reader, "function", function, Arguments((spec,)))


def _recorded(reader: LiveReader, name: str, function: Callable[..., Any], arguments: Arguments) -> Network:
    inputs: list[Any] = []

    def make(spec: Spec) -> Any:
        inputs.append(reader.library.input(spec.shape, spec.dtype))
        return inputs[-1]

    positional, keywords = arguments.made(make)
    result = function(*positional, **keywords)
    outputs = [value for value in leaves(result) if reader.library.is_tensor(value)]
    if not outputs:
        raise NoTensorError(result)
    return reader.between(name, inputs, outputs, traced=True)


def _plain_call(layer: Any) -> Callable[..., Any]:
    """The `call` of a layer, without `tf.function`."""
    call: Callable[..., Any] = layer.call
    return getattr(call, "python_function", call)


def call_parameters(layer: Any) -> Sequence[str]:
    """The names of the parameters of a layer's `call`; empty if they are not known."""
    try:
        return list(inspect.signature(_plain_call(layer)).parameters)
    except (TypeError, ValueError):
        return []


def depends_on_mode(layer: Any) -> bool:
    """Whether a layer's `call` may differ between training and inference."""
    return not {"training", "kwargs"}.isdisjoint(call_parameters(layer))


def in_mode(reader: LiveReader, layer: Any, arguments: Arguments) -> Arguments:
    """The arguments, with the reader's value of `training` if `call` has this parameter and it is not given."""
    if "training" not in call_parameters(layer) or arguments.keywords.get("training") is not None:
        return arguments
    return Arguments(arguments.positional, {**arguments.keywords, "training": reader.training})
