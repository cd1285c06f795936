"""Code frames: source lines with marks below them.

    5 │     x = layers.Activation("relu")(x)
      │         ---------------------------- activation applied here
    6 │     x = layers.BatchNormalization()(x)
      │         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ norm after activation

A mark of several lines is a bracket in its own lane, left of the code. Widths are in terminal cells: tabs are expanded,
and wide characters take two cells.
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
_NEAR = 2  # the most unmarked lines between marked lines that are shown
_TALL = 6  # the most lines of a bracket that are shown; of a longer one, the middle is omitted


@record(frozen=True, slots=True)
class Mark:
    """A place to mark in one text.

    Attributes:
        location: The location. Lines and columns start at 1, columns are code points, and the end is exclusive.
        label: The text beside it.
        style: The name of a style.
        sign: The character of the underline; `^` for the main mark.
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
    """A source line as the terminal displays it. `cells[i]` is the cell where its i-th code point starts."""

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
        marks: At least one mark in `lines`.
        lines: The lines of the whole text.
        glyphs: The characters for the drawing.
        width: The width of a row, in cells.
        gutter: The width of the column with line numbers, in cells.
    """
    frame = _Frame([_apart(mark, marks, lines) for mark in marks], lines, glyphs, width, gutter)
    previous = None
    for number in frame.numbers():
        if previous is not None and number > previous + 1:
            yield frame.elision(previous)
        yield from frame.rows(number)
        previous = number


def _apart(mark: Mark, marks: Sequence[Mark], lines: Sequence[str]) -> Mark:
    """The mark up to the first mark inside it: only the outer call of `BatchNormalization()(ReLU()(x))`."""
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
        """The row that replaces the omitted lines after line `after`."""
        row = Text(" " * (self._gutter + 1))
        row.append(self._glyphs.elision + " ", "frame")
        row.append_text(self._lanes(after + 0.5)).rstrip()
        return row

    def rows(self, number: int) -> Iterator[Text]:
        """A line, and the rows below it."""
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
        """The number of cells to omit at the start of a long line, so that its marks are visible."""
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
        """The brackets of tall marks beside line `at`, which ends in `.5` for the rows below a line."""
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
        """`╭────^` below the first line of a tall mark, or `╰────^` below its last line."""
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
        """The bracket and the label, which has its own row if it does not fit beside the bracket."""
        row = self._bracket_row(mark, cell, opens=False)
        if cell + 2 + cell_len(mark.label) <= self._width:
            row.append(f" {mark.label}", mark.style)
            yield row
            return
        yield row
        yield self._row(mark.location.end_line + 0.5, Text(mark.label, mark.style))


def _window(line: _Line, shift: int, width: int, more: str) -> str:
    """At most `width` cells of a line, from cell `shift` on, with `more` where it is cut."""
    if shift == 0 and line.cells[-1] <= width:
        return line.text
    is_longer = line.cells[-1] > shift + width
    first, last = shift + len(more) * bool(shift), shift + width - len(more) * is_longer
    kept, at, place = [], 0, first
    for character in line.text:
        end = at + cell_len(character)
        if at >= first and end <= last:
            kept.append(" " * (at - place) + character)  # spaces for half of a wide character that was cut
            place = end
        at = end
    return more * bool(shift) + "".join(kept) + more * is_longer


@record(frozen=True, slots=True)
class _Span:
    """A flat mark, in the cells of its row. The end is exclusive."""

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
    """The spans in as few rows as their order allows, so that spans in a row do not overlap."""
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
    """The underlines of spans that do not overlap. The last label is beside its underline, and the others are below."""
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
                break  # no room for its line beside the label, which has to be visible
            row.append(" " * (other.start - row.cell_len))
            row.append(glyphs.vertical, other.mark.style)
        row.append(" " * (start - row.cell_len))
        row.append(span.mark.label, span.mark.style)
        yield row


def _fits(span: _Span, width: int) -> bool:
    return span.end + 1 + cell_len(span.mark.label) <= width
