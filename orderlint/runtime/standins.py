"""Substitutes for what Keras does not record: TensorFlow functions on symbolic tensors, and `super().call(...)`.

They are Keras operations themselves, so their classes can only be created when Keras is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from orderlint.runtime.arguments import keras_class
from orderlint.runtime.kinds import FUNCTION, PARENT, defines_call
from orderlint.runtime.library import Library
from orderlint.runtime.specs import leaves

__all__ = ["parent_calls", "symbolic_parent", "tensorflow_calls"]


@contextmanager
def tensorflow_calls(library: Library) -> Iterator[None]:
    """Record TensorFlow functions that are applied to symbolic tensors of Keras 3, which does not allow this.

    TensorFlow calls its registered dispatchers if a function does not accept its arguments. Keras 2 has its own
    dispatcher.
    """
    module = sys.modules.get("tensorflow.python.util.dispatch")
    if module is None or library.version == 2:
        yield
        return

    def handle(dispatcher: Any, function: Any, args: Any, kwargs: Any) -> Any:
        if not any(type(value).__name__ == "KerasTensor" for value in leaves([args, kwargs])):
            return dispatcher.NOT_SUPPORTED
        operation = _recorded_class(library, "Operation")(function, frozenset(kwargs) - {"name"})
        setattr(operation, FUNCTION, _public_name(function))
        return operation(*args, **kwargs)

    dispatcher = type("Dispatcher", (module.GlobalOpDispatcher,), {"handle": handle})()
    dispatcher.register()
    try:
        yield
    finally:
        module._GLOBAL_DISPATCHERS.remove(dispatcher)


def _public_name(function: Any) -> str:
    """The name of a TensorFlow function without `tf.`: `nn.relu`."""
    export = sys.modules.get("tensorflow.python.util.tf_export")
    if export is not None:
        name = export.get_canonical_name_for_symbol(function, add_prefix_to_v1_names=True)
        if name:
            return str(name)
    return str(getattr(function, "__name__", "function"))


@lru_cache(maxsize=4)
def _recorded_class(library: Library, base_name: str) -> Any:
    """The class of an operation of Keras 3, or of a layer of Keras 2, that calls a function."""
    base = next(cls for cls in library.layer_class.__mro__ if cls.__name__ == base_name)

    def init(self: Any, function: Callable[..., Any], keywords: Container[str]) -> None:
        base.__init__(self)
        self.function = function
        self.keywords = keywords

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Keras 2 passes `training` to every `call` with `**kwargs`, even if the function does not accept it.
        return self.function(*args, **{name: value for name, value in kwargs.items() if name in self.keywords})

    return type("Recorded", (base,), {"__init__": init, "call": call})


@contextmanager
def parent_calls(layer: Any, record: Callable[..., Any]) -> Iterator[None]:
    """Record `super().call(...)` in a subclass of a layer in the catalog as an application of that layer.

    Args:
        layer: The instance of the subclass. Other layers are not affected.
        record: Called instead, with the original method and then the arguments.
    """
    parent = keras_class(layer) if defines_call(layer) else None
    if parent is None:
        yield
        return
    own = vars(parent).get("call")
    original = parent.call

    def call(this: Any, *args: Any, **kwargs: Any) -> Any:
        if this is not layer:
            return original(this, *args, **kwargs)
        return record(partial(original, layer), *args, **kwargs)

    parent.call = call
    try:
        yield
    finally:
        if own is None:
            del parent.call
        else:
            parent.call = own


def symbolic_parent(library: Library, layer: Any) -> Callable[..., Any]:
    """A function for `parent_calls` that records the call on symbolic tensors as an operation."""

    def record(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not any(library.is_tensor(value) for value in leaves([args, kwargs])):
            return original(*args, **kwargs)
        make = _recorded_class(library, "Operation" if library.version == 3 else "Layer")
        operation = make(original, frozenset(kwargs))
        object.__setattr__(operation, PARENT, layer)
        return operation(*args, **kwargs)

    return record
