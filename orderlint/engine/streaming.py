"""Reports the findings of files in order, as soon as they are complete.

A file that uses a helper may show a finding in it. So the findings of a file are complete when all files that lead to
it have been checked. Files are checked in the order in which their results are needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from orderlint.diagnostics import Finding
from orderlint.engine.joining import Joining
from orderlint.engine.targets import Outcome, Target
from orderlint.graph import Location
from orderlint.screening.screen import Screen

__all__ = ["OnFindings", "Streaming"]

OnFindings = Callable[[Sequence[Finding]], None]


class Streaming:
    """Reports the files of a run in order.

    Args:
        joining: Joins the outcomes of the files.
        targets: All files, in the order in which they are reported.
        left: The files that have yet to be checked.
        screen: Knows which files the imports of files lead to.
        on_findings: Called with the findings of each file that has any; `None` to report nothing before the end.
    """

    def __init__(
        self,
        joining: Joining,
        targets: Sequence[Target],
        left: Sequence[Target],
        screen: Screen,
        on_findings: OnFindings | None,
    ) -> None:
        self._joining = joining
        self._targets = targets
        self._on_findings = on_findings
        self._reported: set[tuple[str, Location]] = set()
        self._next = 0
        self._unsettled: list[tuple[Target, Outcome]] = []
        self._ranks = _ranks(targets, left, screen) if on_findings is not None and left and len(targets) > 1 else {}
        self._awaited = Counter(map(self.rank, left))
        self._go_on()

    def rank(self, target: Target) -> int:
        """The index of the first file that waits for this one. Files with the lowest ranks should be checked first."""
        return self._ranks.get(target.absolute, 0)

    def done(self, target: Target, outcome: Outcome) -> None:
        """Record the outcome of a file, and report what is now complete."""
        if self._joining.settles(outcome):
            self._awaited[self.rank(target)] -= 1
            self._go_on()
        else:
            self._unsettled.append((target, outcome))

    def all_done(self) -> None:
        """Note that every file was checked. What a file may show in others may have been shown by them since."""
        unsettled, self._unsettled = self._unsettled, []
        for target, outcome in unsettled:
            self.done(target, outcome)

    def end(self, findings: Sequence[Finding]) -> None:
        """Report the remaining findings. Nothing showed that their files had to wait for others."""
        if self._on_findings is not None and (
            late := [finding for finding in findings if _key(finding) not in self._reported]
        ):
            self._on_findings(late)

    def _go_on(self) -> None:
        if self._on_findings is None:
            return
        # A file that leads to another file, and to none before it, has the rank of that file. Others are done by then.
        while self._next < len(self._targets) and not self._awaited[self._next]:
            findings = self._joining.finish(self._targets[self._next])
            self._next += 1
            if findings:
                self._reported.update(map(_key, findings))
                self._on_findings(findings)


def _key(finding: Finding) -> tuple[str, Location]:
    return finding.code, finding.location


def _ranks(targets: Sequence[Target], left: Sequence[Target], screen: Screen) -> Mapping[str, int]:
    """For each remaining file, by absolute path: the index of the first of all files that it leads to."""
    places: dict[str, int] = {}
    for place, target in enumerate(targets):
        places.setdefault(target.absolute, place)
    paths = [target.absolute for target in left]
    least = screen.ahead(paths).least(lambda path: places.get(path, len(places)))
    return {path: least(path) for path in paths}
