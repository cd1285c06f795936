"""Checks files: reads, analyses, judges and suppresses, one at a time or many at once.

What one file comes to is an `Outcome`; `check` puts the outcomes of a run together. A file that cannot be read, a
rule or an analysis that fails, and a process that dies each cost themselves alone.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from orderlint.diagnostics import FileError, FileWarning, Finding, Fix, Repair, RepairKind, Report, Severity, Suppressed
from orderlint.diagnostics.fingerprints import numbered
from orderlint.discovery import shown_path
from orderlint.engine.failures import failure, rule_failure
from orderlint.engine.identity import identified
from orderlint.engine.running import Progress, run
from orderlint.engine.screening import screened
from orderlint.engine.session import Session
from orderlint.engine.wanted import Wanted
from orderlint.graph import LayerGraph, Location, Site
from orderlint.judging import Registry, Rule, Standards, Subject, Violation, judge
from orderlint.judging.reported import finding_of
from orderlint.text.files import SourceError, SourceFile, SyntaxProblem, read_source, source_from_bytes
from orderlint.text.suppression import CommentProblem, Suppressions, suppressions

__all__ = [
    "Outcome",
    "Target",
    "check",
    "check_file",
    "check_text",
    "idle_comments",
    "idle_finding",
    "shown_path",
]

_ELSEWHERE = Repair(False, reason="only a use in another file shows it, and the code here may serve other uses")


@dataclass(frozen=True, slots=True)
class Target:
    """A file to check.

    Attributes:
        path: The file.
        shown: Its path in reports.
        standards: What it is judged by.
        is_named: Whether the user named it, so that it is parsed whatever it seems to hold.
        data: What to check instead of what the file holds.
    """

    path: Path
    shown: str
    standards: Standards
    is_named: bool = False
    data: bytes | None = None

    def read(self) -> SourceFile:
        """The source to check.

        Raises:
            SourceError: It cannot be read; the message says why.
        """
        if self.data is not None:
            return source_from_bytes(self.data, self.shown)
        return read_source(self.path, self.shown)


@dataclass(slots=True)
class Outcome:
    """What one file came to. It travels between processes.

    Attributes:
        shown: The path of the file in reports.
        findings: All that was found, in this file and in those it imports, before suppression.
        suppressions: The suppression comments of the file; `None` if it could not be read.
        errors: What kept it from being checked, wholly or in part.
        warnings: What the user should know.
        tracebacks: Of the failures among the errors.
    """

    shown: str
    findings: list[Finding] = field(default_factory=list)
    suppressions: Suppressions | None = None
    errors: list[FileError] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)

    def failed(self, message: str, error: Exception) -> None:
        """Record a failure of orderlint itself, or of a rule."""
        self.errors.append(FileError(self.shown, message))
        self.tracebacks.append("".join(traceback.format_exception(error)))


def check(
    targets: Sequence[Target],
    *,
    session: Session | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    trace: Callable[[str], None] | None = None,
    errors: Sequence[FileError] = (),
    plans: bool = True,
) -> Report:
    """Check many files.

    Args:
        targets: The files; each counts once.
        session: What the run knows; one of its own if `None`.
        jobs: How many processes may work; `None` for one per processor, and only where there is enough to do.
        progress: Told after each file how many are done, of how many.
        trace: Told the tracebacks of failures of orderlint itself.
        errors: What is to stand among the errors of the report from the start.
        plans: Whether to find out what can be repaired, which takes several times as long as the rest.
    """
    session = session or Session()
    with session.run():
        screening = screened(targets, session)
        work = partial(_check_target, session, plans=plans)
        worth = screening.of(targets)
        found = run(work, worth, _died, total=len(targets), jobs=jobs, progress=progress, trace=trace)
        report = _joined(list(found), targets, session.registry)
    passed_over = screening.passed_over
    return replace(report, errors=(*errors, *report.errors), files=len(targets) - passed_over, passed_over=passed_over)


def check_text(file: SourceFile, standards: Standards, session: Session | None = None) -> Report:
    """Check source that has been read or is in memory."""
    session = session or Session()
    target = Target(Path(file.path), file.path, standards, is_named=True)
    with session.run():
        return _joined([check_file(file, standards, session)], [target], session.registry)


def check_file(file: SourceFile, standards: Standards, session: Session, *, plans: bool = True) -> Outcome:
    """Check one file that has been read.

    Args:
        file: The file.
        standards: What it is judged by.
        session: What the run knows.
        plans: Whether to find out what can be repaired, which means to try it.
    """
    outcome = Outcome(file.path)
    try:
        registry = session.registry
        comments = outcome.suppressions = suppressions(file, registry.names, registry.about_comments)
        outcome.warnings += [FileWarning(problem.location, problem.message) for problem in comments.problems]
        if not comments.skips_file:
            _judge(file, standards, session, outcome, plans)
    except Exception as error:  # whatever fails on one file must not hide the others
        outcome.failed(failure("the analysis", error), error)
    return outcome


def _judge(file: SourceFile, standards: Standards, session: Session, outcome: Outcome, plans: bool) -> None:
    from orderlint.source import analyse  # brings in libcst

    def failed(rule: Rule, error: Exception) -> None:
        outcome.failed(rule_failure(rule, error), error)

    found: list[tuple[Finding, Site]] = []
    for rule in standards.about(Subject.SYNTAX):
        found += [(one, one.location) for one in (_syntax_finding(rule, file, problem) for problem in file.problems)]
    graphs = analyse(file, session.project, standards.roles)
    short = list(graphs.shortfalls)
    violations = judge(graphs, standards.rules, standards.order, failed, short.append)
    outcome.warnings += [FileWarning(one.place.location(), one.message) for one in dict.fromkeys(short)]
    repairs = _repairs(file, violations, graphs, standards, session, outcome) if violations and plans else {}
    for violation in violations:
        repair, fix = repairs.get(id(violation), (_ELSEWHERE, None))
        found.append((finding_of(violation, standards.order, repair, fix), violation.at.place))
    outcome.findings += identified(found)


def _repairs(
    file: SourceFile,
    violations: Sequence[Violation],
    graphs: Sequence[LayerGraph],
    standards: Standards,
    session: Session,
    outcome: Outcome,
) -> Mapping[int, tuple[Repair | None, Fix | None]]:
    """What can be done about the violations in a file, by `id`."""
    from orderlint.repair import plan

    own = [violation for violation in violations if violation.at.place.location().path == file.path]
    try:
        wanted = Wanted(session.registry)
        plans = plan(file, own, graphs, standards, wanted=wanted, project=session.project)
        return {id(planned.violation): (planned.repair, planned.fix) for planned in plans}
    except Exception as error:  # a finding whose repair cannot be planned is a finding still
        outcome.failed(failure("the planning of repairs", error), error)
        return dict.fromkeys(map(id, own), (None, None))


def _check_target(session: Session, target: Target, *, plans: bool = True) -> Outcome:
    try:
        file = target.read()
    except SourceError as error:
        return Outcome(target.shown, errors=[FileError(target.shown, error.message)])
    return check_file(file, target.standards, session, plans=plans)


def _died(target: Target) -> Outcome:
    message = "the process that checked it died (out of memory, or a bug of orderlint: please report it)"
    return Outcome(target.shown, errors=[FileError(target.shown, message)])


def _syntax_finding(rule: Rule, file: SourceFile, problem: SyntaxProblem) -> Finding:
    at = Location(file.path, problem.line, problem.column, problem.line, problem.column + 1, problem.cell)
    what = "this cell does not parse" if problem.cell is not None else "this file does not parse"
    return Finding(rule.code, rule.name, f"{what}: {problem.message}", at, url=rule.url)


def idle_comments(targets: Sequence[Target], session: Session) -> dict[str, list[tuple[Rule, CommentProblem]]]:
    """The suppression comments that suppress nothing, by the path shown, in files that are judged for them.

    Args:
        targets: The files; they are read in this process.
        session: What the run knows.
    """
    outcomes = [_check_target(session, target) for target in screened(targets, session).of(targets)]
    _found(outcomes, targets)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    idle = {target.shown: list(_idle(comments.get(target.shown), target, session.registry)) for target in targets}
    return {shown: problems for shown, problems in idle.items() if problems}


def _joined(outcomes: Sequence[Outcome], targets: Sequence[Target], registry: Registry) -> Report:
    """The report of a run: findings in the files that were asked for, each once, in order."""
    hidden: list[Finding] = []
    found = _found(outcomes, targets, hidden)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    asked = {os.path.abspath(target.path): target for target in targets}
    warnings = (warning for outcome in outcomes for warning in outcome.warnings)
    for target in targets:  # when every finding was asked for
        for rule, problem in _idle(comments.get(target.shown), target, registry):
            finding = _settled(idle_finding(rule, problem), target, {})
            found[finding.code, finding.location] = finding
    return Report(
        findings=tuple(numbered(sorted(found.values(), key=lambda finding: finding.sort_key))),
        errors=tuple(error for outcome in outcomes for error in outcome.errors),
        # Each once: files that import one module stop short in it alike.
        warnings=tuple(dict.fromkeys(replace(one, location=_shown(one.location, asked)) for one in warnings)),
        files=len(targets),
        suppressed=tuple(map(Suppressed, sorted(hidden, key=lambda finding: finding.sort_key))),
    )


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
    finding = Finding(rule.code, rule.name, problem.message, problem.location, repair=repair, url=rule.url)
    return identified([(finding, problem.location)])[0]


def _idle(comments: Suppressions | None, target: Target, registry: Registry) -> Iterator[tuple[Rule, CommentProblem]]:
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
