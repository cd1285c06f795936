"""The last line of an inspection."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.diagnostics import Report
from orderlint.report.claims import limit
from orderlint.report.summary import explained
from orderlint.report.terminal import fitted

__all__ = ["render"]


def render(reports: Sequence[Report], num_errors: int = 0, width: int | None = 100, room: int | None = None) -> str:
    """What was found in all models together, one report a model.

    Args:
        reports: What was found.
        num_errors: How many models could not be inspected.
        width: The cells of a row of what is explained; `None` for any number.
        room: The cells of a row of what else is said; `None` for any number.

    >>> render([Report(), Report()])
    'No layer out of order in 2 models.'
    """
    found = sum(len(report) for report in reports)
    lines = []
    if reports:
        models = _number(len(reports), "model")
        lines.append(
            f"No layer out of order in {models}{limit(warning for report in reports for warning in report.warnings)}."
        )
        lines[0] = fitted(lines[0], room)
        if found:
            holding = sum(bool(report.findings) for report in reports)
            code = min(finding.code for report in reports for finding in report)
            where = models if holding == len(reports) else f"{holding} of {models}"
            lines[0] = fitted(f"{_number(found, 'finding')} in {where}.", room)
            lines += explained([finding for report in reports for finding in report], width)
            lines.append(fitted(f"`orderlint rule {code}` explains the rule.", room))
    if num_errors:
        lines.append(f"{_number(num_errors, 'target')} could not be inspected.")
    return "\n".join(lines)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
