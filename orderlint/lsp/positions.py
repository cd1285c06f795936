"""Converts positions between the protocol and orderlint.

In the protocol, lines and characters count from 0, and characters are UTF-16 units, unless client and server agree on
something else. In orderlint, lines and columns count from 1, and columns are code points. In both, a line only ends at
`\\n`, `\\r\\n` or `\\r`.
"""

from __future__ import annotations

from functools import cached_property

from lsprotocol import types

from orderlint.graph import Location
from orderlint.text.decoding import LineTable

__all__ = ["Text"]

_UNITS = {
    types.PositionEncodingKind.Utf8: lambda text: len(text.encode("utf-8", "surrogatepass")),
    types.PositionEncodingKind.Utf32: len,
}


class Text:
    """A text, and the positions of its characters.

    Args:
        source: The text.
        encoding: The client's unit of characters.

    >>> where = Text("a\\n\\U0001f600b").position(3)
    >>> where.line, where.character
    (1, 2)
    """

    def __init__(self, source: str, encoding: str = types.PositionEncodingKind.Utf16) -> None:
        self.source = source
        self.encoding = encoding

    @cached_property
    def _lines(self) -> LineTable:
        return LineTable(self.source)

    def position(self, offset: int) -> types.Position:
        """The position of a character offset."""
        line, column = self.place(offset)
        return types.Position(line - 1, self._units(self.source[self._lines.offset(line, 1) :][: column - 1]))

    def range(self, start: int, end: int) -> types.Range:
        """The range of the characters `start:end`."""
        return types.Range(self.position(start), self.position(end))

    def range_of(self, location: Location) -> types.Range:
        """The range of a location. A place outside of the text counts as its nearest end."""
        start = self._lines.offset(location.line, location.column)
        end = self._lines.offset(location.end_line or location.line, location.end_column or location.column)
        return self.range(start, max(start, end))

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of a character offset, both from 1. Columns are counted in code points."""
        return self._lines.position(max(0, min(offset, len(self.source))))

    def line(self, number: int) -> str:
        """The line with a number, from 1, without its newline."""
        return self.source[self._lines.offset(number, 1) : self._lines.offset(number + 1, 1)].rstrip("\r\n")

    def holds(self, location: Location, offset: int) -> bool:
        """Whether a location contains a character offset."""
        start = self._lines.offset(location.line, location.column)
        return start <= offset <= self._lines.offset(location.end_line, location.end_column)

    def offset(self, position: types.Position) -> int:
        """The character offset of a position. A position beyond the end of a line counts as that end."""
        start, line = self._lines.offset(position.line + 1, 1), self.line(position.line + 1)
        units = 0
        for index, character in enumerate(line):
            if units >= position.character:
                return start + index
            units += self._units(character)
        return start + len(line)

    def _units(self, text: str) -> int:
        count = _UNITS.get(types.PositionEncodingKind(self.encoding))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2 if count is None else count(text)
