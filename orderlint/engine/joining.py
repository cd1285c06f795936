"""What the files of a run came to, put together: each finding once, in its file, unless a comment suppresses it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from orderlint.diagnostics import Finding, Repair, RepairKind, Report, Severity, Suppressed
from orderlint.diagnostics.fingerprints import numbered
from orderlint.discovery import shown_path
from orderlint.engine.identity import identified
from orderlint.engine.targets import Outcome, Target
from orderlint.graph import Location
from orderlint.judging import Registry, Rule, Subject
from orderlint.text.suppression import CommentProblem, Suppressions

__all__ = ["idle", "idle_comments", "idle_finding", "joined"]


def joined(outcomes: Sequence[Outcome], targets: Sequence[Target], registry: Registry) -> Report:
    """The report of a run: findings in the files that were asked for, each once, in order."""
    hidden: list[Finding] = []
    found = _found(outcomes, targets, hidden)
    bare = sum(1 for outcome in outcomes if outcome.is_bare)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    asked = {os.path.abspath(target.path): target for target in targets}
    warnings = (warning for outcome in outcomes for warning in outcome.warnings)
    for target in targets:  # when every finding was asked for
        for rule, problem in idle(comments.get(target.shown), target, registry):
            finding = _settled(idle_finding(rule, problem), target, {})
            found[finding.code, finding.location] = finding
    return Report(
        findings=tuple(numbered(sorted(found.values(), key=lambda finding: finding.sort_key))),
        errors=tuple(error for outcome in outcomes for error in outcome.errors),
        # Each once: files that import one module stop short in it alike.
        warnings=tuple(dict.fromkeys(replace(one, location=_shown(one.location, asked)) for one in warnings)),
        files=len(targets) - bare,
        passed_over=bare,
        suppressed=tuple(map(Suppressed, sorted(hidden, key=lambda finding: finding.sort_key))),
    )


def idle_comments(
    outcomes: Sequence[Outcome], targets: Sequence[Target], registry: Registry
) -> dict[str, list[tuple[Rule, CommentProblem]]]:
    """The suppression comments that suppress nothing, by the path shown, in files that are judged for them."""
    _found(outcomes, targets)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    found = {target.shown: list(idle(comments.get(target.shown), target, registry)) for target in targets}
    return {shown: problems for shown, problems in found.items() if problems}


def _found(
    outcomes: Sequence[Outcome], targets: Sequence[Target], hidden: list[Finding] | None = None
) -> dict[tuple[str, Location], Finding]:
    """The findings that are not suppressed, in the files that were asked for; comments that suppress become used, and
    `hidden` is told what they suppress."""
    asked = {os.path.abspath(target.path): target for target in targets}
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    found: dict[tuple[str, Location], Finding] = {}
    # What a file itself shows comes first: it tells more of the repair than what an importer shows of it.
    every = [(finding, outcome.shown) for outcome in outcomes for finding in outcome.findings]
    for finding, _ in sorted(every, key=lambda pair: pair[0].location.path != pair[1]):
        target = asked.get(os.path.abspath(finding.location.path))
        if target is None or finding.code not in target.standards.codes:
            continue
        finding = _settled(finding, target, asked)
        of_file = comments.get(target.shown)
        if of_file is None or not of_file.covers(finding.code, finding.location):
            found.setdefault((finding.code, finding.location), finding)
        elif hidden is not None:
            hidden.append(finding)
    return found


def idle_finding(rule: Rule, problem: CommentProblem) -> Finding:
    """The finding of a rule that a suppression comment is of no use."""
    what = ", ".join(f"`{code}`" for code in problem.codes) or "the comment"
    repair = Repair(True, RepairKind.EQUIVALENT, title=f"remove {what}")
    finding = Finding(
        rule.code, rule.name, problem.message, problem.location, repair=repair, url=rule.url, why=rule.why
    )
    return identified([(finding, problem.location)])[0]


def idle(comments: Suppressions | None, target: Target, registry: Registry) -> Iterator[tuple[Rule, CommentProblem]]:
    """The suppression comments of a file that suppressed nothing, each with the rule that judges it for that."""
    if comments is None:
        return
    for rule in target.standards.about(Subject.COMMENTS):
        for problem in comments.unused(target.standards.codes, registry.usual):
            if not comments.covers(rule.code, problem.location):
                yield rule, problem


def _settled(finding: Finding, target: Target, asked: Mapping[str, Target]) -> Finding:
    """The finding with its severity, and with every path as reports show it."""
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
