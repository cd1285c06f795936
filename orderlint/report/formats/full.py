"""The findings with their code. Both layers are marked, and the current and the recommended chain follow."""

from __future__ import annotations

from orderlint.diagnostics import Report
from orderlint.report.formats import Use
from orderlint.report.view import View

__all__ = ["USE", "render"]

USE = Use.READING


def render(report: Report, view: View) -> str:
    """The findings as text, with an empty line after each complete drawing."""
    if not report.findings:
        return ""
    from orderlint.report import drawn  # imports rich, which a run without findings does not need

    return drawn.render(report, view)
