"""Hides findings that a baseline or unchanged lines exclude. Comments are handled elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from orderlint.diagnostics import Finding, Report, Suppressed, SuppressedBy
from orderlint.engine.baselines import Baseline, stale_in
from orderlint.engine.streaming import OnFindings
from orderlint.engine.targets import Target

if TYPE_CHECKING:
    from orderlint.engine.changes import Changes  # imports `subprocess`

__all__ = ["Hiding"]


class Hiding:
    """Separates findings that are reported from those that are not.

    Args:
        baselines: The known findings, by the path shown.
        changes: The changes that findings have to touch; `None` to report all findings.
    """

    def __init__(self, baselines: Mapping[str, Baseline], changes: Changes | None = None) -> None:
        self._baselines = baselines
        self._changes = changes
        self._hides = bool(baselines) or changes is not None

    def by(self, findings: Sequence[Finding]) -> list[SuppressedBy | None]:
        """What hides each finding; `None` if nothing does.

        Args:
            findings: All findings in some files.
        """
        files: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.location.path in self._baselines:
                files[finding.location.path].append(finding)
        new = {id(one) for path, found in files.items() for one in self._baselines[path].matched(found)[0]}
        return [self._by(finding, id(finding) in new) for finding in findings]

    def _by(self, finding: Finding, is_new: bool) -> SuppressedBy | None:
        if finding.location.path in self._baselines and not is_new:
            return SuppressedBy.BASELINE
        if self._changes is not None and not self._changes.touch(finding):
            return SuppressedBy.UNCHANGED
        return None

    def of_reported(self, on_findings: OnFindings | None) -> OnFindings | None:
        """A filter for findings that are written as they arrive. Only those that are reported pass."""
        if on_findings is None or not self._hides:
            return on_findings

        def on_reported(findings: Sequence[Finding]) -> None:
            if reported := [one for one, by in zip(findings, self.by(findings), strict=True) if by is None]:
                on_findings(reported)

        return on_reported

    def of_report(self, report: Report, targets: Sequence[Target]) -> Report:
        """A report in which hidden findings are separated.

        Args:
            report: The report with all findings.
            targets: The files that were checked.
        """
        if not self._hides:
            return report
        sorted_out = list(zip(report.findings, self.by(report.findings), strict=True))
        hidden = [Suppressed(finding, by) for finding, by in sorted_out if by is not None]
        return replace(
            report,
            findings=tuple(finding for finding, by in sorted_out if by is None),
            suppressed=(*report.suppressed, *hidden),
            stale=self._stale(report, targets),
            since=None if self._changes is None else self._changes.revision,
            warnings=(*report.warnings, *(() if self._changes is None else self._changes.warnings)),
        )

    def _stale(self, report: Report, targets: Sequence[Target]) -> int | None:
        files = {baseline.file: baseline for baseline in self._baselines.values()}
        return sum(len(list(stale_in(one, report, targets))) for one in files.values()) if files else None
