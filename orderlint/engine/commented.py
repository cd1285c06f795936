"""Findings of built models that are suppressed by comments in the source code."""

from __future__ import annotations

from dataclasses import replace

from orderlint.diagnostics import Finding, Report, Suppressed
from orderlint.engine.session import Session
from orderlint.text.files import SourceError, read_source
from orderlint.text.suppression import Suppressions, suppressions

__all__ = ["without_suppressed"]


def without_suppressed(report: Report, session: Session) -> Report:
    """A report in which findings with suppression comments are separated.

    Args:
        report: The findings in a model. Findings without a source line are not changed.
        session: Knows the rules that comments may name.
    """
    comments = _Comments(session)
    hidden = [finding for finding in report.findings if comments.suppress(finding)]
    if not hidden:
        return report
    kept = tuple(finding for finding in report.findings if finding not in hidden)
    return replace(report, findings=kept, suppressed=(*report.suppressed, *map(Suppressed, hidden)))


class _Comments:
    """The comments of the files that contain findings. Each file is read once."""

    def __init__(self, session: Session) -> None:
        self._registry = session.registry
        self._of: dict[str, Suppressions | None] = {}

    def suppress(self, finding: Finding) -> bool:
        """Whether a comment suppresses a finding."""
        at = finding.location
        if not at.line:
            return False
        if at.path not in self._of:
            self._of[at.path] = self._read(at.path)
        comments = self._of[at.path]
        return comments is not None and comments.covers(finding.code, at)

    def _read(self, path: str) -> Suppressions | None:
        try:
            file = read_source(path)
        except SourceError:  # the code is not in a file, for example in the session of a notebook
            return None
        return suppressions(file, self._registry.names, self._registry.about_comments)
