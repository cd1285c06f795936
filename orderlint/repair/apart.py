"""Divides repairs into independent parts, so that one trial can find the fault of each part."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from orderlint.graph import LayerCall, LayerGraph, Site
from orderlint.judging import MoveAfter, MoveBefore
from orderlint.records import record
from orderlint.repair.results import Plan

__all__ = ["Group", "Part", "parts_of"]

Group = Sequence[Plan]
"""Plans with the same edits."""


@record(frozen=True, slots=True)
class Part:
    """Some repairs.

    Attributes:
        groups: The repairs.
        graphs: The numbers of the graphs with their layers; empty if they are not tried together with other parts.
    """

    groups: Sequence[Group]
    graphs: Collection[int] = ()


def parts_of(graphs: Sequence[LayerGraph], groups: Sequence[Group]) -> list[Part]:
    """Divide repairs into parts, so that each graph contains layers of at most one part.

    If it is not known which graphs contain the layers of a repair, there is only one part.

    Args:
        graphs: The graphs of a file.
        groups: The repairs of the file.
    """
    holding: dict[Site, set[int]] = {}
    for number, graph in enumerate(graphs):
        for call in graph.calls:
            for place in _places(call):
                holding.setdefault(place, set()).add(number)
    parts: list[tuple[list[int], set[int]]] = []
    for at, group in enumerate(groups):
        touched = {number for call in _calls(group) for place in _places(call) for number in holding.get(place, ())}
        if not touched:  # it is not known which graphs it changes
            return [Part(groups)]
        near = [part for part in parts if not part[1].isdisjoint(touched)]
        members = [number for others, _ in near for number in others]
        parts = [part for part in parts if part[1].isdisjoint(touched)]
        parts.append(([*members, at], touched.union(*(numbers for _, numbers in near))))
    return [Part([groups[at] for at in sorted(members)], numbers) for members, numbers in parts]


def _calls(group: Group) -> Iterator[LayerCall]:
    """The layers of the violations and wishes of repairs."""
    for one in group:
        yield one.violation.at
        for wish in one.wishes:
            yield wish.call
            if isinstance(wish, (MoveBefore, MoveAfter)):
                yield wish.anchor.call


def _places(call: LayerCall) -> Iterator[Site]:
    yield call.place
    if call.constructed is not None:
        yield call.constructed
