"""Compares two versions of a file line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from orderlint.graph import Location
from orderlint.records import record
from orderlint.text.cells import Cell
from orderlint.text.decoding import NEWLINE
from orderlint.text.files import SourceFile

__all__ = ["Changed", "of_cells", "of_hunks"]

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
Line = tuple[int, int]
"""A cell (0 outside notebooks), and a line in it."""


@record(frozen=True, slots=True)
class Changed:
    """The changes in a file.

    Attributes:
        is_new: Whether the whole file is new.
        lines: The lines that are new or changed.
        gaps: The lines after which other lines were removed.
    """

    is_new: bool = False
    lines: frozenset[Line] = frozenset()
    gaps: frozenset[Line] = frozenset()

    def touches(self, places: Sequence[Location]) -> bool:
        """Whether a line of a location has changed, or lines between the locations were removed."""
        if self.is_new or any((at.cell or 0, line) in self.lines for at in places for line in _lines(at)):
            return True
        if not self.gaps:
            return False
        ends = [(at.cell or 0, line) for at in places for line in (at.line, max(at.line, at.end_line))]
        return any(min(ends) <= gap < max(ends) for gap in self.gaps)


def of_hunks(diff: bytes) -> Changed:
    """Parse a diff of Git without context."""
    lines: set[Line] = set()
    gaps: set[Line] = set()
    for match in _HUNK.finditer(diff):
        first, count = int(match[1]), int(match[2] or 1)
        lines.update((0, line) for line in range(first, first + count))
        if not count:
            gaps.add((0, first))
    return Changed(lines=frozenset(lines), gaps=frozenset(gaps))


def of_cells(before: SourceFile, after: SourceFile) -> Changed:
    """The changes in the lines of code, over all cells.

    Whole cells are compared first, because the time for lines grows with the square of their number.
    """
    numbered = [_numbered(cell) for cell in after.cells]
    old = [NEWLINE.split(cell.raw) for cell in before.cells]
    new = [[line for _, line in some] for some in numbered]
    lines: set[Line] = set()
    gaps: set[Line] = set()
    for first, last, start, end in _different([*map(tuple, old)], [*map(tuple, new)]):
        left = [line for cell in old[first:last] for line in cell]
        right = [line for cell in new[start:end] for line in cell]
        places = [at for some in numbered[start:end] for at, _ in some]
        above = [at for some in numbered[:start] for at, _ in some][-1:]
        for _, _, begin, stop in _different(left, right):
            lines.update(places[begin:stop])
            if begin == stop:
                gaps.update((above + places[:begin])[-1:])
    return Changed(lines=frozenset(lines), gaps=frozenset(gaps))


def _different(old: Sequence[object], new: Sequence[object]) -> Iterator[tuple[int, int, int, int]]:
    """The differences of two sequences: from and to in the old one, from and to in the new one."""
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for what, first, last, start, end in middle.get_opcodes():
        if what != "equal":
            yield head + first, head + last, head + start, head + end


def _lines(at: Location) -> range:
    return range(at.line, max(at.line, at.end_line) + 1)


def _numbered(cell: Cell) -> list[tuple[Line, str]]:
    return [((cell.number or 0, number), line) for number, line in enumerate(NEWLINE.split(cell.raw), 1)]
