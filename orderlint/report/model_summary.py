"""The summary of an inspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.diagnostics import Report
from orderlint.report.claims import how_many, limit, nothing, suppressed
from orderlint.report.clean import number
from orderlint.report.summary import explained
from orderlint.report.terminal import fitted

__all__ = ["render"]


def render(reports: Sequence[Report], num_errors: int = 0, width: int | None = 100, room: int | None = None) -> str:
    """The summary of several models, with one report each.

    Args:
        reports: The reports.
        num_errors: The number of models that could not be inspected.
        width: The width of the explanations, in cells; `None` for no limit.
        room: The width of all other rows, in cells; `None` for no limit.

    >>> render([Report(), Report()])
    'No layer out of order in 2 models.'
    """
    whole = Report(
        findings=tuple(finding for report in reports for finding in report),
        warnings=tuple(warning for report in reports for warning in report.warnings),
        suppressed=tuple(one for report in reports for one in report.suppressed),
    )
    lines = [*_counted(reports, whole)] if reports else []
    lines = [fitted(line, room) for line in lines] + explained(whole.findings, width)
    if whole.findings:
        code = min(finding.code for finding in whole)
        lines.append(fitted(f"`orderlint rule {code}` explains the rule.", room))
    if num_errors:
        lines.append(f"{number(num_errors, 'target')} could not be inspected.")
    return "\n".join(lines)


def _counted(reports: Sequence[Report], whole: Report) -> Iterator[str]:
    """The number of findings, and of those that comments suppress."""
    models = number(len(reports), "model")
    holding = sum(bool(report.findings) for report in reports)
    if holding:
        where = models if holding == len(reports) else f"{holding} of {models}"
        yield f"{how_many(whole.findings)} in {where}."
    else:
        yield f"{nothing(whole)} in {models}{limit(whole.warnings)}."
    if commented := suppressed(whole):
        yield commented
