"""The layer graph as JSON (version 1) and as a tree."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.cells import cell_len

from orderlint.diagnostics import Finding
from orderlint.graph import LayerCall, LayerGraph
from orderlint.graph.guards import ALWAYS
from orderlint.records import record
from orderlint.report.marks import marks
from orderlint.report.terminal import UNICODE, Glyphs, fitted, place, safe

__all__ = ["VERSION", "Row", "as_dict", "render_json", "render_tree", "rows"]

VERSION = 1
_DEEPEST = 12  # levels of branches; deeper branches are drawn below each other


def render_json(graphs: Sequence[LayerGraph], findings: Iterable[Finding] = ()) -> str:
    """The graphs as indented JSON text with a final newline."""
    return json.dumps(as_dict(graphs, findings), indent=2) + "\n"


def as_dict(graphs: Sequence[LayerGraph], findings: Iterable[Finding] = ()) -> dict[str, Any]:
    """The graphs as plain dicts, lists, strings and numbers. Calls with findings have their codes."""
    listed = list(findings)
    return {"version": VERSION, "graphs": [_graph(graph, marks(graph, listed)) for graph in graphs]}


def _graph(graph: LayerGraph, marked: Mapping[int, Sequence[Finding]]) -> dict[str, Any]:
    at = graph.place.location()
    return {
        "name": graph.name,
        "path": at.path,
        "line": at.line,
        "calls": [_call(call, marked.get(call.id, ())) for call in graph.calls],
        "edges": sorted([edge.source, edge.target] for edge in graph.edges),
    }


def _call(call: LayerCall, found: Sequence[Finding]) -> dict[str, Any]:
    at = call.applied.location()
    entry: dict[str, Any] = {
        "id": call.id,
        "layer": call.layer,
        "roles": [role.value for role in call.roles],
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "cell": at.cell,
    }
    if at.layer is not None:
        entry["layer_path"] = at.layer
    if found:
        entry["findings"] = sorted({finding.code for finding in found})
    return entry


def render_tree(
    graph: LayerGraph, findings: Iterable[Finding] = (), *, glyphs: Glyphs = UNICODE, room: int | None = None
) -> str:
    """The graph as plain text.

    Data flows downwards, branches are indented, `→ 7 Add` continues at call 7, and `^ ORD001 norm after activation`
    marks a finding. If there is not enough room, the marks are shown below their layers, then the roles are omitted,
    and then the places are shown below, too.
    """
    table = rows(graph, glyphs, marks(graph, findings))
    tree = max((cell_len(row.tree + row.name) for row in table), default=0)
    roles = max((len(row.roles) for row in table), default=0)
    lines = [f"{safe(graph.name)}  {place(graph.place.location())}"]
    whole = [_line(row, tree, roles) for row in table]
    if room is None or all(cell_len(line) <= room for line in whole):
        return "\n".join([*lines, *whole]) + "\n"
    return "\n".join([*lines, *(line for row in table for line in _narrow(row, tree, roles, room))]) + "\n"


def _narrow(row: Row, tree: int, roles: int, room: int) -> Iterator[str]:
    """A row in several lines. What does not fit beside the name is below it."""
    indent = " " * (len(row.tree) + len(row.name) - len(row.name.split(maxsplit=1)[1]))
    rows = [replace(row, mark=""), replace(row, roles="", mark="")]
    lines = [_line(rows[0], tree, roles), _line(rows[1], tree, 0)]
    fitting = [line for line in lines if cell_len(line) <= room]
    if fitting:
        yield fitting[0]
    else:
        yield f"{row.tree}{row.name}"
        yield indent + row.place
    if row.mark:
        yield fitted(indent + row.mark, room, indent + "  ")


def _line(row: Row, tree: int, roles: int) -> str:
    """A row with columns of given widths."""
    pad = " " * (tree - cell_len(row.tree + row.name))
    middle = f"{row.roles:<{roles}}  " if roles else ""
    where = f"{row.place}  {row.mark}" if row.mark else row.place
    return f"{row.tree}{row.name}{pad}  {middle}{where}".rstrip()


@record(frozen=True, slots=True)
class Row:
    """One row of a tree: the branches, the call, its roles, its place, and its findings."""

    tree: str
    name: str
    roles: str = ""
    place: str = ""
    mark: str = ""


def rows(graph: LayerGraph, glyphs: Glyphs, marked: Mapping[int, Sequence[Finding]] | None = None) -> list[Row]:
    """The rows of the tree of a graph, without its title."""
    drawn: list[Row] = []
    more: list[bool] = []  # by depth: whether another branch starts there below
    for depth, opens, body in reversed(list(_Tree(graph, glyphs, marked or {}).walk())):
        more = [*more[: depth + 1], *[False] * (depth + 1 - len(more))]
        tree = "".join(f"{glyphs.vertical if follows else ' '}  " for follows in more[: depth + (not opens)])
        if opens:
            tree += f"{glyphs.tee if more[depth] else glyphs.bottom}{glyphs.horizontal} "
            more[depth] = True
        drawn.append(replace(body, tree=tree))
    return drawn[::-1]


_Rows = Generator[tuple[int, bool, Row], None, list[LayerCall]]
"""Yields rows with their depth and whether they start a branch there; returns calls."""


class _Tree:
    """Walks through a graph once. A straight chain is one branch, and a fan-out starts branches one level deeper.

    A call with several inputs is drawn once, after the last of them, on the level where its branches meet.
    """

    def __init__(self, graph: LayerGraph, glyphs: Glyphs, marked: Mapping[int, Sequence[Finding]]) -> None:
        self._graph = graph
        self._marked = marked
        self._glyphs = glyphs
        self._waiting = {call.id: len(graph.producers(call)) for call in graph.calls}
        self._digits = len(str(max(self._waiting, default=0)))
        self._drawn: dict[int, int] = {}  # call id -> how many were drawn before it

    def walk(self) -> _Rows:
        return self._level([call for call in self._graph.calls if not self._graph.producers(call)], 0)

    def _level(self, starts: Sequence[LayerCall], depth: int) -> _Rows:
        """The rows from `starts` on. It returns the calls whose inputs are drawn, but which are on an outer level."""
        first = len(self._drawn)
        outer: list[LayerCall] = []
        ready = [(call, True) for call in reversed(starts)]
        while ready:
            call, opens = ready.pop()
            yield depth, opens, self._row(call)
            self._drawn[call.id] = len(self._drawn)
            own, others = self._followers(call, first)
            is_fork = len(own) + len(others) > 1
            for other in others:
                yield depth + is_fork, is_fork, Row("", f"{self._glyphs.arrow} {other.id} {safe(other.layer)}")
            outer += [other for other in others if not self._waiting[other.id]]
            crowded = len(own) > 1 and depth >= _DEEPEST
            if len(own) > 1 and not crowded:
                own = yield from self._branches(own, depth)
            outer += [call for call in own if not self._belongs(call, first)]
            ready += [(call, crowded) for call in reversed(own) if self._belongs(call, first)]
        return outer

    def _branches(self, starts: Sequence[LayerCall], depth: int) -> _Rows:
        met: list[LayerCall] = []
        for start in starts:
            met += yield from self._level([start], depth + 1)
        return met

    def _followers(self, call: LayerCall, first: int) -> tuple[list[LayerCall], list[LayerCall]]:
        """The consumers that can be drawn below `call` on its level, and those that are drawn elsewhere."""
        followers = [self._graph.calls[edge.target] for edge in self._graph.consumers(call)]
        for follower in followers:
            self._waiting[follower.id] -= 1
        own = [other for other in followers if not self._waiting[other.id] and self._belongs(other, first)]
        return own, [other for other in followers if other not in own]

    def _belongs(self, call: LayerCall, first: int) -> bool:
        """Whether all inputs of `call` were drawn on the level that began after `first` calls, or deeper."""
        return all(self._drawn[edge.source] >= first for edge in self._graph.producers(call))

    def _row(self, call: LayerCall) -> Row:
        name = call.layer if len(call.steps) < 2 else f" {self._glyphs.arrow} ".join(step.name for step in call.steps)
        roles = ", ".join(role.value for role in call.roles)
        if call.guard is not ALWAYS:
            roles += " (on some paths)"
        found = {f"{one.code} {one.name.replace('-', ' ')}": None for one in self._marked.get(call.id, ())}
        mark = f"^ {', '.join(found)}" if found else ""
        return Row("", f"{call.id:<{self._digits}} {safe(name)}", roles, place(call.applied.location()), mark)
