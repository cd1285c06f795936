"""The last lines of a run: how much was found, by rule, and what can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orderlint.diagnostics import Report, Severity
from orderlint.report.clean import nothing_found, number, passed_over

__all__ = ["counts", "render", "statistics"]


def counts(report: Report) -> Mapping[tuple[str, str], int]:
    """How many findings each rule has, by code and name, the most frequent first."""
    found = Counter((finding.code, finding.name) for finding in report.findings)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def statistics(report: Report) -> str:
    """One line a rule: `  3  ORD001  norm-after-activation`; empty without findings.

    >>> statistics(Report())
    ''
    """
    table = counts(report)
    width = max((len(str(count)) for count in table.values()), default=0)
    return "".join(f"{count:>{width}}  {code}  {name}\n" for (code, name), count in table.items())


def render(report: Report) -> str:
    """What the run found, in one to three lines, the last without an end."""
    lines = [_found(report)]
    repairable = sum(1 for finding in report.findings if finding.repair is not None and finding.repair.available)
    if repairable:
        lines.append(f"`orderlint fix` can repair {_share(repairable, len(report.findings))}; `--diff` shows how.")
    if report.errors:
        lines.append(f"{number(len(report.errors), 'error')}: not everything was checked.")
    return "\n".join(lines)


def _found(report: Report) -> str:
    if not report.files or not report.findings:
        return nothing_found(report.files, report.passed_over)
    passed, files = passed_over(report.passed_over), number(report.files, "file")
    warnings = sum(1 for finding in report.findings if finding.severity is Severity.WARNING)
    holding = len({finding.location.path for finding in report.findings})
    found = number(len(report.findings), "finding")
    if warnings:
        found += f" ({number(warnings, 'warning')})"
    return (
        f"{found} in {holding} of {files}{passed and ';' + passed}. `orderlint rule {min(counts(report))[0]}` explains."
    )


def _share(count: int, whole: int) -> str:
    """
    >>> _share(1, 1), _share(2, 2), _share(1, 2)
    ('it', 'all of them', '1 of them')
    """
    if count < whole:
        return f"{count} of them"
    return "it" if whole == 1 else "all of them"
