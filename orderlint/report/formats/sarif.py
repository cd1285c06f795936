"""SARIF 2.1.0, for code scanning services and editors.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", Errata 01. Columns count code points.
URIs are percent-encoded, and relative to the root of the repository if the file is in it. Suppressed findings are
included and marked. An edit of a notebook cell has no position in the file, so such repairs are left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from orderlint import __version__
from orderlint.diagnostics import Edit, Finding, Related, Report, Suppressed, SuppressedBy
from orderlint.graph import Location
from orderlint.report.described import in_words, part_in_words
from orderlint.report.formats import Use
from orderlint.report.rules import page
from orderlint.report.view import View

__all__ = ["SCHEMA", "USE", "as_dict", "file_uri", "render"]

USE = Use.DATA
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_KINDS = {SuppressedBy.COMMENT: "inSource", SuppressedBy.BASELINE: "external", SuppressedBy.UNCHANGED: "external"}


def render(report: Report, view: View) -> str:
    """The report as indented JSON text with a final newline."""
    return json.dumps(as_dict(report, view), indent=2) + "\n"


def as_dict(report: Report, view: View) -> dict[str, Any]:
    """The report as plain dicts, lists, strings and numbers."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(report, view).as_dict()]}


class _Run:
    """The one run of a log."""

    def __init__(self, report: Report, view: View) -> None:
        self._report = report
        self._view = view
        every = [*report.findings, *(one.finding for one in report.suppressed)]
        self._codes = {code: index for index, code in enumerate(sorted({finding.code for finding in every}))}
        self._severities = {finding.code: finding.severity for finding in every}
        self._names = {finding.code: finding.name for finding in every}

    def as_dict(self) -> dict[str, Any]:
        driver = {
            "name": "orderlint",
            "version": __version__,
            "informationUri": "https://github.com/orderlint/orderlint",
            "rules": [self._rule(code) for code in self._codes],
        }
        return {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
            "invocations": [self._invocation()],
            "results": [*map(self._result, self._report.findings), *map(self._suppressed, self._report.suppressed)],
        }

    def _invocation(self) -> dict[str, Any]:
        notes = [self._note("error", Location(error.path), error.message) for error in self._report.errors]
        notes += [self._note("warning", warning.location, warning.message) for warning in self._report.warnings]
        invocation: dict[str, Any] = {"executionSuccessful": not self._report.errors}
        return {**invocation, "toolExecutionNotifications": notes} if notes else invocation

    def _note(self, level: str, at: Location, message: str) -> dict[str, Any]:
        return {"level": level, "message": {"text": message}, "locations": [self._location(at)]}

    def _rule(self, code: str) -> dict[str, Any]:
        """A rule with its page. An unknown rule, such as that of a cell of an older run, only has its name."""
        entry: dict[str, Any] = {
            "id": code,
            "name": self._names[code],
            "defaultConfiguration": {"level": self._severities[code].value},
        }
        rule = self._view.rules.get(code)
        if rule is not None:
            entry |= {
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": rule.summary},
                "help": {"text": rule.documentation, "markdown": page(rule)},
                **({"helpUri": rule.url} if rule.url else {}),
            }
        return entry

    def _result(self, finding: Finding) -> dict[str, Any]:
        at = finding.location
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": self._codes[finding.code],
            "level": finding.severity.value,
            "message": {"text": f"{finding.message}{part_in_words(at)}\n{in_words(finding)}".rstrip()},
            "locations": [self._location(at)],
            "partialFingerprints": {"orderlint/v1": finding.fingerprint},
        }
        if finding.related:
            result["relatedLocations"] = [self._related(*one) for one in enumerate(finding.related, 1)]
        if finding.fix is not None and at.cell is None:
            result["fixes"] = [{"description": {"text": finding.fix.title}, "artifactChanges": self._changes(finding)}]
        if properties := _properties(finding):
            result["properties"] = properties
        if self._report.stale is not None or self._report.since is not None:
            result["baselineState"] = "new"
        if self._report.suppressed:  # if one result has this property, all must have it
            result["suppressions"] = []
        return result

    def _related(self, number: int, one: Related) -> dict[str, Any]:
        message = {"text": one.message + part_in_words(one.location)}
        return {"id": number, **self._location(one.location), "message": message}

    def _suppressed(self, suppressed: Suppressed) -> dict[str, Any]:
        result = {**self._result(suppressed.finding), "suppressions": [{"kind": _KINDS[suppressed.by]}]}
        if suppressed.by is not SuppressedBy.COMMENT:
            result["baselineState"] = "unchanged"
        return result

    def _location(self, at: Location) -> dict[str, Any]:
        place = self._view.in_file(at)
        physical: dict[str, Any] = {"artifactLocation": _artifact(place.path)}
        if place.line:
            physical["region"] = self._region(place, at)
        location: dict[str, Any] = {"physicalLocation": physical}
        if at.layer is not None:
            location["logicalLocations"] = [{"fullyQualifiedName": at.layer, "kind": "object"}]
        return location

    def _region(self, place: Location, at: Location) -> dict[str, Any]:
        region: dict[str, Any] = {"startLine": place.line, "endLine": max(place.line, place.end_line)}
        if place.column:
            region |= {"startColumn": place.column, "endColumn": max(1, place.end_column)}
        lines = self._view.lines(at)
        if lines is not None and at.line <= len(lines):
            region["snippet"] = {"text": "\n".join(lines[at.line - 1 : at.end_line])}
        return region

    def _changes(self, finding: Finding) -> list[dict[str, Any]]:
        assert finding.fix is not None
        place = self._view.in_file(finding.location)
        return [{"artifactLocation": _artifact(place.path), "replacements": _replacements(finding.fix.edits)}]


