"""Describes the classes and functions of a built model, for live models and saved files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from orderlint.catalog import (
    ACTIVATIONS,
    KERAS_ROOTS,
    UNKNOWN,
    ActivationOf,
    Description,
    Entry,
    RoleTable,
    activation_name,
    bind,
    describe,
    find,
    find_layer,
)
from orderlint.graph import Role, Step

__all__ = [
    "boundary",
    "describe_function",
    "describe_layer",
    "find_keras_class",
    "find_operation",
    "find_tensorflow",
    "is_keras",
    "looks_only",
    "named_activation",
]

_TENSORFLOW_KERAS: Final = ("tensorflow.keras", "tensorflow.python.keras")
_OPENED: Final = frozenset({"applications"})
"""Parts of Keras with models that consist of its layers. Their classes are opened, like those of a project."""

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OPERATIONS: Final[Mapping[str, str]] = {
    "BatchNorm": "batch_normalization",
    "LayerNorm": "layer_normalization",
    "RMSNorm": "rms_normalization",
}
_OPERATORS: Final[Mapping[str, str]] = {
    "add": "add",
    "div": "divide",
    "mul": "multiply",
    "neg": "negative",
    "radd": "add",
    "rdiv": "divide",
    "rmul": "multiply",
    "rsub": "subtract",
    "rtruediv": "divide",
    "sub": "subtract",
    "truediv": "divide",
}
_SUBSCRIPTS: Final = frozenset({"GetItem", "__operators__.getitem", "getitem", "StridedSlice"})
_LOOKS: Final = frozenset({"ndim", "rank", "shape", "shape_n", "shapen", "size"})
_GRAPH_OPS: Final[Mapping[str, str]] = {
    "AddN": "add_n",
    "AddV2": "add",
    "BiasAdd": "bias_add",
    "ConcatV2": "concat",
    "Mul": "multiply",
    "Neg": "negative",
    "Pack": "stack",
    "PadV2": "pad",
    "RealDiv": "divide",
    "SplitV": "split",
    "Sub": "subtract",
}


def looks_only(name: str) -> bool:
    """Whether a function only returns information about the shape of a tensor.

    >>> looks_only("compat.v1.shape"), looks_only("Rank"), looks_only("reshape")
    (True, True, False)
    """
    return name.rpartition(".")[2].lower() in _LOOKS


def is_keras(module: str) -> bool:
    """Whether a module is part of Keras itself, of any generation.

    >>> is_keras("keras.src.layers.core.dense"), is_keras("keras_hub.layers"), is_keras("keras.src.applications.vgg16")
    (True, False, False)
    """
    if module.startswith(_TENSORFLOW_KERAS):
        return True
    root, *parts = module.split(".")
    return root in KERAS_ROOTS and _OPENED.isdisjoint(parts)


def boundary(name: str) -> Description:
    """The description of a boundary."""
    return Description(name, (Step(Role.BOUNDARY, name),), {})


def find_keras_class(module: str, name: str, roles: RoleTable) -> Entry | None:
    """The entry of a layer class of Keras; `None` for any other class."""
    if not is_keras(module) or ".backend." in module:  # with JAX, each layer has a base class `JaxLayer`
        return None
    entry = roles.find(f"{module}.{name}") or find_layer(name)
    return roles.of_entry(entry) if entry else None


def find_operation(name: str) -> Entry | None:
    """The entry of an operation of `keras.ops`, by the name of its class; `None` if there is none.

    >>> find_operation("LeakyRelu").chain_name, find_operation("GetItem").role.value
    ('LeakyReLU', 'pass')
    """
    if name in _SUBSCRIPTS:
        return find("tensorflow.strided_slice")
    words = _WORD.sub("_", name).lower()
    return find("keras.ops." + _OPERATIONS.get(name, words)) or find(f"keras.activations.{activation_name(name)}")


def find_tensorflow(name: str) -> Entry | None:
    """The entry of a TensorFlow function or operator, by its public name without `tf.`, or by its graph operation.

    >>> find_tensorflow("nn.relu").chain_name, find_tensorflow("__operators__.add").name, find_tensorflow("AddV2").name
    ('ReLU', 'add', 'add')
    """
    if name in _SUBSCRIPTS:
        return find("tensorflow.strided_slice")
    prefix, _, last = name.rpartition(".")
    if prefix == "__operators__":
        return find("tensorflow." + _OPERATORS.get(last, last))
    if prefix:
        return find(name if name.startswith("keras.") else f"tensorflow.{name}")
    words = _GRAPH_OPS.get(name, _WORD.sub("_", name).lower())
    return find(f"tensorflow.{words}") or find(f"tensorflow.nn.{words}") or find(f"tensorflow.math.{words}")


def describe_layer(entry: Entry, arguments: Mapping[str, object], roles: RoleTable) -> Description:
    """Describe a layer from its configuration, with the names of any version of Keras."""
    return describe(entry, bind(entry, (), arguments), settings=roles)


def describe_function(entry: Entry, tensors: int, arguments: Mapping[str, object], roles: RoleTable) -> Description:
    """Describe a function that is applied to a number of tensors of the network."""
    if entry.arithmetic and tensors < 2:
        return Description(entry.name, (Step(Role.PASS, entry.chain_name),), {"shape": "same"})
    return describe(entry, arguments, settings=roles)


def named_activation(name: object, *, is_lambda: bool = False) -> object:
    """The value of an activation argument for `describe`, from its name. A lambda is unknown."""
    if name is None:
        return None
    if is_lambda or not isinstance(name, str) or name == "<lambda>":
        return UNKNOWN
    return ActivationOf(ACTIVATIONS.get(name) or activation_name(name))
