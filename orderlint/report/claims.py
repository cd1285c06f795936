"""What a run without findings may claim: that all is well only where all was checked and nothing is suppressed."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.diagnostics import FileWarning, Report, SuppressedBy
from orderlint.report.clean import number

__all__ = ["limit", "nothing", "suppressed"]


def nothing(report: Report) -> str:
    """The claim.

    >>> nothing(Report(files=1))
    'No layer out of order'
    """
    if report.hidden_by(SuppressedBy.BASELINE) or report.hidden_by(SuppressedBy.UNCHANGED):
        return "No new findings"
    return "No findings" if report.hidden_by(SuppressedBy.COMMENT) else "No layer out of order"


def limit(warnings: Iterable[FileWarning]) -> str:
    """How far a claim goes, as the end of its sentence; empty if everything was checked.

    >>> limit([])
    ''
    """
    return ", as far as could be checked" if any(warning.is_gap for warning in warnings) else ""


def suppressed(report: Report) -> str:
    """How many findings comments suppress, as a sentence; empty without any.

    >>> suppressed(Report())
    ''
    """
    count = report.hidden_by(SuppressedBy.COMMENT)
    if not count:
        return ""
    return f"{number(count, 'finding')} {'is suppressed by a comment' if count == 1 else 'are suppressed by comments'}."
