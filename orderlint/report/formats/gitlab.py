"""The code quality report of GitLab, which merge requests show.

Source: "Code Quality" (the report format, which is a subset of Code Climate's).
"""

from __future__ import annotations

import json
from typing import Any

from orderlint.diagnostics import Finding, Report, Severity
from orderlint.report.described import part_in_words
from orderlint.report.formats import Use
from orderlint.report.view import View

__all__ = ["SHOWS_REPAIRS", "USE", "render"]

USE = Use.DATA
SHOWS_REPAIRS = False
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(report: Report, view: View) -> str:
    """The findings as a JSON list with a final newline."""
    return json.dumps([_issue(finding, view) for finding in report.findings], indent=2) + "\n"


def _issue(finding: Finding, view: View) -> dict[str, Any]:
    at = view.in_file(finding.location)
    return {
        "description": f"{finding.code} {finding.message}{part_in_words(finding.location)}",
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": at.path, "lines": {"begin": max(at.line, 1), "end": max(at.end_line, 1)}},
    }
