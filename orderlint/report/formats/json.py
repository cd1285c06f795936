"""The report as JSON (version 1).

`docs/report.schema.json` describes it. Within a version, keys may be added, but none is removed or changes its meaning.
`cell` of a related place is only present in notebooks, and `severity` only for rules listed under `warn`.
"""

from __future__ import annotations

import json
from typing import Any

from orderlint.diagnostics import Edit, FileError, FileWarning, Finding, Related, Repair, Report, Severity, SuppressedBy
from orderlint.graph import Location
from orderlint.report.formats import Use
from orderlint.report.view import View

__all__ = ["USE", "VERSION", "as_dict", "render", "warning_as_dict"]

USE = Use.DATA

VERSION = 1


def render(report: Report, view: View) -> str:
    """The report as indented JSON text with a final newline."""
    return json.dumps(as_dict(report), indent=2) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain dicts, lists, strings and numbers."""
    whole: dict[str, Any] = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [_error(error) for error in report.errors],
        "files": report.files,
        "passed_over": report.passed_over,
        "skipped": report.skipped,
        "suppressed": report.hidden_by(SuppressedBy.COMMENT),
        "warnings": [warning_as_dict(warning) for warning in report.warnings],
    }
    if report.stale is not None:
        whole["baseline"] = {"known": report.hidden_by(SuppressedBy.BASELINE), "stale": report.stale}
    if report.since is not None:
        whole["changes"] = {"since": report.since, "unchanged": report.hidden_by(SuppressedBy.UNCHANGED)}
    return whole


def _finding(finding: Finding) -> dict[str, Any]:
    at = finding.location
    entry: dict[str, Any] = {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        **_place(at),
        "chain": list(finding.chain),
        "related": [_related(related) for related in finding.related],
        "repair": _repair(finding.repair),
        "recommended": list(finding.recommended),
        "fix": None if finding.fix is None else [_edit(edit) for edit in finding.fix.edits],
        "fingerprint": finding.fingerprint,
        "url": finding.url or None,
        "why": finding.why,
    }
    if at.layer is not None:
        entry["layer"] = at.layer
    if finding.severity is not Severity.ERROR:
        entry["severity"] = finding.severity.value
    return entry


def _place(at: Location) -> dict[str, Any]:
    return {
        "path": at.path,
        "cell": at.cell,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    assert edit.location is not None  # the edits of findings have locations
    return {**_place(edit.location), "text": edit.text}


def _related(related: Related) -> dict[str, Any]:
    at = related.location
    entry: dict[str, Any] = {"path": at.path, "line": at.line, "column": at.column, "message": related.message}
    if at.cell is not None:
        entry["cell"] = at.cell
    if at.layer is not None:
        entry["layer"] = at.layer
    return entry


def _repair(repair: Repair | None) -> dict[str, Any] | None:
    if repair is None:
        return None
    kind = None if repair.kind is None else repair.kind.value
    return {"available": repair.available, "kind": kind, "reason": repair.reason, "title": repair.title}


def warning_as_dict(warning: FileWarning) -> dict[str, Any]:
    """A warning with its place."""
    return {**_place(warning.location), "message": warning.message}


def _error(error: FileError) -> dict[str, Any]:
    return {"path": error.path, "message": error.message}
