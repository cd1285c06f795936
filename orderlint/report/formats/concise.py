"""One line for each finding: `net.py:6:9: ORD001 message`, for editors and `grep`."""

from __future__ import annotations

from orderlint.diagnostics import Finding, Report, Severity
from orderlint.report.colors import BOLD, ERROR, OFF, WARNING
from orderlint.report.formats import Use
from orderlint.report.terminal import place, safe
from orderlint.report.view import View

__all__ = ["SHOWS_REPAIRS", "USE", "render"]

USE = Use.LINES
SHOWS_REPAIRS = False


def render(report: Report, view: View) -> str:
    """One line for each finding."""
    return "".join(f"{_line(finding, view)}\n" for finding in report.findings)


def _line(finding: Finding, view: View) -> str:
    where, code = place(finding.location), finding.code
    if view.color:
        where = f"{BOLD}{where}{OFF}"
        code = f"{WARNING if finding.severity is Severity.WARNING else ERROR}{code}{OFF}"
    mark = " (warning)" if finding.severity is Severity.WARNING else ""
    return f"{where}: {code}{mark} {view.glyphs.spell(safe(finding.message))}"
