"""The content of a picture of a layer graph: boxes, arrows and marks. Parts of large models are folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from orderlint.diagnostics import Finding
from orderlint.graph import LayerCall, LayerGraph, Role
from orderlint.records import record
from orderlint.report.marks import marks
from orderlint.report.terminal import place, safe

__all__ = ["Box", "Picture", "picture_of"]

_LARGE = 60  # boxes; in a larger picture, boxes far from any mark are folded; without marks, all except the ends
_NEAR = 3  # arrows from a mark to the farthest boxes that are not folded; layers at each end


@record(frozen=True, slots=True)
class Box:
    """A call of a layer, or several folded calls.

    Attributes:
        title: The steps of the layer: `Conv2D → ReLU`.
        note: Its path in a built model or its line in the source code, and the rate of a dropout.
        style: The role that determines its color; `folded` for folded calls.
        marks: Its findings, in a few words each.
    """

    title: str
    note: str
    style: str
    marks: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Picture:
    """Boxes, and arrows between their indices. Arrows lead from lower to higher indices."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int], ...]


def picture_of(graph: LayerGraph, findings: Iterable[Finding] = (), *, folds: bool = True) -> Picture:
    """The picture of a graph.

    Args:
        graph: The graph.
        findings: The findings to mark in it.
        folds: Whether to fold boxes far from any mark in a large graph; without marks, all except the ends.
    """
    marked = _marks(graph, findings)
    order = _sorted(graph)
    shown = set(order)
    if folds and len(order) > _LARGE:
        shown = _near(graph, marked) if marked else {*order[:_NEAR], *order[-_NEAR:]}
    groups = _in_order(graph, list(_groups(graph, order, shown)))
    index = {call: number for number, group in enumerate(groups) for call in group}
    boxes = [
        _box(graph.calls[group[0]], marked.get(group[0], ())) if group[0] in shown else _folded(len(group))
        for group in groups
    ]
    arrows = {(index[edge.source], index[edge.target]) for edge in graph.edges}
    return Picture(
        safe(f"{graph.name}  {place(graph.place.location())}"),
        tuple(boxes),
        tuple(sorted(arrow for arrow in arrows if arrow[0] != arrow[1])),
    )


def _in_order(graph: LayerGraph, groups: Sequence[list[int]]) -> list[list[int]]:
    """The groups, sorted so that each follows those that feed it."""
    home = {call: number for number, group in enumerate(groups) for call in group}
    onward: dict[int, set[int]] = {number: set() for number in range(len(groups))}
    for edge in graph.edges:
        if home[edge.source] != home[edge.target]:
            onward[home[edge.source]].add(home[edge.target])
    waiting = Counter(target for targets in onward.values() for target in targets)
    ready = [number for number in reversed(range(len(groups))) if not waiting[number]]
    ordered = []
    while ready:
        number = ready.pop()
        ordered.append(groups[number])
        for target in sorted(onward[number], reverse=True):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ordered


def _marks(graph: LayerGraph, findings: Iterable[Finding]) -> Mapping[int, tuple[str, ...]]:
    return {
        call: tuple(dict.fromkeys(f"{one.code} {one.name.replace('-', ' ')}" for one in found))
        for call, found in marks(graph, findings).items()
    }


def _sorted(graph: LayerGraph) -> list[int]:
    """The calls, sorted so that each follows those that feed it."""
    waiting = {call.id: len(graph.producers(call)) for call in graph.calls}
    ready = [call.id for call in reversed(graph.calls) if not waiting[call.id]]
    order = []
    while ready:
        order.append(ready.pop())
        for edge in reversed(graph.consumers(graph.calls[order[-1]])):
            waiting[edge.target] -= 1
            if not waiting[edge.target]:
                ready.append(edge.target)
    return order


def _near(graph: LayerGraph, marks: Iterable[int]) -> set[int]:
    near = frontier = set(marks)
    for _ in range(_NEAR):
        calls = [graph.calls[call] for call in frontier]
        around = {edge.source for call in calls for edge in graph.producers(call)}
        frontier = (around | {edge.target for call in calls for edge in graph.consumers(call)}) - near
        near = near | frontier
    return near


def _groups(graph: LayerGraph, order: Sequence[int], shown: set[int]) -> Iterator[list[int]]:
    """Groups of calls: each shown call alone, and folded calls that come after the same shown calls together.

    So no arrow can lead out of a group and back into it.
    """
    behind: dict[int, frozenset[int]] = {}
    folded: dict[frozenset[int], list[int]] = {}
    groups: list[list[int]] = []
    for call in order:
        above = [edge.source for edge in graph.producers(graph.calls[call])]
        sets = [behind[one] | ({one} if one in shown else set()) for one in above]
        behind[call] = frozenset().union(*sets)
        if call in shown:
            groups.append([call])
        elif behind[call] in folded:
            folded[behind[call]].append(call)
        else:
            groups.append(folded.setdefault(behind[call], [call]))
    yield from groups


def _box(call: LayerCall, marks: tuple[str, ...]) -> Box:
    at = call.applied.location()
    title = " → ".join(step.name for step in call.steps) or call.layer
    roles = [role for role in call.roles if role is not Role.PASS]
    style = roles[0].value if roles else Role.PASS.value
    note = at.layer or (f"line {at.line}" if at.cell is None else f"cell {at.cell}, line {at.line}") * bool(at.line)
    rate = call.facts.get("rate")
    notes = [note, f"rate {rate:g}" if isinstance(rate, (int, float)) else ""]
    return Box(safe(title), safe(", ".join(filter(None, notes))), style, marks)


def _folded(count: int) -> Box:
    return Box(f"… {count} more", "", "folded")
