"""Rows of styled text as text."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from orderlint.report.drawn import wrapped
from orderlint.report.theme import THEME, written

ROWS = ("", "  ends in blanks   ", "a\ttab", "名前\ttab", "two\nlines", "\x07bell", "long " * 100 + "row")


@pytest.mark.parametrize("row", ROWS)
def test_rows_without_colors_are_those_of_a_console(row: str) -> None:
    """They are put together without one, which takes a hundred times as long."""
    out = io.StringIO()
    Console(file=out, width=200, theme=THEME, color_system=None).print(Text(row, "pair"), soft_wrap=True)
    assert written([Text(row, "pair")], color=False) == out.getvalue()


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_fits_is_wrapped_as_any_other(row: str) -> None:
    """One that fits is not given to a console."""
    rows = Text(row, "pair").wrap(Console(width=30), 30)
    for one in rows:
        one.rstrip()
    assert [(one.plain, one.style) for one in wrapped(Text(row, "pair"), 30)] == [(one.plain, "pair") for one in rows]
