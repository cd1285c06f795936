"""What a format needs besides the report: the source code, the rules, and the abilities of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from orderlint.graph import Location
from orderlint.judging import Rule
from orderlint.records import record
from orderlint.report.blocks import Told
from orderlint.report.terminal import UNICODE, Glyphs

__all__ = ["LineSource", "View", "no_lines"]

LineSource = Callable[[Location], Sequence[str] | None]
"""Returns the lines of the file or cell of a location; `None` if there are none to show."""


def no_lines(location: Location) -> Sequence[str] | None:
    """No code to show."""
    return None


def _no_text(location: Location) -> str | None:
    return None


def _as_it_is(location: Location) -> Location:
    return location


@record(frozen=True, slots=True)
class View:
    """How a report is to be shown.

    Attributes:
        lines: Returns the lines of the file or cell of a location.
        text: Returns the text of the file or cell of a location, with its newlines; `None` if there is none.
        in_file: A location for formats that know only files and lines: its path from the root of the repository, and
            in a notebook the line of the `.ipynb` file that holds the line of the cell.
        rules: The rules by their codes, for formats that explain them.
        width: The cells of a row.
        glyphs: The characters to draw with.
        color: Whether to write ANSI colors.
        told: What was reported so far, if a report is written in parts. The format updates it.
    """

    lines: LineSource = no_lines
    in_file: Callable[[Location], Location] = _as_it_is
    rules: Mapping[str, Rule] = field(default_factory=dict)
    width: int = 100
    glyphs: Glyphs = UNICODE
    color: bool = False
    told: Told = field(default_factory=Told, compare=False)
    text: Callable[[Location], str | None] = _no_text
