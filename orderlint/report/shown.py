"""Findings for rich, which displays them in a terminal or a notebook, without source code."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orderlint.diagnostics import Report
from orderlint.report import drawn
from orderlint.report.card import counted
from orderlint.report.claims import gathered
from orderlint.report.terminal import place, safe
from orderlint.report.theme import THEME
from orderlint.report.view import View

__all__ = ["of_report"]


def of_report(report: Report, *, counts: bool = False) -> Text:
    """The findings of a report as one text.

    Args:
        report: The report.
        counts: Whether to start with the number of findings, and to end with what was not checked.
    """
    rows = list(drawn.renderables(report, View()))
    if counts:
        rows = [Text(counted(report), "bold"), Text(), *rows, *_problems(report)]
    shown = Text("\n").join(rows)
    shown.rstrip()
    shown.spans = [span._replace(style=THEME.styles.get(str(span.style), span.style)) for span in shown.spans]
    return shown


def _problems(report: Report) -> Iterator[Text]:
    """What could not be checked, each in a row."""
    for error in report.errors:
        yield Text.assemble(("error:", "error"), f" {safe(error.path)}: {safe(error.message)}")
    shown, counted_only = gathered(report.warnings, "; `warnings` has them")
    for warning in shown:
        yield Text.assemble(("warning:", "warning"), f" {place(warning.location)}: {safe(warning.message)}")
    if counted_only:
        yield Text.assemble(("warning:", "warning"), f" {counted_only}")
