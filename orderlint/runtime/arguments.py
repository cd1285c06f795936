"""Determines the arguments of a live layer, including its activation, for the catalog."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from orderlint.catalog import ACTIVATIONS, DEFAULT, UNKNOWN, ActivationOf, Entry, RoleTable, activation_name
from orderlint.graph import Role
from orderlint.runtime.roles import find_keras_class, named_activation

__all__ = ["Follow", "function_entry", "keras_class", "keras_entry", "layer_arguments"]

Follow: TypeAlias = Callable[[Callable[..., Any]], object]
"""Determines what a user's activation function does. Returns a value of `activation` for `describe`."""

_WANTED: Final = (
    "axis",
    "bias_axes",
    "center",
    "data_format",
    "max_value",
    "pool_mode",
    "rate",
    "threshold",
    "use_bias",
)
_OTHER_ROOTS: Final = frozenset({"jax", "torch"})
_MISSING: Final = object()


def keras_class(layer: Any, roles: RoleTable = DEFAULT) -> Any:
    """The first class in the MRO of a layer that is in the catalog; `None` if there is none."""
    for cls in type(layer).__mro__:
        entry = find_keras_class(cls.__module__, cls.__name__, roles)
        if entry is not None and entry.name not in ("Layer", "Wrapper"):
            return cls
    return None


def keras_entry(layer: Any, roles: RoleTable) -> Entry | None:
    """The entry of the first class in the MRO of a layer that is in the catalog; `None` if there is none."""
    cls = keras_class(layer, roles)
    return find_keras_class(cls.__module__, cls.__name__, roles) if cls else None


def layer_arguments(layer: Any, roles: RoleTable, follow: Follow) -> dict[str, object]:
    """The constructor arguments of a live layer, as far as rules need them."""
    arguments: dict[str, object] = {}
    for name in _WANTED:
        value = getattr(layer, name, _MISSING)
        if value is not _MISSING:
            arguments[name] = _plain(value)
    axis = arguments.get("axis")
    if isinstance(axis, tuple) and len(axis) == 1:  # Keras 2 has a list with one axis, counted from the front
        arguments["axis"] = -1 if axis[0] + 1 == _num_axes(layer) else axis[0]
    activation = getattr(layer, "activation", _MISSING)
    if activation is not _MISSING:
        arguments["activation"] = _activation(activation, roles, follow)
    return arguments


def _plain(value: Any) -> object:
    """A value as a literal; `UNKNOWN` if that is not possible."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(item, int) for item in value):
        return tuple(value)
    item = getattr(value, "item", None)  # a NumPy number
    if item is not None and getattr(value, "shape", None) == ():
        return _plain(item())
    return UNKNOWN


def _num_axes(layer: Any) -> int | None:
    """The number of axes of a built layer's input, including the batch axis; `None` if it is not known."""
    found = getattr(getattr(layer, "input_spec", None), "ndim", None)
    return found if isinstance(found, int) else None


def _activation(value: Any, roles: RoleTable, follow: Follow) -> object:
    """An activation argument: a name, a function, a layer, or `None`."""
    if value is None or isinstance(value, str):
        return named_activation(value)
    layer = keras_entry(value, roles)
    if layer is not None:
        return _activation_layer(value, layer, roles, follow)
    entry = function_entry(value, roles)
    if entry is None:
        return follow(value)
    if entry.role is Role.ACTIVATION or entry.name in ("linear", "identity"):
        return ActivationOf("linear" if entry.role is Role.PASS else entry.name)
    return UNKNOWN


def _activation_layer(layer: Any, entry: Entry, roles: RoleTable, follow: Follow) -> object:
    """A layer as an activation argument: `Dense(8, activation=LeakyReLU())`."""
    if entry.name == "Activation":
        return _activation(layer.activation, roles, follow)
    if entry.role is Role.PASS:
        return ActivationOf("linear")
    if entry.role is not Role.ACTIVATION:
        return ActivationOf(None)
    given = layer_arguments(layer, roles, follow)
    return ActivationOf(activation_name(entry.name), given.get("max_value") is None and not given.get("threshold"))


def function_entry(function: Any, roles: RoleTable) -> Entry | None:
    """The entry of a function of Keras, TensorFlow or another backend; `None` for any other function."""
    while isinstance(function, functools.partial):
        function = function.func
    module = getattr(function, "__module__", None) or ""
    name = getattr(function, "__name__", "")
    if module.partition(".")[0] in _OTHER_ROOTS:
        module, name = "keras.activations", ACTIVATIONS.get(name, "")
    if not module or not name:
        return None
    # In TensorFlow, the name of the newer of two functions is `softmax_v2`, and it is exported as `tf.nn.softmax`.
    return roles.find(f"{module}.{name}") or roles.find(f"{module}.{name.removesuffix('_v2')}")
