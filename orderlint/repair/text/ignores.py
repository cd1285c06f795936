"""Writes suppression comments for findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from orderlint.diagnostics import Edit, Finding
from orderlint.records import record
from orderlint.repair.text.drafts import apply_edits
from orderlint.text.cells import Cell
from orderlint.text.decoding import NEWLINE
from orderlint.text.files import FileKind, SourceFile
from orderlint.text.lines_with_room import Lines, lines_of

__all__ = ["Ignored", "with_ignores"]

_OURS = re.compile(r"#\s*orderlint\s*:\s*ignore\s*\[(?P<codes>[^\]#]*)\]", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,]+")


@record(frozen=True, slots=True)
class Ignored:
    """A text with new suppression comments.

    Attributes:
        text: The text of the whole file.
        num_comments: How many edits were made.
        left: The findings for which there was no place.
    """

    text: str
    num_comments: int
    left: tuple[Finding, ...]


def with_ignores(file: SourceFile, findings: Sequence[Finding]) -> Ignored:
    """The text of a file with a comment for each of some findings in it.

    The comment is on the first line of the reported expression that can have one. If there is an `ignore` comment, the
    code is added to it. If no line can have a comment, `disable` and `enable` comments are put around the statement.

    Args:
        file: The file.
        findings: Findings in it.
    """
    by_cell: dict[int | None, list[Finding]] = {}
    for finding in findings:
        by_cell.setdefault(finding.location.cell, []).append(finding)
    left: list[Finding] = []
    edits: dict[int | None, list[Edit]] = {}
    for number, some in by_cell.items():
        found = _cell_edits(file.cell(number), some, file.newline)
        if found is None:
            left += some
        else:
            edits[number] = found
    return Ignored(_applied(file, edits), sum(map(len, edits.values())), tuple(left))


def _applied(file: SourceFile, edits: dict[int | None, list[Edit]]) -> str:
    if file.kind is FileKind.PYTHON:
        return apply_edits(file.text, edits.get(None, ()))
    from orderlint.text.notebook import replace_sources

    sources = {number: apply_edits(file.cell(number).raw, some) for number, some in edits.items() if number is not None}
    return replace_sources(file.text, sources)


def _cell_edits(cell: Cell, findings: Sequence[Finding], newline: str) -> list[Edit] | None:
    """The edits that write the comments; `None` if they would change more than comments."""
    before = lines_of(cell.text)
    if before is None:
        return None
    ends: dict[int, set[str]] = {}
    around: dict[tuple[int, int], set[str]] = {}
    for finding in findings:
        at = finding.location
        line = _line(before, cell, at.line, max(at.line, at.end_line))
        if line is not None:
            ends.setdefault(line, set()).add(finding.code)
        else:
            around.setdefault(before.statements.get(at.line, (at.line, at.line)), set()).add(finding.code)
    edits = [_at_end(cell, before, line, codes) for line, codes in ends.items()]
    edits += (edit for lines, codes in around.items() for edit in _around(cell, before, lines, codes, newline))
    after = lines_of(apply_edits(cell.text, edits))
    return edits if after is not None and after.code == before.code else None


def _line(lines: Lines, cell: Cell, first: int, last: int) -> int | None:
    """The line of an expression for the comment: one with such a comment, or else the first that can have one."""
    raw = NEWLINE.split(cell.raw) if cell.raw is not cell.text else None
    open_ones = [
        number
        for number in range(first, min(last, len(lines.lines)) + 1)
        if number not in lines.closed and (raw is None or raw[number - 1 : number] == [lines.lines[number - 1]])
    ]
    ours = (number for number in open_ones if _OURS.search(_comment(lines, number)))
    return next(ours, open_ones[0] if open_ones else None)


def _comment(lines: Lines, number: int) -> str:
    column = lines.comments.get(number)
    return "" if column is None else lines.lines[number - 1][column - 1 :]


def _at_end(cell: Cell, lines: Lines, number: int, codes: Iterable[str]) -> Edit:
    line = lines.lines[number - 1]
    start = cell.lines.offset(number, 1)
    column = lines.comments.get(number)
    ours = _OURS.search(line, column - 1) if column is not None else None
    if ours is not None:
        known = [word for word in _SPLIT.split(ours["codes"]) if word]
        merged = ", ".join([*known, *(code for code in sorted(codes) if code not in known)])
        return Edit(start + ours.start("codes"), start + ours.end("codes"), merged, cell.number)
    kept = len(line.rstrip())
    return Edit(start + kept, start + len(line), f"  # orderlint: ignore[{', '.join(sorted(codes))}]", cell.number)


def _around(cell: Cell, lines: Lines, statement: tuple[int, int], codes: Iterable[str], newline: str) -> Iterator[Edit]:
    """A `disable` above a statement and an `enable` below it."""
    first, last = statement
    line = lines.lines[first - 1]
    indent = line[: len(line) - len(line.lstrip())]
    listed = f"[{', '.join(sorted(codes))}]"
    newline = "\n" if cell.number is not None else newline
    start = cell.lines.offset(first, 1)
    yield Edit(start, start, f"{indent}# orderlint: disable{listed}{newline}", cell.number)
    end = cell.lines.offset(last, len(lines.lines[last - 1]) + 1)
    yield Edit(end, end, f"{newline}{indent}# orderlint: enable{listed}", cell.number)
