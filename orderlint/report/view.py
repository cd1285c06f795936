"""What a format needs in addition to the report: the source code, the rules, and the properties of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from orderlint.graph import Location
from orderlint.judging import Rule
from orderlint.records import record
from orderlint.report.blocks import BlockHistory
from orderlint.report.terminal import UNICODE, Glyphs

__all__ = ["LineSource", "View", "no_lines"]

LineSource = Callable[[Location], Sequence[str] | None]
"""Returns the lines of the file or cell of a location; `None` if there are none to show."""


def no_lines(location: Location) -> Sequence[str] | None:
    """Show no code."""
    return None


def _no_text(location: Location) -> str | None:
    return None


def _as_it_is(location: Location) -> Location:
    return location


@record(frozen=True, slots=True)
class View:
    """How to show a report.

    Attributes:
        lines: Returns the lines of the file or cell of a location.
        text: Returns the text of the file or cell of a location, with its newlines; `None` if there is none.
        in_file: Converts a location for formats with only files and lines: the path is relative to the root of the
            repository, and in a notebook, the line is that of the `.ipynb` file with the line of the cell.
        rules: The rules by their codes, for formats that explain them.
        width: The width of a row, in cells.
        glyphs: The characters for drawings.
        color: Whether to write ANSI colors.
        history: The blocks so far, if a report is written in parts. The format updates it.
    """

    lines: LineSource = no_lines
    in_file: Callable[[Location], Location] = _as_it_is
    rules: Mapping[str, Rule] = field(default_factory=dict)
    width: int = 100
    glyphs: Glyphs = UNICODE
    color: bool = False
    history: BlockHistory = field(default_factory=BlockHistory, compare=False)
    text: Callable[[Location], str | None] = _no_text
