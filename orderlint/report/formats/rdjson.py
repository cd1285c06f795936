"""The diagnostic format of reviewdog, which comments on pull requests in many services.

Source: reviewdog, "Reviewdog Diagnostic Format". Columns count bytes of UTF-8, from 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orderlint.diagnostics import Finding, Report, Severity
from orderlint.graph import Location
from orderlint.report.described import in_words, joined_edit, part_in_words
from orderlint.report.formats import Use
from orderlint.report.view import View

__all__ = ["USE", "render"]

USE = Use.DATA
_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING"}


def render(report: Report, view: View) -> str:
    """The findings as one JSON object with a final newline."""
    whole = {
        "source": {"name": "orderlint", "url": "https://github.com/orderlint/orderlint"},
        "diagnostics": [_diagnostic(finding, view) for finding in report.findings],
    }
    return json.dumps(whole, indent=2) + "\n"


def _diagnostic(finding: Finding, view: View) -> dict[str, Any]:
    code = {"value": finding.code}
    if finding.url is not None:
        code["url"] = finding.url
    entry: dict[str, Any] = {
        "message": f"{finding.message}{part_in_words(finding.location)}\n{in_words(finding)}".rstrip(),
        "location": _location(finding.location, view),
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    related = [{"message": one.message, "location": _location(one.location, view)} for one in finding.related]
    if related:
        entry["relatedLocations"] = related
    if (edit := joined_edit(finding, view)) is not None:
        entry["suggestions"] = [{"range": _range(edit.location, view), "text": edit.text}]
    return entry


def _location(at: Location, view: View) -> dict[str, Any]:
    if at.cell is not None:
        at = replace(view.in_file(at), path=at.path)  # in reviewdog, paths are relative to the current folder
    return {"path": at.path, "range": _range(at, view)} if at.line else {"path": at.path}


def _range(at: Location, view: View) -> dict[str, Any]:
    if not at.column:
        return {"start": {"line": at.line}, "end": {"line": at.end_line}}
    lines = view.lines(at) or ()
    return {
        "start": {"line": at.line, "column": _bytes(lines, at.line, at.column)},
        "end": {"line": at.end_line, "column": _bytes(lines, at.end_line, at.end_column)},
    }


def _bytes(lines: Sequence[str], line: int, column: int) -> int:
    """The column in bytes of UTF-8; in code points if the line is not known.

    >>> _bytes(["a\\u4e2db"], 1, 3)
    5
    """
    text = lines[line - 1][: column - 1] if line <= len(lines) else ""
    return column - len(text) + len(text.encode("utf-8", "surrogatepass"))
