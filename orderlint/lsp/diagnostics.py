"""Findings as diagnostics of the Language Server Protocol."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lsprotocol import types
from pygls import uris

from orderlint.diagnostics import FileWarning, Finding, Related, Severity
from orderlint.judging import Rule, Subject
from orderlint.lsp.analysis import Analysis
from orderlint.lsp.documents import Part, Snapshot
from orderlint.report.described import part_in_words
from orderlint.text.notebook_lines import NotebookLines

__all__ = ["SOURCE", "diagnostic_of", "diagnostics_of", "part_of"]

SOURCE = "orderlint"


def diagnostics_of(analysis: Analysis, rules: Iterable[Rule]) -> Iterator[tuple[Part, list[types.Diagnostic]]]:
    """The diagnostics of each text of a document. The list may be empty."""
    subjects = {rule.code: rule.subject for rule in rules}
    if analysis.snapshot.is_json:
        yield analysis.snapshot.parts[0], list(_in_json(analysis, subjects))
        return
    for part in analysis.snapshot.parts:
        own = [finding for finding in analysis.findings if finding.location.cell == part.number]
        shown = [diagnostic_of(finding, analysis.snapshot, part, subjects.get(finding.code)) for finding in own]
        yield part, shown + [_warning(one, part) for one in analysis.warnings if _is_in(one, analysis.snapshot, part)]


def _in_json(analysis: Analysis, subjects: Mapping[str, Subject]) -> Iterator[types.Diagnostic]:
    """The findings in a notebook that is open as text, at the lines of the JSON."""
    snapshot = analysis.snapshot
    lines = NotebookLines(snapshot.source) if analysis.findings else None
    for finding in analysis.findings:
        at = finding.location
        if lines is not None and at.cell is not None:
            line = lines.of(at.cell, at.line)
            row = snapshot.parts[0].text.line(line)
            start, end = len(row) - len(row.lstrip()) + 1, len(row.rstrip()) + 1
            whole = replace(at, line=line, column=start, end_line=line, end_column=end, cell=None)
            message = f"{finding.message}{part_in_words(at)}"
            shown = replace(finding, location=whole, message=message, related=())
            yield diagnostic_of(shown, snapshot, snapshot.parts[0], subjects.get(finding.code))


def diagnostic_of(finding: Finding, snapshot: Snapshot, part: Part, subject: Subject | None = None) -> types.Diagnostic:
    """A finding as a diagnostic.

    Args:
        finding: The finding.
        snapshot: The document.
        part: The text that contains it.
        subject: The subject of its rule.
    """
    return types.Diagnostic(
        range=part.text.range_of(finding.location),
        message=_message(finding),
        severity=_severity(finding, subject),
        code=finding.code,
        code_description=None if finding.url is None else types.CodeDescription(href=finding.url),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if subject is Subject.COMMENTS else None,
        related_information=[_related(one, snapshot) for one in finding.related] or None,
        data=finding.fingerprint,
    )


def part_of(finding: Finding, snapshot: Snapshot) -> Part | None:
    """The text that contains a finding; `None` if it is not in the document."""
    return snapshot.part(finding.location.cell)


def _is_in(warning: FileWarning, snapshot: Snapshot, part: Part) -> bool:
    at = warning.location
    return at.line > 0 and at.cell == part.number and os.path.abspath(at.path) == os.path.abspath(snapshot.path)


def _warning(warning: FileWarning, part: Part) -> types.Diagnostic:
    """A warning as a diagnostic at the first line of its place, because some editors underline the whole range."""
    at = warning.location
    end = min((at.end_line, at.end_column), (at.line, len(part.text.line(at.line)) + 1))
    return types.Diagnostic(
        range=part.text.range_of(replace(at, end_line=end[0], end_column=end[1])),
        message=warning.message.replace("`", ""),
        severity=types.DiagnosticSeverity.Hint,
        source=SOURCE,
    )


def _message(finding: Finding) -> str:
    if not finding.recommended:
        return finding.message.replace("`", "")
    found, better = " → ".join(finding.chain), " → ".join(finding.recommended)
    return f"{finding.message.replace('`', '')}\nfound: {found}\nrecommended: {better}"


def _severity(finding: Finding, subject: Subject | None) -> types.DiagnosticSeverity:
    """The severity: a warning for a layer out of order, information for a warning, an error for invalid syntax."""
    if subject is Subject.SYNTAX:
        return types.DiagnosticSeverity.Error
    is_warning = finding.severity is Severity.WARNING
    return types.DiagnosticSeverity.Information if is_warning else types.DiagnosticSeverity.Warning


def _related(related: Related, snapshot: Snapshot) -> types.DiagnosticRelatedInformation:
    at = related.location
    is_here = os.path.abspath(at.path) == os.path.abspath(snapshot.path)
    part = snapshot.part(at.cell) if is_here else None
    if part is not None:
        place = types.Location(part.uri, part.text.range_of(at))
    else:
        # The text is not available. If its characters are in the basic plane, columns are the same.
        start = types.Position(max(at.line - 1, 0), max(at.column - 1, 0))
        end = types.Position(max(at.end_line - 1, 0), max(at.end_column - 1, 0))
        place = types.Location(uris.from_fs_path(os.path.abspath(at.path)) or "", types.Range(start, end))
    return types.DiagnosticRelatedInformation(place, related.message.replace("`", ""))
