"""The kind of a layer or operation of a live model."""

from __future__ import annotations

from typing import Any

from orderlint.catalog import Entry, RoleTable
from orderlint.runtime.arguments import keras_entry
from orderlint.runtime.roles import is_keras

__all__ = [
    "FUNCTION",
    "PARENT",
    "TENSORFLOW_LAYERS",
    "defines_call",
    "function_name",
    "graph_of",
    "has_graph",
    "is_model",
    "is_sequential",
    "is_tensorflow",
    "keras_name",
    "wrapped_layer",
]

PARENT = "_orderlint_parent"
"""An attribute of the substitute for `super().call(...)`: the layer whose Keras class is applied."""

FUNCTION = "_orderlint_function"
"""An attribute of the substitute for a TensorFlow function: its public name without `tf.`."""

TENSORFLOW_LAYERS = frozenset({"SlicingOpLambda", "TFOpLambda"})


def keras_name(layer: Any) -> str:
    """The name of the first Keras class in the MRO of a layer; empty if there is none."""
    return next((cls.__name__ for cls in type(layer).__mro__ if is_keras(cls.__module__)), "")


def is_tensorflow(operation: Any) -> bool:
    """Whether an operation is a TensorFlow function, as recorded by Keras 2 or by our substitute."""
    return hasattr(operation, FUNCTION) or keras_name(operation) in TENSORFLOW_LAYERS


def function_name(operation: Any) -> str:
    """The public name of a TensorFlow function without `tf.`, or the name of the class of a Keras 3 operation."""
    if hasattr(operation, FUNCTION):
        return str(getattr(operation, FUNCTION))
    if keras_name(operation) in TENSORFLOW_LAYERS:
        return str(getattr(operation, "symbol", None) or getattr(operation.function, "__name__", "function"))
    return type(operation).__name__


def _keras_names(layer: Any) -> set[str]:
    return {cls.__name__ for cls in type(layer).__mro__ if is_keras(cls.__module__)}


def is_sequential(layer: Any) -> bool:
    """Whether a layer is a `Sequential`, or an instance of a subclass."""
    return "Sequential" in _keras_names(layer)


def is_model(layer: Any) -> bool:
    """Whether a layer is a model."""
    return "Model" in _keras_names(layer)


def has_graph(layer: Any) -> bool:
    """Whether Keras knows the graph of a layer. Then it is a model."""
    return graph_of(layer) is not None


def graph_of(model: Any) -> Any:
    """The object with the `inputs` and `outputs` of a model; `None` if Keras does not know its graph."""
    names = _keras_names(model)
    if "Sequential" in names and hasattr(model, "_functional"):
        return model._functional
    return model if "Functional" in names and getattr(model, "outputs", None) else None


def defines_call(layer: Any) -> bool:
    """Whether a class outside Keras defines the computation of a layer: its own class or a base class."""
    if "call" in vars(layer) and not is_keras(type(layer).__module__):
        return True
    for cls in type(layer).__mro__:
        if is_keras(cls.__module__):
            return False
        if "call" in vars(cls) or "__call__" in vars(cls):
            return True
    return False


def wrapped_layer(layer: Any, roles: RoleTable) -> tuple[Entry, Any] | None:
    """The entry and the inner layer of a wrapper with the role of its inner layer; `None` for any other layer."""
    if not hasattr(layer, "layer") or defines_call(layer):
        return None
    entry = keras_entry(layer, roles)
    return (entry, layer.layer) if entry and entry.wrapper and not entry.user_roles else None
