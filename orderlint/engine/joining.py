"""Joins the results of all files: each finding once, in its file, unless a comment suppresses it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from orderlint.diagnostics import Finding, Repair, RepairKind, Report, Severity, Suppressed
from orderlint.diagnostics.fingerprints import numbered
from orderlint.discovery import shown_path
from orderlint.engine.identity import identified
from orderlint.engine.suspecting import Shown
from orderlint.engine.targets import Outcome, Target
from orderlint.graph import Location
from orderlint.judging import Registry, Rule, Subject
from orderlint.judging.suspects import Suspect
from orderlint.text.suppression import CommentProblem, Suppressions

__all__ = ["Joining", "idle", "idle_finding", "joined"]


class Joining:
    """Joins the outcomes of a run as they arrive.

    Args:
        targets: All files that were requested.
        registry: The available rules.
    """

    def __init__(self, targets: Sequence[Target], registry: Registry) -> None:
        self._targets = targets
        self._registry = registry
        self._asked = {target.absolute: target for target in targets}
        self._first: list[Outcome] = []
        self._outcomes: dict[int, Outcome] = {}
        self._comments: dict[str, Suppressions] = {}
        self._bare: set[str] = set()
        self._own = Shown()
        self._shown: dict[str, list[tuple[tuple[bool, int], Finding]]] = {}
        self._finished: dict[str, list[Finding]] = {}
        self._hidden: dict[str, list[Finding]] = {}

    def add(self, outcome: Outcome, number: int) -> None:
        """Add the outcome of a file, with its index."""
        self._outcomes[number] = outcome
        if outcome.findings:
            self._own.note(os.path.abspath(outcome.shown), outcome)
        if outcome.suppressions is not None:
            self._comments[outcome.shown] = outcome.suppressions
        if outcome.is_bare:
            self._bare.add(outcome.shown)
        for finding in outcome.findings:
            target = self._asked.get(os.path.abspath(finding.location.path))
            if target is not None and finding.code in target.standards.codes:
                place = (finding.location.path != outcome.shown, number)
                self._shown.setdefault(target.shown, []).append((place, _settled(finding, target, self._asked)))
                self._finished.pop(target.shown, None)

    def settles(self, outcome: Outcome) -> bool:
        """Whether other files show on their own all that this file may show in them, or are not checked."""
        return all(self._own.has(one) or not self._is_asked_for(one) for one in outcome.suspects)

    def unsettled(self) -> list[int]:
        """The indices of files that may show more in other files than those show on their own."""
        return [number for number, outcome in sorted(self._outcomes.items()) if not self.settles(outcome)]

    def _is_asked_for(self, suspect: Suspect) -> bool:
        target = self._asked.get(suspect.path)
        return target is not None and suspect.code in target.standards.codes

    def add_first(self, outcomes: Iterable[Outcome]) -> None:
        """Add outcomes without findings, before all others."""
        self._first += outcomes

    def is_bare(self, target: Target) -> bool:
        """Whether a file with an outcome contains no Keras layer."""
        return target.shown in self._bare

    def finish(self, target: Target) -> list[Finding]:
        """The findings in a file, in order, once all outcomes that may show one have arrived."""
        if target.shown not in self._shown and target.shown not in self._comments:
            return []  # this is the case for nearly every file of a large run, and nothing is stored for it
        if target.shown not in self._finished:
            found = self._left(target)
            for rule, problem in idle(self._comments.get(target.shown), target, self._registry):
                finding = _settled(idle_finding(rule, problem), target, {})
                found[finding.code, finding.location] = finding
            in_order = sorted(found.values(), key=lambda finding: finding.sort_key)
            self._finished[target.shown] = list(numbered(in_order))
        return self._finished[target.shown]

    def _left(self, target: Target) -> dict[tuple[str, Location], Finding]:
        """The findings in a file that no comment suppresses. Comments that suppress a finding are marked as used."""
        comments = self._comments.get(target.shown)
        found: dict[tuple[str, Location], Finding] = {}
        hidden: dict[tuple[str, Location], Finding] = {}
        # Findings of the file's own analysis come first: they know more about the repair than those of its importers.
        for _, finding in sorted(self._shown.get(target.shown, ()), key=lambda pair: pair[0]):
            is_hidden = comments is not None and comments.covers(finding.code, finding.location)
            (hidden if is_hidden else found).setdefault((finding.code, finding.location), finding)
        self._hidden[target.shown] = list(hidden.values())
        return found

    def report(self) -> Report:
        """The report of the run: the findings in the checked files, each once, in order."""
        found = [finding for target in self._targets for finding in self.finish(target)]
        hidden = [finding for target in self._targets for finding in self._hidden.get(target.shown, ())]
        outcomes = [*self._first, *(self._outcomes[number] for number in sorted(self._outcomes))]
        bare = sum(1 for outcome in outcomes if outcome.is_bare)
        skipped = sum(1 for outcome in outcomes if outcome.is_skipped)
        unread = sum(1 for outcome in outcomes if outcome.errors and outcome.suppressions is None)
        warnings = (warning for outcome in outcomes for warning in outcome.warnings)
        return Report(
            findings=tuple(sorted(found, key=lambda finding: finding.sort_key)),
            errors=tuple(error for outcome in outcomes for error in outcome.errors),
            # Each once: files that import the same module have the same warnings about it.
            warnings=tuple(dict.fromkeys(replace(one, location=_shown(one.location, self._asked)) for one in warnings)),
            files=len(self._targets) - bare - skipped - unread,
            skipped=skipped,
            passed_over=bare,
            unparsed=sum(outcome.unparsed for outcome in outcomes),
            suppressed=tuple(map(Suppressed, sorted(hidden, key=lambda finding: finding.sort_key))),
        )

    def idle_comments(self) -> dict[str, list[tuple[Rule, CommentProblem]]]:
        """The unused suppression comments, by path, in files that are checked for them."""
        for target in self._targets:
            self._left(target)
        found = {
            target.shown: list(idle(self._comments.get(target.shown), target, self._registry))
            for target in self._targets
        }
        return {shown: problems for shown, problems in found.items() if problems}


def joined(outcomes: Iterable[Outcome], targets: Sequence[Target], registry: Registry) -> Joining:
    """Join the outcomes of a run."""
    joining = Joining(targets, registry)
    for number, outcome in enumerate(outcomes):
        joining.add(outcome, number)
    return joining


def idle_finding(rule: Rule, problem: CommentProblem) -> Finding:
    """The finding of a rule about an unused suppression comment."""
    what = ", ".join(f"`{code}`" for code in problem.codes) or "the comment"
    repair = Repair(True, RepairKind.EQUIVALENT, title=f"remove {what}")
    finding = replace(rule.finding(problem.message, problem.location), repair=repair)
    return identified([(finding, problem.location)])[0]


def idle(comments: Suppressions | None, target: Target, registry: Registry) -> Iterator[tuple[Rule, CommentProblem]]:
    """The unused suppression comments of a file, each with the rule that reports it."""
    if comments is None:
        return
    for rule in target.standards.about(Subject.COMMENTS):
        for problem in comments.unused(target.standards.codes, registry.usual):
            if not comments.covers(rule.code, problem.location):
                yield rule, problem


def _settled(finding: Finding, target: Target, asked: Mapping[str, Target]) -> Finding:
    """The finding with its severity, and with all paths as reports show them."""
    return replace(
        finding,
        location=_shown(finding.location, asked),
        related=tuple(replace(one, location=_shown(one.location, asked)) for one in finding.related),
        severity=Severity.WARNING if finding.code in target.standards.warn else Severity.ERROR,
    )


def _shown(location: Location, asked: Mapping[str, Target]) -> Location:
    path = os.path.abspath(location.path)
    shown = asked[path].shown if path in asked else shown_path(path)
    return location if shown == location.path else replace(location, path=shown)
