"""Converting rows of styled text to strings."""

from __future__ import annotations

import io

import pytest
from rich.color import Color
from rich.console import Console
from rich.text import Text

from orderlint.report.colors import GREEN, GREY_BLUE, SEA_BLUE
from orderlint.report.drawn import wrapped
from orderlint.report.theme import THEME, written

ROWS = ("", "  ends in blanks   ", "a\ttab", "名前\ttab", "two\nlines", "\x07bell", "long " * 100 + "row")


@pytest.mark.parametrize("row", ROWS)
def test_rows_without_colors_are_those_of_a_console(row: str) -> None:
    """They are joined without a console, which would take a hundred times as long."""
    out = io.StringIO()
    Console(file=out, width=200, theme=THEME, color_system=None).print(Text(row, "pair"), soft_wrap=True)
    assert written([Text(row, "pair")], color=False) == out.getvalue()


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_fits_is_wrapped_as_any_other(row: str) -> None:
    """A row that fits is not passed to a console."""
    rows = Text(row, "pair").wrap(Console(width=30), 30)
    for one in rows:
        one.rstrip()
    assert [(one.plain, one.style) for one in wrapped(Text(row, "pair"), 30)] == [(one.plain, "pair") for one in rows]


def luminance(number: int) -> float:
    """The relative luminance of a color of the 256-color palette, as defined by WCAG 2."""
    parts = [part / 255 for part in Color.from_ansi(number).get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", [GREEN, SEA_BLUE, GREY_BLUE])
def test_colors_can_be_read_on_both_backgrounds(color: int) -> None:
    """The contrast on black and on white is at least 3.5; the basic cyan of a terminal has 1.9 on white."""
    light = luminance(color) + 0.05
    assert min(1.05 / light, light / 0.05) > 3.5
