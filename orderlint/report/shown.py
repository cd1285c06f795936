"""Findings as rich shows them, in a terminal or a notebook, where no code is at hand."""

from __future__ import annotations

from rich.text import Text

from orderlint.diagnostics import Report
from orderlint.report.card import counted
from orderlint.report.formats import full
from orderlint.report.theme import THEME
from orderlint.report.view import View

__all__ = ["of_report"]


def of_report(report: Report, *, counts: bool = False) -> Text:
    """The findings of a report as one text.

    Args:
        report: The report.
        counts: Whether to head it with how much was found.
    """
    rows = list(full.renderables(report, View()))
    if counts:
        rows = [Text(counted(report), "bold"), Text(), *rows]
    shown = Text("\n").join(rows)
    shown.rstrip()
    shown.spans = [span._replace(style=THEME.styles.get(str(span.style), span.style)) for span in shown.spans]
    return shown
