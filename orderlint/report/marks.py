"""Maps findings to the calls of a graph. It does not import rich, because plain formats do not need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orderlint.diagnostics import Finding
from orderlint.graph import LayerGraph

__all__ = ["marks"]


def marks(graph: LayerGraph, findings: Iterable[Finding]) -> Mapping[int, Sequence[Finding]]:
    """The findings of the calls of a graph, by their ids."""
    by_place: dict[object, list[Finding]] = {}
    for finding in findings:
        by_place.setdefault(finding.location.layer or finding.location, []).append(finding)
    places = ((call.id, call.place.location()) for call in graph.calls if by_place)
    return {id_: by_place[at.layer or at] for id_, at in places if (at.layer or at) in by_place}
