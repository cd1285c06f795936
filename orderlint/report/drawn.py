"""The findings with their code. Both layers are marked, and the current and the recommended chain follow.

If a rule has many findings, only the first ones are drawn completely. The others omit what is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from orderlint.diagnostics import Finding, Repair, Report, Severity
from orderlint.graph import Location
from orderlint.report.blocks import Block, blocks
from orderlint.report.frame import Mark, draw
from orderlint.report.terminal import place, safe
from orderlint.report.theme import ticked, written
from orderlint.report.view import LineSource, View

__all__ = ["render", "renderables", "wrapped"]

_CELL = re.compile(r"(:cell) (?=\d)")
_BOUND = "\ue000"  # a private-use character, for a space at which rows are not wrapped


def render(report: Report, view: View) -> str:
    """The findings as text, with an empty line after each complete drawing."""
    return written(renderables(report, view), color=view.color, width=view.width)


def renderables(report: Report, view: View) -> Iterator[Text]:
    """The rows of the findings, each styled with the names of `THEME`."""
    for block in blocks(report.findings):
        if view.history.is_enough(block):
            view.history.is_brief = True
            yield from _brief(block, view)
            continue
        if view.history.is_brief:
            view.history.is_brief = False
            yield Text()
        yield from _whole(block, view)
        yield Text()


# -- a block drawn whole -------------------------------------------------------------------------------------------


def _whole(block: Block, view: View) -> Iterator[Text]:
    glyphs = view.glyphs
    for finding in block.findings:
        yield from _headline(finding, view)
    marks = _marks(block, view)
    groups = _by_text(marks, view.lines)
    gutter = max((len(str(mark.location.end_line)) for group, _ in groups for mark in group), default=1)
    yield _head(block.location, glyphs.top, "place", gutter, view)
    for group, text in groups:
        if group[0] is not marks[0]:
            yield _head(group[0].location, glyphs.tee, "", gutter, view)
        yield _gutter(gutter, view)
        yield from draw(group, text, glyphs, view.width, gutter)
        yield _gutter(gutter, view)
    drawn = {id(mark) for group, _ in groups for mark in group}
    yield from _notes(block.first, [mark for mark in marks[1:] if id(mark) not in drawn], gutter, view)


def _style(severity: Severity) -> str:
    return "warning" if severity is Severity.WARNING else "error"


def _head(location: Location, corner: str, style: str, gutter: int, view: View) -> Text:
    return Text.assemble(" " * (gutter + 1), (f"{corner}{view.glyphs.horizontal} ", "frame"), (place(location), style))


def _headline(finding: Finding, view: View) -> Iterator[Text]:
    text = Text.assemble((finding.code, _style(finding.severity)), " ", _words(finding.message, view))
    for number, row in enumerate(wrapped(text, view.width - (0 if view.width < 40 else 2))):
        yield row if number == 0 else Text("  ").append_text(row)


def _words(text: str, view: View) -> Text:
    """A message. If there are colors, text in backticks has its own style."""
    return ticked(view.glyphs.spell(safe(text)), color=view.color)


def wrapped(text: Text, width: int) -> list[Text]:
    """The text in rows of at most `width` columns, without trailing spaces. `:cell 3` is not wrapped."""
    width = max(width, 20)
    text = text.copy()
    if text.cell_len <= width and not {"\n", "\t"}.intersection(text.plain):
        rows = [text]
    else:
        text.plain = _CELL.sub(rf"\1{_BOUND}", text.plain)
        rows = list(text.wrap(Console(width=width), width))
    for row in rows:
        row.plain = row.plain.replace(_BOUND, " ")
        row.rstrip()
    return rows


def _marks(block: Block, view: View) -> list[Mark]:
    """The place of the findings, then the related places."""
    marks = [Mark(block.location, block.label, _style(block.severity), "^")]
    marks += [Mark(related.location, _words(related.message, view).plain, "pair") for related in block.related]
    return marks


def _by_text(marks: Sequence[Mark], lines: LineSource) -> list[tuple[list[Mark], Sequence[str]]]:
    """The marks with code to show, grouped by their text (a file, or a cell of a notebook)."""
    groups: dict[tuple[str, int | None], tuple[list[Mark], Sequence[str]]] = {}
    for mark in marks:
        at = mark.location
        key = (at.path, at.cell)
        if key in groups:
            text: Sequence[str] | None = groups[key][1]
        else:
            text = lines(at) if at.line else None
        if text is not None and 0 < at.line <= at.end_line <= len(text):
            groups.setdefault(key, ([], text))[0].append(mark)
    return list(groups.values())


def _gutter(gutter: int, view: View) -> Text:
    return Text(" " * (gutter + 1) + view.glyphs.vertical, "frame")


def _notes(finding: Finding, unseen: Sequence[Mark], gutter: int, view: View) -> Iterator[Text]:
    """The rows below the frame: places without code, the chains, and the repair."""
    glyphs = view.glyphs
    notes = [("also", Text.assemble((mark.label, "pair"), f": {place(mark.location)}")) for mark in unseen]
    if finding.chain:
        notes.append(("found", _chain(finding.chain, finding.recommended, "error", view)))
    if finding.recommended:
        notes.append(("recommended", _chain(finding.recommended, finding.chain, "good", view)))
    if finding.repair is not None:
        notes.append(("repair", _words(_repair(finding.repair), view)))
    for index, (key, body) in enumerate(notes):
        last = index == len(notes) - 1
        indent = gutter + 1 + 3 + 13
        for number, row in enumerate(wrapped(body, view.width - indent)):
            start = (glyphs.bottom if last else glyphs.tee) + glyphs.horizontal if number == 0 else ""
            if number and not last:
                start = glyphs.vertical
            yield Text.assemble(
                " " * (gutter + 1), (f"{start:<3}", "frame"), (f"{key if number == 0 else '':<13}", "key"), row
            )


def _chain(names: tuple[str, ...], other: tuple[str, ...], style: str, view: View) -> Text:
    """The chain. The part that differs from `other` has a style."""
    first = 0
    while first < min(len(names), len(other)) and names[first] == other[first]:
        first += 1
    last = 0
    while last < min(len(names), len(other)) - first and names[-1 - last] == other[-1 - last]:
        last += 1
    text = Text()
    for index, name in enumerate(names):
        if index:
            text.append(f" {view.glyphs.arrow} ", "key")
        text.append(safe(name), style if other and first <= index < len(names) - last else "")
    return text


def _repair(repair: Repair, none: str = "none") -> str:
    """`move ... (changes-model)`, or the reason why there is none. The summary explains the kinds."""
    if not repair.available:
        return f"{none}: {repair.reason}" if repair.reason else none
    kind = repair.kind.value if repair.kind is not None else ""
    return f"{repair.title} ({kind})" if repair.title else kind


# -- a block in two or three rows ----------------------------------------------------------------------------------


def _brief(block: Block, view: View) -> Iterator[Text]:
    """The place and message, the line of code, and the chain and repair if they are new."""
    at, glyphs = block.location, view.glyphs
    width = view.width - 2
    apart, where = _opening(block, view, width)
    yield from apart
    text = view.lines(at) if at.line else None
    line = safe(text[at.line - 1].strip().expandtabs(4)) if text is not None and at.line <= len(text) else None
    gutter = len(str(at.line))
    room = view.width - gutter - 5
    # The other lines belong to the message: after the code, they would look like a part of it.
    for number, row in enumerate(wrapped(where + _elsewhere(block), width)):
        yield Text("  ").append_text(row) if number or apart else row
    if line is not None:
        shown = line if cell_len(line) <= room else set_cell_size(line, room - len(glyphs.more)) + glyphs.more
        yield Text.assemble((f"  {at.line} {glyphs.vertical} ", "frame"), (shown, "code"))
    if view.history.is_new(block) and (rest := _rest(block, view)):
        start = "  " + " " * gutter
        for number, row in enumerate(wrapped(rest, view.width - gutter - 7)):
            sign = f" {glyphs.bottom}{glyphs.horizontal} " if number == 0 else " " * 4
            yield Text.assemble(start, (sign, "frame"), row)


def _opening(block: Block, view: View, width: int) -> tuple[list[Text], Text]:
    """The rows above the message, and the message. A location that fits no row is above it, all others begin it.

    A location is never divided, so that it can be copied, and terminals can make a link of it.
    """
    where, message = Text(place(block.location), "place"), Text()
    for finding in block.findings:
        message.append(" ").append(finding.code, _style(finding.severity))
        message.append(" ").append_text(_words(finding.message, view))
    return ([where], message[1:]) if where.cell_len > width else ([], where + message)


def _elsewhere(block: Block) -> Text:
    """The places of the other layers, none of which is wrapped; empty if all are in the line that is shown."""
    at = block.location
    others = [one.location for one in block.related]
    near = [_near(one, at) for one in others if not at.line or _line(one) != _line(at)]
    return Text(f" (see{_BOUND}{', '.join(one.replace(' ', _BOUND) for one in near)})" if near else "", "key")


def _line(at: Location) -> tuple[str, int | None, int]:
    return at.path, at.cell, at.line


def _near(other: Location, at: Location) -> str:
    """A related place, without what it has in common with the place of the finding."""
    if other.path != at.path or not other.line:
        return place(other)
    return f"line {other.line}" if other.cell == at.cell else f"line {other.line} of cell {other.cell}"


def _rest(block: Block, view: View) -> Text:
    finding = block.first
    parts = []
    if finding.chain:
        parts.append(_chain(finding.chain, finding.recommended, "error", view))
    if finding.repair is not None:
        parts.append(_words(_repair(finding.repair, none="no repair"), view))
    return Text("; ").join(parts)
