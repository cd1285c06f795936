"""The findings with their code: both layers of the pair marked, the chain as found and as recommended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from orderlint.diagnostics import Finding, Repair, RepairKind, Report, Severity
from orderlint.graph import Location
from orderlint.report.formats import Use
from orderlint.report.frame import Mark, draw
from orderlint.report.terminal import Glyphs, place, safe
from orderlint.report.theme import written
from orderlint.report.view import LineSource, View

__all__ = ["USE", "render", "renderables"]

USE = Use.READING

_KIND_WORDS = {
    RepairKind.EQUIVALENT: "equivalent",
    RepairKind.SAME_INFERENCE: "same-inference: old weights keep their predictions",
    RepairKind.CHANGES_MODEL: "changes-model: old weights may load and give wrong outputs",
}


def render(report: Report, view: View) -> str:
    """The findings as text, an empty line after each."""
    return written(renderables(report, view), colour=view.colour, width=view.width)


def renderables(report: Report, view: View) -> Iterator[Text]:
    """The rows of the findings, each styled with the names of `THEME`; an empty row after each finding."""
    for finding in report.findings:
        yield from _finding(finding, view.lines, view.width, view.glyphs)
        yield Text()


def _finding(finding: Finding, lines: LineSource, width: int, glyphs: Glyphs) -> Iterator[Text]:
    style = "warning" if finding.severity is Severity.WARNING else "error"
    yield from _headline(finding, style, width, glyphs)
    marks = _marks(finding, style, glyphs)
    groups = _by_text(marks, lines)
    gutter = max((len(str(mark.location.end_line)) for group, _ in groups for mark in group), default=1)
    yield _head(finding.location, glyphs.top, "place", gutter, glyphs)
    for group, text in groups:
        if group[0] is not marks[0]:
            yield _head(group[0].location, glyphs.tee, "", gutter, glyphs)
        yield _gutter(gutter, glyphs)
        yield from draw(group, text, glyphs, width, gutter)
        yield _gutter(gutter, glyphs)
    drawn = {id(mark) for group, _ in groups for mark in group}
    unseen = [mark for mark in marks[1:] if id(mark) not in drawn]
    yield from _notes(finding, unseen, gutter, width, glyphs)


def _head(location: Location, corner: str, style: str, gutter: int, glyphs: Glyphs) -> Text:
    return Text.assemble(" " * (gutter + 1), (f"{corner}{glyphs.horizontal} ", "frame"), (place(location), style))


def _headline(finding: Finding, style: str, width: int, glyphs: Glyphs) -> Iterator[Text]:
    text = Text.assemble((finding.code, style), f" {glyphs.spell(safe(finding.message))}")
    for number, row in enumerate(_wrap(text, width - (0 if width < 40 else 2))):
        yield row if number == 0 else Text("  ").append_text(row)


def _wrap(text: Text, width: int) -> list[Text]:
    rows = list(text.wrap(Console(width=width), max(width, 20)))
    for row in rows:
        row.rstrip()
    return rows


def _marks(finding: Finding, style: str, glyphs: Glyphs) -> list[Mark]:
    """The finding's own place first, then the related ones that stand elsewhere."""
    marks = [Mark(finding.location, finding.name.replace("-", " "), style, "^")]
    for related in finding.related:
        if related.location != finding.location:
            marks.append(Mark(related.location, glyphs.spell(safe(related.message)), "pair"))
    return marks


def _by_text(marks: Sequence[Mark], lines: LineSource) -> list[tuple[list[Mark], Sequence[str]]]:
    """The marks with code to show, in groups of one text each (file, or cell of a notebook), the first's first."""
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


def _gutter(gutter: int, glyphs: Glyphs) -> Text:
    return Text(" " * (gutter + 1) + glyphs.vertical, "frame")


def _notes(finding: Finding, unseen: Sequence[Mark], gutter: int, width: int, glyphs: Glyphs) -> Iterator[Text]:
    """The rows under the frame: places without code, the chains, the repair."""
    notes = [("also", Text.assemble((mark.label, "pair"), f": {place(mark.location)}")) for mark in unseen]
    if finding.chain:
        notes.append(("found", _chain(finding.chain, finding.recommended, "error", glyphs)))
    if finding.recommended:
        notes.append(("recommended", _chain(finding.recommended, finding.chain, "good", glyphs)))
    if finding.repair is not None:
        notes.append(("repair", Text(glyphs.spell(safe(_repair(finding.repair))))))
    for index, (key, body) in enumerate(notes):
        last = index == len(notes) - 1
        indent = gutter + 1 + 3 + 13
        for number, row in enumerate(_wrap(body, width - indent)):
            start = (glyphs.bottom if last else glyphs.tee) + glyphs.horizontal if number == 0 else ""
            if number and not last:
                start = glyphs.vertical
            yield Text.assemble(
                " " * (gutter + 1), (f"{start:<3}", "frame"), (f"{key if number == 0 else '':<13}", "key"), row
            )


def _chain(names: tuple[str, ...], other: tuple[str, ...], style: str, glyphs: Glyphs) -> Text:
    """The chain with the part in which it differs from `other` in colour."""
    first = 0
    while first < min(len(names), len(other)) and names[first] == other[first]:
        first += 1
    last = 0
    while last < min(len(names), len(other)) - first and names[-1 - last] == other[-1 - last]:
        last += 1
    text = Text()
    for index, name in enumerate(names):
        if index:
            text.append(f" {glyphs.arrow} ", "key")
        text.append(safe(name), style if other and first <= index < len(names) - last else "")
    return text


def _repair(repair: Repair) -> str:
    """`move … (changes-model: …)`, or why there is none."""
    if not repair.available:
        return f"none: {repair.reason}" if repair.reason else "none"
    words = _KIND_WORDS[repair.kind] if repair.kind is not None else ""
    return f"{repair.title} ({words})" if repair.title else words
