"""Looks inside the layers and activation functions of the user's code."""

from __future__ import annotations

from typing import Any, Final

from orderlint.catalog import UNKNOWN, ActivationOf, activation_name
from orderlint.graph import Role
from orderlint.runtime.assemble import assemble
from orderlint.runtime.eager import eager_network
from orderlint.runtime.errors import InspectionError, NotBuiltError, NoTensorError, TraceError
from orderlint.runtime.frames import stopping_call
from orderlint.runtime.live import Given, LiveReader
from orderlint.runtime.network import Network
from orderlint.runtime.specs import Arguments, Spec, mapped
from orderlint.runtime.symbolic import call_parameters, depends_on_mode, symbolic_function, symbolic_network

__all__ = ["CodeOpener"]

_ANY_VECTOR: Final = Spec((None, 8))


class CodeOpener:
    """The `Opener` that runs the code: on symbolic tensors first, on a tiny batch where that fails."""

    def open_call(self, reader: LiveReader, layer: Any, given: Given) -> Network:
        """The network inside a layer that was applied to symbolic tensors before."""
        if given.node is None:
            raise NotBuiltError(
                f"`{layer.name}` ({type(layer).__name__}) has not been applied yet, so its `call` cannot be followed: "
                "build the model, or give an input shape"
            )
        library = reader.library

        def spec(value: Any) -> Any:
            if not library.is_tensor(value):
                return value
            shape = tuple(value.shape)
            return Spec(shape[:1] + shape[1 + given.num_steps_in :], value.dtype)

        positional, keywords = library.arguments(given.node)
        taken = call_parameters(layer)  # a wrapper may take more than the layer inside
        named = {name: mapped(value, spec) for name, value in keywords.items() if name in taken or "kwargs" in taken}
        arguments = Arguments(mapped(tuple(positional), spec), named)
        try:
            return self.open(reader, layer, arguments)
        except NoTensorError:
            return Network(layer.name, {}, (), ())

    def open(self, reader: LiveReader, layer: Any, arguments: Arguments) -> Network:
        """The network inside a layer or model.

        Raises:
            TraceError: Its `call` fails on symbolic tensors and on a tiny batch.
            NoTensorError: Its `call` returns nothing that depends on its input.
        """
        reader.follows_code = reader.follows_code or depends_on_mode(layer)
        constant = False
        for given in (arguments, arguments.sized()):  # some code computes with the sizes of axes
            try:
                return symbolic_network(reader, layer, given)
            except NoTensorError:
                constant = True  # unless it converts symbolic tensors to something else
            except InspectionError:
                raise
            except Exception:  # user code may raise any error, and may still work on real numbers
                continue
        try:
            return eager_network(reader, layer, arguments)
        except InspectionError as error:
            if constant or not isinstance(error, NoTensorError):
                raise
            raise TraceError(_subject(layer), "", error) from error
        except Exception as error:
            raise TraceError(_subject(layer), stopping_call(error), error) from error

    def follow(self, reader: LiveReader, function: Any) -> object:
        """Describe a user's activation function: as `linear`, as a known activation, or under its own name."""
        if not callable(function):
            return UNKNOWN
        name = getattr(function, "__name__", type(function).__name__)
        own = ActivationOf(None if name == "<lambda>" else activation_name(name))
        try:
            network = symbolic_function(reader, function, _ANY_VECTOR)
            calls = assemble(network, "").calls[len(network.inputs) :]
        except Exception:  # user code may raise any error
            return own
        if not calls:
            return ActivationOf("linear")
        known = calls[0].facts.get("activation")
        if len(calls) == 1 and calls[0].roles == (Role.ACTIVATION,) and isinstance(known, str):
            return ActivationOf(known)
        return own


def _subject(layer: Any) -> str:
    return f"`{layer.name}` ({type(layer).__name__})"
