"""The result of reading a model."""

from __future__ import annotations

from dataclasses import dataclass

from orderlint.graph import LayerGraph

__all__ = ["ReadModel"]


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A model as layer graphs.

    Attributes:
        graphs: One graph; two where the model computes something else in training than in inference.
        notes: What could not be looked into, and why.
        without_role: The dotted names of its classes outside Keras to which the user gave no role.
    """

    graphs: tuple[LayerGraph, ...]
    notes: tuple[str, ...] = ()
    without_role: tuple[str, ...] = ()
