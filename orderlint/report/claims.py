"""The claims of a report: how much was found, and whether everything was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderlint.diagnostics import FileWarning, Finding, Report, Severity, SuppressedBy
from orderlint.report.clean import number
from orderlint.report.terminal import safe

__all__ = ["gathered", "how_many", "limit", "nothing", "suppressed"]

_FEW = 3  # places that are listed


def how_many(findings: Sequence[Finding]) -> str:
    """The number of findings, and how many of them are warnings. If all are, they are called warnings.

    >>> how_many([])
    '0 findings'
    """
    warnings = sum(1 for finding in findings if finding.severity is Severity.WARNING)
    if warnings and warnings == len(findings):
        return number(warnings, "warning")
    return number(len(findings), "finding") + (f" ({number(warnings, 'warning')})" if warnings else "")


def nothing(report: Report) -> str:
    """The claim of a report without findings.

    >>> nothing(Report(files=1))
    'No layer out of order'
    """
    if report.hidden_by(SuppressedBy.BASELINE) or report.hidden_by(SuppressedBy.UNCHANGED):
        return "No new findings"
    return "No findings" if report.hidden_by(SuppressedBy.COMMENT) else "No layer out of order"


def limit(warnings: Iterable[FileWarning]) -> str:
    """The end of the sentence of a claim if not everything was checked; else empty.

    >>> limit([])
    ''
    """
    return ", as far as could be checked" if any(warning.is_gap for warning in warnings) else ""


def gathered(warnings: Sequence[FileWarning], more: str = "") -> tuple[list[FileWarning], str]:
    """The warnings to list, and a sentence that counts the others; it is empty if all are listed.

    Large projects have dozens of places that were only partly checked. Few people read about each of them.

    Args:
        warnings: The warnings.
        more: The end of the sentence, for example where the others are listed.

    >>> gathered([])
    ([], '')
    """
    gaps = [warning for warning in warnings if warning.is_gap]
    if len(gaps) <= _FEW:
        return list(warnings), ""
    paths = {warning.location.path for warning in gaps}
    where = safe(paths.pop()) if len(paths) == 1 else f"{len(paths)} files"
    rest = [warning for warning in warnings if not warning.is_gap]
    return rest, f"{len(gaps)} places in {where} were only partly checked{more}"


def suppressed(report: Report) -> str:
    """The number of findings that comments suppress, as a sentence; empty if there are none.

    >>> suppressed(Report())
    ''
    """
    count = report.hidden_by(SuppressedBy.COMMENT)
    if not count:
        return ""
    return f"{number(count, 'finding')} {'is suppressed by a comment' if count == 1 else 'are suppressed by comments'}."
