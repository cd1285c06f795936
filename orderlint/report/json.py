"""The report as JSON, version 1.

`docs/report.schema.json` describes it. `cell` of a related place and `severity` stand only where they say
something: in notebooks, and for rules listed under `warn`.
"""

from __future__ import annotations

import json
from typing import Any

from orderlint.diagnostics import FileError, Finding, Related, Repair, Report, Severity

__all__ = ["VERSION", "as_dict", "render"]

VERSION = 1


def render(report: Report) -> str:
    """The report as indented JSON text with a final newline."""
    return json.dumps(as_dict(report), indent=2) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain dicts, lists, strings and numbers."""
    return {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [_error(error) for error in report.errors],
        "files": report.files,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    at = finding.location
    entry = {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "path": at.path,
        "cell": at.cell,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "chain": list(finding.chain),
        "related": [_related(related) for related in finding.related],
        "repair": _repair(finding.repair),
    }
    if at.layer is not None:
        entry["layer"] = at.layer
    if finding.severity is not Severity.ERROR:
        entry["severity"] = finding.severity.value
    return entry


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
    return {"available": repair.available, "kind": kind, "reason": repair.reason}


def _error(error: FileError) -> dict[str, Any]:
    return {"path": error.path, "message": error.message}
