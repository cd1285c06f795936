"""Properties of a layer graph in compact form."""

from __future__ import annotations

from typing import Any

from orderlint.graph import LayerGraph, units_of
from orderlint.runtime.models import read_model


def graph_of(model: Any, **options: Any) -> LayerGraph:
    """The only graph of a model."""
    (graph,) = read_model(model, **options).graphs
    return graph


def chains(graph: LayerGraph) -> list[str]:
    """The units with more than one step, as `Dense ReLU BatchNormalization | merge`."""
    found = (f"{' '.join(unit.chain)} | {unit.end.value}" for unit in units_of(graph) if len(unit.chain) > 1)
    return sorted(found)


def chains_of(model: Any, **options: Any) -> list[str]:
    return chains(graph_of(model, **options))


def paths(graph: LayerGraph) -> list[str | None]:
    """The layer paths of all calls except inputs."""
    return [call.applied.location().layer for call in graph.calls if call.layer != "Input"]


def roles(graph: LayerGraph) -> dict[str | None, str]:
    """The roles of each call by its layer path, as `linear activation`."""
    return {call.applied.location().layer: " ".join(role.value for role in call.roles) for call in graph.calls}
