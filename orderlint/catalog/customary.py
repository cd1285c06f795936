"""Names as people use them: what belongs to Keras, and what a snippet without imports means."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from orderlint.catalog.names import KERAS_ROOTS

__all__ = ["CUSTOMARY", "is_keras", "keras_class"]

CUSTOMARY: Final = {
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
    """Whether a dotted name belongs to Keras, under any of the roofs it has had."""
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