def _replacements(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    return [
        {
            "deletedRegion": {
                "startLine": at.line,
                "startColumn": at.column,
                "endLine": at.end_line,
                "endColumn": at.end_column,
            },
            "insertedContent": {"text": text},
        }
        for at, text in _located(edits)
    ]


def _located(edits: Iterable[Edit]) -> Iterable[tuple[Location, str]]:
    for edit in edits:
        if edit.location is not None:
            yield edit.location, edit.text


def _artifact(path: str) -> dict[str, Any]:
    """A file as a URI.

    >>> _artifact("my models/net.py")["uri"]
    'my%20models/net.py'
    """
    if PurePath(path).is_absolute():
        return {"uri": file_uri(PurePath(path))}
    return {"uri": _quoted(path), "uriBaseId": _ROOT}


def file_uri(path: PurePath) -> str:
    """An absolute path as a URI.

    From Python 3.14 on, `as_uri` of `pathlib` warns, or imports `http` and `ssl`.

    >>> from pathlib import PureWindowsPath
    >>> file_uri(PureWindowsPath("C:/my models/net.py")), file_uri(PureWindowsPath("//host/share/net.py"))
    ('file:///C:/my%20models/net.py', 'file://host/share/net.py')
    """
    text = path.as_posix()
    if len(path.drive) == 2:  # as in `C:`; other drives contain a host
        return f"file:///{path.drive}{_quoted(text.removeprefix(path.drive))}"
    return ("file:" if path.drive else "file://") + _quoted(text)


def _quoted(path: str) -> str:
    """Percent-encode a path. Bytes of a file name that are not text are kept."""
    return quote(path, errors=sys.getfilesystemencodeerrors())


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if finding.chain:
        properties["chain"] = list(finding.chain)
    if finding.recommended:
        properties["recommended"] = list(finding.recommended)
    if finding.location.cell is not None:
        properties["cell"] = finding.location.cell
    if finding.repair is not None and finding.repair.kind is not None:
        properties["repair"] = finding.repair.kind.value
    return properties
