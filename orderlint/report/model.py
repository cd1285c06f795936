"""A built model as a tree of its layers, with misplaced layers marked.

    net  model.keras
    ├─ source   Input
    ├─ encoder
    │  ├─ fc    Dense → ReLU
    │  ╰─ bn    BatchNormalization   ORD001 norm after activation
    ╰─ head     Dense

In large trees, layers far from any mark are left out. `orderlint graph` draws all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from rich.cells import cell_len
from rich.text import Text

from orderlint.diagnostics import Finding, Severity
from orderlint.graph import LayerCall, LayerGraph
from orderlint.records import record
from orderlint.report.terminal import UNICODE, Glyphs, safe
from orderlint.report.theme import written

__all__ = ["render", "renderables"]

_LARGE = 60  # rows; a larger tree only shows marked rows and those near them
_BETWEEN = 3  # columns between the name of a layer and its steps
_NEAR = 3  # rows before and after a marked row, and at each end
_WIDEST = 48  # cells of the column with names


@record(slots=True)
class _Row:
    """One row: a layer or function, or a model or block that contains others."""

    name: str
    depth: int
    call: LayerCall | None = None
    lanes: list[bool] = field(default_factory=list)  # by depth: whether a branch goes on below
    marks: Sequence[Finding] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the layer, including an inline activation; none for a model or block."""
        return tuple(step.name for step in self.call.steps) if self.call else ()


def render(
    graph: LayerGraph,
    findings: Sequence[Finding],
    *,
    glyphs: Glyphs = UNICODE,
    color: bool = False,
    room: int | None = None,
) -> str:
    """The tree as text. If a row is too narrow, findings are shown below their layer."""
    return written(renderables(graph, findings, glyphs=glyphs, room=room), color=color)


def renderables(
    graph: LayerGraph, findings: Sequence[Finding], *, glyphs: Glyphs, room: int | None = None
) -> Iterator[Text]:
    """The rows of the tree, styled with the names of `theme.THEME`."""
    rows = _rows(graph, _by_layer(findings))
    _draw_lanes(rows)
    trees = [_tree(row, glyphs) for row in rows]
    width = min(max((cell_len(tree) for tree in trees), default=0), _WIDEST)
    if room is not None:
        chains = (cell_len(safe(glyphs.chain(row.steps))) for row in rows if row.steps)
        width = min(width, max(room - _BETWEEN - max(chains, default=0), 0))
    yield Text.assemble((safe(graph.name), "place"), f"  {safe(graph.place.location().path)}")
    shown = _shown(rows)
    previous = -1
    for number, (row, tree) in enumerate(zip(rows, trees, strict=True)):
        if number not in shown:
            continue
        if number > previous + 1:
            yield _gap(number - previous - 1, glyphs)
        previous = number
        yield from _lines(row, tree, width, glyphs, room)
    if previous < len(rows) - 1:
        yield _gap(len(rows) - 1 - previous, glyphs)


def _by_layer(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.location.layer or "", []).append(finding)
    return found


def _rows(graph: LayerGraph, marks: Mapping[str, Sequence[Finding]]) -> list[_Row]:
    """The calls in order, each below the models and blocks of its path."""
    rows: list[_Row] = []
    open_path: list[str] = []
    for call in graph.calls:
        path = call.place.location().layer or call.layer
        *groups, name = path.split("/")
        rows += [_Row(groups[depth], depth) for depth in range(_common(open_path, groups), len(groups))]
        open_path = groups
        rows.append(_Row(name, len(groups), call, marks=marks.get(path, ())))
    return rows


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    length = 0
    while length < min(len(left), len(right)) and left[length] == right[length]:
        length += 1
    return length


def _draw_lanes(rows: Sequence[_Row]) -> None:
    """Set, for each row, on which levels a branch continues below it."""
    below: list[bool] = []
    for row in reversed(rows):
        below = [*below[: row.depth + 1], *[False] * (row.depth + 1 - len(below))]
        row.lanes = list(below)
        below[row.depth] = True


def _tree(row: _Row, glyphs: Glyphs) -> str:
    lanes = "".join(f"{glyphs.vertical if goes_on else ' '}  " for goes_on in row.lanes[:-1])
    return f"{lanes}{glyphs.tee if row.lanes[-1] else glyphs.bottom}{glyphs.horizontal} {safe(row.name)}"


def _shown(rows: Sequence[_Row]) -> frozenset[int]:
    """The numbers of the rows to show."""
    if len(rows) <= _LARGE:
        return frozenset(range(len(rows)))
    shown = set(range(_NEAR)) | set(range(len(rows) - _NEAR, len(rows)))
    for number, row in enumerate(rows):
        if row.marks:
            shown |= set(range(max(0, number - _NEAR), min(len(rows), number + _NEAR + 1)))
            shown |= set(_holders(rows, number))
    return frozenset(shown)


def _holders(rows: Sequence[_Row], number: int) -> Iterator[int]:
    """The numbers of the rows of the models and blocks that contain a row."""
    depth = rows[number].depth
    while depth > 0 and number > 0:
        number -= 1
        if rows[number].call is None and rows[number].depth < depth:
            depth = rows[number].depth
            yield number


def _gap(count: int, glyphs: Glyphs) -> Text:
    return Text(f"{glyphs.elision}  {count} more", "key")


def _lines(row: _Row, tree: str, width: int, glyphs: Glyphs, room: int | None) -> Iterator[Text]:
    style = "pair" if row.marks else ""
    text = Text(tree, style)
    chain = safe(glyphs.chain(row.steps)) if row.steps else ""
    gap = " " * (max(width - cell_len(tree), 0) + _BETWEEN)
    lanes = "".join(f"{glyphs.vertical if goes_on else ' '}  " for goes_on in row.lanes)
    if chain and room is not None and text.cell_len + cell_len(gap + chain) > room:
        yield text
        text = Text(lanes, style).append(chain, style)
    elif chain:
        text.append(gap).append(chain, style)
    said = Text()
    for finding in row.marks:
        style = "warning" if finding.severity is Severity.WARNING else "error"
        said.append(f"   {finding.code} {finding.name.replace('-', ' ')}", style)
    if not row.marks or room is None or text.cell_len + said.cell_len <= room:
        yield text.append_text(said)
        return
    yield text
    yield Text(lanes, style).append_text(said[3:])
