"""The result of reading a model."""

from __future__ import annotations

from dataclasses import dataclass

from orderlint.graph import LayerGraph

__all__ = ["ReadModel"]


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A model as layer graphs.

    Attributes:
        graphs: One graph for each model; two if it computes something else in training than at inference.
        notes: What could not be followed, with the reason.
        without_role: The dotted names of its classes outside Keras without a role of the user.
    """

    graphs: tuple[LayerGraph, ...]
    notes: tuple[str, ...] = ()
    without_role: tuple[str, ...] = ()
