"""Finds the entry of a fully qualified name, in all modules that have contained it in Keras and TensorFlow."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.families import ANY, layer_family
from orderlint.catalog.functions import FUNCTIONS
from orderlint.catalog.layers import LAYERS
from orderlint.catalog.libraries import LIBRARIES
from orderlint.graph import Role

__all__ = ["KERAS_ROOTS", "canonical", "find", "find_layer", "is_library"]

KERAS_ROOTS: Final = frozenset({"keras", "tf_keras", "keras_core"})
"""The packages of Keras. Each has the same names in the same modules."""
_INNER: Final = frozenset({"src", "api", "_tf_keras", "keras", "python", "_v1", "_v2", "legacy", "_legacy"})
_VERSIONS: Final = frozenset({"compat", "_api", "v1", "v2", "python"})
_TF_MODULES: Final[dict[str, str]] = {"nn": "nn", "math": "math", "image": "image"}
_TF_OPS: Final[dict[str, tuple[str, ...]]] = {
    "nn": ("nn",),
    "nn_ops": ("nn",),
    "nn_impl": ("nn",),
    "gen_nn_ops": ("nn",),
    "math_ops": ("math", "tf"),
    "gen_math_ops": ("math", "tf"),
    "array_ops": ("tf",),
    "gen_array_ops": ("tf",),
}
_KERAS_SPACES: Final = frozenset({"activations", "ops", "backend", "random"})
_INPUT: Final = Entry("Input", Kind.FUNCTION, Role.BOUNDARY, ("shape",))
_OUTSIDE_LAYERS: Final = frozenset({"Input", "InputLayer", "Layer", "Merge", "Wrapper", "merge"})
"""The names that are also in other modules of Keras than `layers` (`keras.Input`, `keras.engine.topology.Layer`)."""


def find_layer(name: str) -> Entry | None:
    """The Keras layer with exactly this name, including names of Keras 1; `None` if there is none.

    >>> find_layer("Convolution2D").name
    'Conv2D'
    """
    return LAYERS.get(name)


@lru_cache(maxsize=4096)
def find(dotted: str) -> Entry | None:
    """The entry of a fully qualified name of Keras, TensorFlow or a library for Keras; `None` if there is none.

    >>> find("tensorflow.keras.layers.Conv2D").role.value, find("tensorflow.nn.relu").chain_name
    ('linear', 'ReLU')
    >>> find("flax.linen.Dense") is None and find("tensorflow.layers.Dense") is None
    True
    """
    root, *parts = dotted.split(".")
    if not parts:
        return None
    if root in KERAS_ROOTS:
        return _find_in_keras(parts)
    if root == "tensorflow":
        return _find_in_tensorflow(parts)
    library = LIBRARIES.get(root)
    return library.find(parts) if library is not None else None


def is_library(dotted: str) -> bool:
    """Whether a name is a library for Keras, or in lower case below one, and so probably a module.

    >>> is_library("qkeras"), is_library("tensorflow_addons.layers"), is_library("qkeras.QDense"), is_library("numpy")
    (True, True, False, False)
    """
    return dotted.partition(".")[0] in LIBRARIES and dotted.islower()


@lru_cache(maxsize=4096)
def canonical(dotted: str) -> str:
    """The canonical spelling of a cataloged layer. Other names are returned unchanged.

    >>> canonical("tf.keras.layers.Dense"), canonical("keras.layers.core.Dense"), canonical("mylib.Dense")
    ('keras.layers.Dense', 'keras.layers.Dense', 'mylib.Dense')
    """
    full = "tensorflow" + dotted[2:] if dotted.startswith("tf.") else dotted
    entry = find(full)
    if entry is None:
        return full
    root = full.partition(".")[0]
    if root in LIBRARIES:
        return f"{root}.{full.rpartition('.')[2]}"
    return f"keras.layers.{entry.name}" if entry.kind is Kind.LAYER else full


def _find_in_keras(parts: list[str]) -> Entry | None:
    while parts and parts[0] in _INNER:
        parts = parts[1:]
    if not parts:
        return None
    *modules, name = parts
    if any(not module.islower() for module in modules):
        return None  # an attribute of a class
    if not modules or modules[0] in ("engine", "models"):
        return _find_keras_layer(name) if name in _OUTSIDE_LAYERS else None
    if modules[0] == "layers":
        return _find_keras_layer(name)
    if modules[:2] == ["ops", "image"]:
        return FUNCTIONS.get(("image", name))
    if modules[:2] == ["backend", "random"] or modules[-1] == "random":
        return FUNCTIONS.get(("random", name))
    if modules[0] in _KERAS_SPACES:
        return FUNCTIONS.get((modules[0], name))
    return None


def _find_keras_layer(name: str) -> Entry | None:
    if name == "Input":
        return _INPUT
    if ANY in name:
        return layer_family(name)
    return LAYERS.get(name) or FUNCTIONS.get(("layers", name))


def _find_in_tensorflow(parts: list[str]) -> Entry | None:
    while parts and parts[0] in _VERSIONS:
        parts = parts[1:]
    if parts[:2] == ["contrib", "keras"]:
        parts = parts[1:]
    if parts and parts[0] == "keras":
        return _find_in_keras(parts)
    if not parts:
        return None
    *modules, name = parts
    if not modules:
        return FUNCTIONS.get(("tf", name))
    if modules[0] == "ops" and len(modules) == 2:
        found = (FUNCTIONS.get((space, name)) for space in _TF_OPS.get(modules[1], ()))
        return next(filter(None, found), None)
    return FUNCTIONS.get((_TF_MODULES.get(modules[0], ""), name))
