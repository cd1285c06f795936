"""Code frames: source lines with marks below them.

    5 │     x = layers.Activation("relu")(x)
      │         ---------------------------- activation applied here
    6 │     x = layers.BatchNormalization()(x)
      │         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ norm after activation

A mark that spans several lines stands as a bracket in a lane of its own, left of the code. Measures are in
terminal cells: tabs are expanded and wide characters take two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rich.cells import cell_len
from rich.text import Text

from orderlint.graph import Location
from orderlint.records import record
from orderlint.report.terminal import Glyphs, safe

__all__ = ["Mark", "draw"]

_TAB = 4
_NEAR = 2  # gaps of so many unmarked lines are shown rather than elided
_TALL = 6  # a bracket over more lines than this is elided in the middle


@record(frozen=True, slots=True)
class Mark:
    """A place to mark in one text.

    Attributes:
        location: Lines and columns from 1, columns in code points, the end exclusive.
        label: What to write beside it.
        style: A rich style.
        sign: The underlining character, `^` for the main mark.
    """

    location: Location
    label: str
    style: str
    sign: str = "-"

    @property
    def is_tall(self) -> bool:
        return self.location.end_line > self.location.line


@record(frozen=True, slots=True)
class _Line:
    """One source line made ready for the terminal. `cells[i]` is where its i-th code point starts."""

    text: str
    cells: tuple[int, ...]

    def cell(self, column: int) -> int:
        return self.cells[min(max(column - 1, 0), len(self.cells) - 1)]

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def _prepare(line: str) -> _Line:
    shown, cells, at = [], [0], 0
    for character in safe(line.rstrip("\r\n")):
        piece = " " * (_TAB - at % _TAB) if character == "\t" else character
        shown.append(piece)
        at += cell_len(piece)
        cells.append(at)
    return _Line("".join(shown), tuple(cells))


def draw(marks: Sequence[Mark], lines: Sequence[str], glyphs: Glyphs, width: int, gutter: int) -> Iterator[Text]:
    """The rows of a frame.

    Args:
        marks: Marks in `lines`; at least one.
        lines: The whole text, line by line.
        glyphs: The characters to draw with.
        width: The cells of a row.
        gutter: The cells of the line number column.
    """
    frame = _Frame([_apart(mark, marks, lines) for mark in marks], lines, glyphs, width, gutter)
    previous = None
    for number in frame.numbers():
        if previous is not None and number > previous + 1:
            yield frame.elision(previous)
        yield from frame.rows(number)
        previous = number


def _apart(mark: Mark, marks: Sequence[Mark], lines: Sequence[str]) -> Mark:
    """`mark`, ended before the first mark inside it: of `BatchNormalization()(ReLU()(x))` the outer call alone."""
    at = mark.location
    begin, end = (at.line, at.column), (at.end_line, at.end_column)
    inner = [other.location for other in marks if begin < (other.location.line, other.location.column) < end]
    if not inner:
        return mark
    stop = min(inner)
    line, column = stop.line, stop.column
    while (line, column) > begin:
        before = lines[line - 1][: column - 1].rstrip(" \t(\\")
        if before:
            break
        line, column = line - 1, len(lines[line - 2]) + 1
    else:
        return mark
    return replace(mark, location=replace(at, end_line=line, end_column=len(before) + 1))


class _Frame:
    def __init__(self, marks: Sequence[Mark], lines: Sequence[str], glyphs: Glyphs, width: int, gutter: int) -> None:
        self._flat = [mark for mark in marks if not mark.is_tall]
        tall = [mark for mark in marks if mark.is_tall]
        self._tall = sorted(tall, key=lambda mark: (mark.location.line, -mark.location.end_line))
        self._glyphs = glyphs
        self._gutter = gutter
        self._lines = lines
        self._width = max(width - gutter - 3 - 2 * len(tall), 20)

    def numbers(self) -> list[int]:
        """The lines to show, in order."""
        shown: set[int] = set()
        for mark in self._flat:
            shown.add(mark.location.line)
        for mark in self._tall:
            first, last = mark.location.line, mark.location.end_line
            body = range(first, last + 1)
            shown.update(body if len(body) <= _TALL else [first, first + 1, last - 1, last])
        ordered = sorted(shown)
        for before, after in pairwise(ordered):
            if after - before - 1 <= _NEAR:
                shown.update(range(before, after))
        return [number for number in sorted(shown) if number <= len(self._lines)]

    def elision(self, after: int) -> Text:
        """The row in place of the omitted lines after line `after`."""
        row = Text(" " * (self._gutter + 1))
        row.append(self._glyphs.elision + " ", "frame")
        row.append_text(self._lanes(after + 0.5)).rstrip()
        return row

    def rows(self, number: int) -> Iterator[Text]:
        """The line and what is drawn under it."""
        line = _prepare(self._lines[number - 1])
        flat = sorted((m for m in self._flat if m.location.line == number), key=lambda m: m.location.column)
        shift = self._shift(line, number)
        yield self._code_row(number, line, shift)
        for mark in self._tall:
            if mark.location.line == number and not self._opens_line(mark, line):
                yield self._bracket_row(mark, line.cell(mark.location.column) - shift, opens=True)
        spans = [_Span.of(mark, line, shift, self._width) for mark in flat]
        for group in _without_overlap(spans):
            for body in _underline(group, self._glyphs, self._width):
                yield self._row(number + 0.5, body)
        for mark in reversed(self._tall):
            if mark.location.end_line == number:
                yield from self._closing_rows(mark, line.cell(mark.location.end_column - 1) - shift)

    def _shift(self, line: _Line, number: int) -> int:
        """How many cells of a long line to leave out on the left, so that its marks are in sight."""
        if not line.cells[-1] > self._width:
            return 0
        columns = [m.location.column for m in (*self._flat, *self._tall) if m.location.line == number]
        ends = [m.location.end_column for m in (*self._flat, *self._tall) if m.location.end_line == number]
        first = line.cell(min(columns or ends or [1]))
        last = line.cell(max(ends or columns or [1]))
        if last <= self._width - 1:
            return 0
        return max(0, min(first - 4, line.cells[-1] - self._width))

    def _code_row(self, number: int, line: _Line, shift: int) -> Text:
        code = Text(_window(line, shift, self._width, self._glyphs.more), "code")
        return self._row(number, code, str(number))

    def _row(self, at: float, body: Text, number: str = "") -> Text:
        row = Text.assemble((f"{number:>{self._gutter}} {self._glyphs.vertical} ", "frame"))
        row.append_text(self._lanes(at)).append_text(body)
        row.rstrip()
        return row

    def _opens_line(self, mark: Mark, line: _Line) -> bool:
        return line.cell(mark.location.column) <= line.indent

    def _lanes(self, at: float) -> Text:
        """The brackets of tall marks beside line `at`; a half stands for the rows under a line."""
        lanes = Text()
        for mark in self._tall:
            first, last = mark.location.line, mark.location.end_line
            character = " "
            if at == first and self._opens_line(mark, _prepare(self._lines[first - 1])):
                character = self._glyphs.top
            elif first < at <= last or (first < at < last + 1 and at != last + 0.5):
                character = self._glyphs.vertical
            lanes.append(character + " ", mark.style)
        return lanes

    def _bracket_row(self, mark: Mark, cell: int, opens: bool) -> Text:
        """`╭────^` under the first line of a tall mark, `╰────^` under its last."""
        index = self._tall.index(mark)
        row = Text.assemble((" " * (self._gutter + 1) + self._glyphs.vertical + " ", "frame"))
        at = (mark.location.line if opens else mark.location.end_line) + 0.5
        row.append_text(self._lanes(at)[: 2 * index])
        corner = self._glyphs.top if opens else self._glyphs.bottom
        reach = 2 * (len(self._tall) - index) - 1 + max(0, min(cell, self._width - 1))
        end = self._glyphs.horizontal if mark.sign == "-" else mark.sign
        row.append(corner + self._glyphs.horizontal * reach + end, mark.style)
        return row

    def _closing_rows(self, mark: Mark, cell: int) -> Iterator[Text]:
        """The bracket and the label, which stands below where it does not fit beside."""
        row = self._bracket_row(mark, cell, opens=False)
        if cell + 2 + cell_len(mark.label) <= self._width:
            row.append(f" {mark.label}", mark.style)
            yield row
            return
        yield row
        yield self._row(mark.location.end_line + 0.5, Text(mark.label, mark.style))


def _window(line: _Line, shift: int, width: int, more: str) -> str:
    """The part of a line from cell `shift` on, at most `width` cells, with `more` where it was cut."""
    if shift == 0 and line.cells[-1] <= width:
        return line.text
    is_longer = line.cells[-1] > shift + width
    first, last = shift + len(more) * bool(shift), shift + width - len(more) * is_longer
    kept, at, place = [], 0, first
    for character in line.text:
        end = at + cell_len(character)
        if at >= first and end <= last:
            kept.append(" " * (at - place) + character)  # blanks for half of a wide character that was cut
            place = end
        at = end
    return more * bool(shift) + "".join(kept) + more * is_longer


@record(frozen=True, slots=True)
class _Span:
    """A flat mark in cells of its row, the end exclusive."""

    start: int
    end: int
    mark: Mark

    @staticmethod
    def of(mark: Mark, line: _Line, shift: int, width: int) -> _Span:
        start = max(0, line.cell(mark.location.column) - shift)
        end = max(start + 1, line.cell(mark.location.end_column) - shift)
        start = min(start, width - 1)
        return _Span(start, max(start + 1, min(end, width)), mark)


def _without_overlap(spans: Sequence[_Span]) -> list[list[_Span]]:
    """The spans in as few rows as their order allows, so that none covers another in a row."""
    rows: list[list[_Span]] = []
    for span in spans:
        for row in rows:
            if row[-1].end <= span.start:
                row.append(span)
                break
        else:
            rows.append([span])
    return rows


def _underline(spans: Sequence[_Span], glyphs: Glyphs, width: int) -> Iterator[Text]:
    """The underlining of spans that do not overlap, the last label beside it, the others hanging below."""
    row = Text()
    for span in spans:
        row.append(" " * (span.start - row.cell_len))
        row.append(span.mark.sign * (span.end - span.start), span.mark.style)
    hanging = list(spans)
    if _fits(spans[-1], width):
        row.append(f" {spans[-1].mark.label}", spans[-1].mark.style)
        hanging.pop()
    yield row
    while hanging:
        span = hanging.pop()
        row = Text()
        start = max(0, min(span.start, width - cell_len(span.mark.label)))
        for other in hanging:
            if other.start + 2 > start:
                break  # no room for its line beside the label, which has to stay in sight
            row.append(" " * (other.start - row.cell_len))
            row.append(glyphs.vertical, other.mark.style)
        row.append(" " * (start - row.cell_len))
        row.append(span.mark.label, span.mark.style)
        yield row


def _fits(span: _Span, width: int) -> bool:
    return span.end + 1 + cell_len(span.mark.label) <= width
