"""Customary names: which modules belong to Keras, and what a snippet without imports means."""

from __future__ import annotations

import builtins
from functools import lru_cache
from typing import Final

from orderlint.catalog.entries import words
from orderlint.catalog.names import KERAS_ROOTS, find, find_layer

__all__ = [
    "ENUMERATIONS",
    "LAYER_MODULES",
    "LENGTHENING",
    "LOOKS",
    "NAMESPACES",
    "is_keras",
    "keras_class",
    "of_star",
    "of_unknown_owner",
    "unbound",
]

_CUSTOMARY: Final = {
    "tf": "tensorflow",
    "keras": "keras",
    "K": "keras.backend",
    "layers": "keras.layers",
    "models": "keras.models",
    "np": "numpy",
    "Sequential": "keras.Sequential",
    "Model": "keras.Model",
    "Input": "keras.Input",
    "Layer": "keras.layers.Layer",
}
"""What a snippet without imports means by these names."""

_PYTHON_2: Final = frozenset({"basestring", "long", "reduce", "unicode", "xrange"})
_KERAS_MODULES: Final = frozenset({"activations", "applications", "backend", "layers", "models", "ops"})

LOOKS: Final = words(
    """
    shape int_shape ndim rank size get_shape dtype is_keras_tensor is_tensor print summary histogram scalar
    static_shape get_static_value name_scope set_learning_phase learning_phase image_data_format floatx epsilon
    is_sparse iscomplexobj assert_rank is_symbolic_tensor plot_model get_source_inputs standardize_dtype
    """
)
"""Functions and methods that inspect a tensor and do not compute with it."""

ENUMERATIONS: Final = frozenset({"Enum", "Flag", "IntEnum", "IntFlag", "ReprEnum", "StrEnum"})
"""The base classes in `enum`."""

LENGTHENING: Final = frozenset({"append", "extend", "insert"})
"""Methods that only lists have. An unknown object with such a method is a list."""

NAMESPACES: Final = (
    "addict.Dict",
    "argparse.Namespace",
    "box.Box",
    "easydict.EasyDict",
    "ml_collections.ConfigDict",
    "munch.Munch",
    "types.SimpleNamespace",
)
"""Classes whose objects get their attributes from keyword arguments, or from a dictionary."""

LAYER_MODULES: Final = words(
    """
    advanced_activations convolutional convolutional_recurrent core cudnn_recurrent embeddings local merge noise
    normalization pooling recurrent wrappers
    """
)
"""The modules of `keras.layers` in Keras 2. It had no `__all__`, so `import *` also imported them."""

_CLASSES: Final = {
    "Sequential": "Sequential",
    "Model": "Model",
    "Functional": "Model",
    "Layer": "Layer",
    "Input": "Input",
    "InputLayer": "InputLayer",
}


@lru_cache(maxsize=4096)
def is_keras(name: str) -> bool:
    """Whether a dotted name belongs to Keras, in any of the packages that have contained it."""
    parts = name.split(".")
    if parts[0] in KERAS_ROOTS:
        return True
    return parts[0] == "tensorflow" and "keras" in parts[1:5]


def keras_class(dotted: str) -> str | None:
    """`Sequential`, `Model`, `Layer`, `Input`, … for a dotted name of Keras; `None` for anything else.

    >>> keras_class("tensorflow.keras.Model"), keras_class("mylib.Model")
    ('Model', None)
    """
    return _CLASSES.get(dotted.rpartition(".")[2]) if is_keras(dotted) else None


def of_star(module: str, name: str) -> str | None:
    """The value that `from module import *` binds to a name, for an external module; `None` if it is not known.

    >>> of_star("keras.layers", "core"), of_star("keras", "layers"), of_star("keras.layers", "mine")
    ('keras.layers.core', 'keras.layers', None)
    """
    dotted = f"{module}.{name}"
    if find(dotted) or keras_class(dotted):
        return dotted
    modules = LAYER_MODULES if module.rpartition(".")[2] == "layers" else _KERAS_MODULES
    return dotted if is_keras(module) and name in modules else None


def unbound(name: str) -> str | None:
    """The meaning of an unbound name: a builtin, a customary name, or a Keras layer; `None` if it is not known.

    >>> unbound("len"), unbound("tf"), unbound("Dense"), unbound("mine")
    ('builtins.len', 'tensorflow', 'keras.layers.Dense', None)
    """
    if hasattr(builtins, name) or name in _PYTHON_2:
        return f"builtins.{name}"
    if name in _CUSTOMARY:
        return _CUSTOMARY[name]
    return f"keras.layers.{name}" if find_layer(name) is not None else None


def of_unknown_owner(owner: str | None, name: str) -> str | None:
    """The meaning of `layers.Dense`, `keras.Sequential` or `models.Model`, if the owner is unknown.

    Args:
        owner: The last name of the owner.
        name: The attribute.
    """
    if owner not in ("layers", "models", "keras"):
        return None
    if owner == "layers" and find(f"keras.layers.{name}") is not None:
        return f"keras.layers.{name}"
    return f"keras.{name}" if name in ("Sequential", "Model", "Input", "Layer") else None
