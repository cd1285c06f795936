"""Converting positions between the language server protocol and orderlint."""

from __future__ import annotations

import pytest
from lsprotocol.types import Position, PositionEncodingKind, Range

from orderlint.graph import Location
from orderlint.lsp.positions import Text

SMILE = "x = '\U0001f600é'; y\n"


@pytest.mark.parametrize(
    ("encoding", "character"),
    [(PositionEncodingKind.Utf8, 14), (PositionEncodingKind.Utf16, 11), (PositionEncodingKind.Utf32, 10)],
)
def test_characters_are_counted_in_the_units_agreed_on(encoding: str, character: int) -> None:
    """A character outside the basic plane counts two in UTF-16, four in UTF-8 and one in UTF-32."""
    text = Text(SMILE, encoding)
    assert text.position(10) == Position(0, character)
    assert text.offset(Position(0, character)) == 10


def test_lines_end_where_the_protocol_ends_them() -> None:
    """A form feed and U+2028 do not end a line; a lone carriage return does."""
    text = Text("a\x0c\u2028b\rc\r\nd")
    assert text.position(5) == Position(1, 0)
    assert text.position(8) == Position(2, 0)


def test_positions_beyond_a_line_mean_its_end() -> None:
    """A position after the end of a line is that end, before the newline; one after the text is the end of the text."""
    text = Text("ab\r\ncd")
    assert text.offset(Position(0, 99)) == 2
    assert text.offset(Position(9, 0)) == 6


def test_locations_become_ranges() -> None:
    """Lines and columns from 1 in code points become lines and characters from 0."""
    location = Location("a.py", 1, 5, 1, 9)
    assert Text(SMILE).range_of(location) == Range(Position(0, 4), Position(0, 9))


def test_a_location_that_is_out_of_date_stays_in_the_text() -> None:
    """A location after the end of a text that has become shorter is its end."""
    assert Text("a").range_of(Location("a.py", 7, 5, 7, 9)) == Range(Position(0, 1), Position(0, 1))
