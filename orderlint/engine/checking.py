"""Checks files: reads, analyses, judges and suppresses, one at a time or many at once.

What one file comes to is an `Outcome`; `check` puts the outcomes of a run together. A file that cannot be read, a
rule or an analysis that fails, and a process that dies each cost themselves alone.
"""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.diagnostics import FileError, FileWarning, Finding, Fix, Repair, RepairKind, Report, Severity, Suppressed
from orderlint.diagnostics.fingerprints import numbered
from orderlint.discovery import shown_path
from orderlint.engine.identity import identified
from orderlint.engine.pool import default_jobs, in_processes
from orderlint.engine.wanted import Wanted
from orderlint.graph import LayerGraph, Location, Site
from orderlint.judging import DEFAULT_ORDER, RULES, Order, Rule, Violation, judge
from orderlint.judging.reported import finding_of
from orderlint.source import Project
from orderlint.text.files import SourceError, SourceFile, SyntaxProblem, may_hold_models, read_source, source_from_bytes
from orderlint.text.suppression import CommentProblem, Suppressions, suppressions

__all__ = [
    "Outcome",
    "Progress",
    "Settings",
    "Target",
    "check",
    "check_file",
    "check_text",
    "forget_imports",
    "idle_comments",
    "idle_finding",
    "is_worth_parsing",
    "jobs_for",
    "project",
    "shown_path",
]

MANY = 50  # starting processes costs more than it saves on so few files
_NAMES = {rule.code: rule.name for rule in RULES.values()}
_USUAL = frozenset(rule.code for rule in RULES.values() if rule.default_on)
_OWN_COMMENT = re.compile(rb"orderlint\s*:|noqa[^\r\n]*ORD", re.IGNORECASE)
_ELSEWHERE = Repair(False, reason="only a use in another file shows it, and the code here may serve other uses")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file is judged by.

    Attributes:
        codes: The codes of the rules that apply to it.
        warn: The codes whose findings do not make the run fail.
        order: The order the ordering rules follow.
        roles: The roles of names, the user's among them.
    """

    codes: tuple[str, ...]
    warn: frozenset[str] = frozenset()
    order: Order = DEFAULT_ORDER
    roles: RoleTable = DEFAULT

    @property
    def rules(self) -> list[Rule]:
        return [RULES[code] for code in self.codes]


@dataclass(frozen=True, slots=True)
class Target:
    """A file to check.

    Attributes:
        path: The file.
        shown: Its path in reports.
        settings: What it is judged by.
        is_named: Whether the user named it, so that it is parsed whatever it seems to hold.
        data: What to check instead of what the file holds.
    """

    path: Path
    shown: str
    settings: Settings
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

    def failed(self, where: str, error: Exception) -> None:
        """Record a failure of orderlint itself."""
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        message = f"internal error in {where}: {what} (a bug of orderlint: please report it, with --debug)"
        self.errors.append(FileError(self.shown, message))
        self.tracebacks.append("".join(traceback.format_exception(error)))


def check(
    targets: Sequence[Target],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    trace: Callable[[str], None] | None = None,
    errors: Sequence[FileError] = (),
) -> Report:
    """Check many files.

    Args:
        targets: The files; each counts once.
        jobs: How many processes may work; `None` for one per processor, and only where there is enough to do.
        progress: Told after each file how many are done, of how many.
        trace: Told the tracebacks of failures of orderlint itself.
        errors: What is to stand among the errors of the report from the start.
    """
    worth = [target for target in targets if is_worth_parsing(target)]
    outcomes = []
    done = len(targets) - len(worth)
    for outcome in _outcomes(worth, jobs_for(worth, jobs)):
        done += 1
        outcomes.append(outcome)
        if progress is not None:
            progress(done, len(targets))
        if trace is not None:
            for text in outcome.tracebacks:
                trace(text)
    report = _joined(outcomes, targets)
    return replace(report, errors=(*errors, *report.errors)) if errors else report


def check_text(file: SourceFile, settings: Settings) -> Report:
    """Check source that has been read or is in memory."""
    target = Target(Path(file.path), file.path, settings, is_named=True)
    return _joined([check_file(file, settings, project())], [target])


def check_file(file: SourceFile, settings: Settings, project: Project | None = None, *, plans: bool = True) -> Outcome:
    """Check one file that has been read.

    Args:
        file: The file.
        settings: What it is judged by.
        project: Where imports are looked up.
        plans: Whether to find out what can be repaired, which means to try it.
    """
    outcome = Outcome(file.path)
    try:
        comments = outcome.suppressions = suppressions(file, _NAMES)
        outcome.warnings += [FileWarning(problem.location, problem.message) for problem in comments.problems]
        if not comments.skips_file:
            _judge(file, settings, project, outcome, plans)
    except Exception as error:  # whatever fails on one file must not hide the others
        outcome.failed("the analysis", error)
    return outcome


def _judge(file: SourceFile, settings: Settings, project: Project | None, outcome: Outcome, plans: bool) -> None:
    from orderlint.source import analyse  # brings in libcst

    found: list[tuple[Finding, Site]] = []
    if "ORD900" in settings.codes:
        found += [(one, one.location) for one in (_syntax_finding(file, problem) for problem in file.problems)]
    graphs = analyse(file, project, settings.roles)
    short = list(graphs.shortfalls)
    violations = judge(
        graphs,
        settings.rules,
        settings.order,
        lambda rule, error: outcome.failed(f"rule {rule.code}", error),
        short.append,
    )
    outcome.warnings += [FileWarning(one.place.location(), one.message) for one in dict.fromkeys(short)]
    repairs = _repairs(file, violations, graphs, settings, project, outcome) if violations and plans else {}
    for violation in violations:
        repair, fix = repairs.get(id(violation), (_ELSEWHERE, None))
        found.append((finding_of(violation, settings.order, repair, fix), violation.at.place))
    outcome.findings += identified(found)


def _repairs(
    file: SourceFile,
    violations: Sequence[Violation],
    graphs: Sequence[LayerGraph],
    settings: Settings,
    project: Project | None,
    outcome: Outcome,
) -> Mapping[int, tuple[Repair | None, Fix | None]]:
    """What can be done about the violations in a file, by `id`."""
    from orderlint.repair import plan

    own = [violation for violation in violations if violation.at.place.location().path == file.path]
    try:
        plans = plan(file, own, graphs, settings, wanted=Wanted(), project=project)
        return {id(planned.violation): (planned.repair, planned.fix) for planned in plans}
    except Exception as error:  # a finding whose repair cannot be planned is a finding still
        outcome.failed("the planning of repairs", error)
        return dict.fromkeys(map(id, own), (None, None))


def jobs_for(targets: Sequence[Target], asked: int | None) -> int:
    """How many processes are to work on files: as many as asked for, else one a processor where that pays."""
    if asked is not None:
        return asked
    return default_jobs() if len(targets) > MANY else 1


def is_worth_parsing(target: Target) -> bool:
    """Whether a file may hold a finding; one that cannot be read may, so that its error is reported."""
    if target.is_named or target.data is not None:
        return True
    try:
        data = target.path.read_bytes()
    except OSError:
        return True
    if may_hold_models(data, target.settings.roles.user):
        return True
    return "ORD901" in target.settings.codes and _OWN_COMMENT.search(data) is not None


def _outcomes(targets: Sequence[Target], jobs: int) -> Iterator[Outcome]:
    if jobs > 1 and len(targets) > 1:
        return in_processes(_check_target, targets, jobs, _died)
    return map(_check_target, targets)


def _check_target(target: Target) -> Outcome:
    try:
        file = target.read()
    except SourceError as error:
        return Outcome(target.shown, errors=[FileError(target.shown, error.message)])
    return check_file(file, target.settings, project())


_projects: list[Project] = []  # one a process: modules that many files import are read once


def project() -> Project:
    """The project of this process."""
    if not _projects:
        _projects.append(Project())
    return _projects[0]


def forget_imports(texts: Mapping[str, bytes] | None = None) -> None:
    """Read imported modules anew, as files have changed.

    Args:
        texts: By absolute path: what to read instead of what a file holds. Only this process knows of it.
    """
    _projects[:] = [Project(texts=texts or {})]


def _died(target: Target) -> Outcome:
    message = "the process that checked it died (out of memory, or a bug of orderlint: please report it)"
    return Outcome(target.shown, errors=[FileError(target.shown, message)])


def _syntax_finding(file: SourceFile, problem: SyntaxProblem) -> Finding:
    at = Location(file.path, problem.line, problem.column, problem.line, problem.column + 1, problem.cell)
    rule = RULES["ORD900"]
    what = "this cell does not parse" if problem.cell is not None else "this file does not parse"
    return Finding(rule.code, rule.name, f"{what}: {problem.message}", at, url=rule.url)


def idle_comments(targets: Sequence[Target]) -> dict[str, list[CommentProblem]]:
    """The suppression comments that suppress nothing, by the path shown, in files that are judged for them.

    Args:
        targets: The files; they are read in this process.
    """
    outcomes = [_check_target(target) for target in targets if is_worth_parsing(target)]
    _found(outcomes, targets)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    idle = {target.shown: list(_idle(comments.get(target.shown), target)) for target in targets}
    return {shown: problems for shown, problems in idle.items() if problems}


def _joined(outcomes: Sequence[Outcome], targets: Sequence[Target]) -> Report:
    """The report of a run: findings in the files that were asked for, each once, in order."""
    hidden: list[Finding] = []
    found = _found(outcomes, targets, hidden)
    comments = {outcome.shown: outcome.suppressions for outcome in outcomes}
    asked = {os.path.abspath(target.path): target for target in targets}
    warnings = (warning for outcome in outcomes for warning in outcome.warnings)
    for target in targets:  # when every finding was asked for
        for finding in _unused(comments.get(target.shown), target):
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
        if target is None or finding.code not in target.settings.codes:
            continue
        finding = _settled(finding, target, asked)
        of_file = comments.get(target.shown)
        if of_file is None or not of_file.covers(finding.code, finding.location):
            found.setdefault((finding.code, finding.location), finding)
        elif hidden is not None:
            hidden.append(finding)
    return found


def _unused(comments: Suppressions | None, target: Target) -> Iterator[Finding]:
    """The findings of suppression comments that suppressed nothing."""
    for problem in _idle(comments, target):
        yield _settled(idle_finding(problem), target, {})


def idle_finding(problem: CommentProblem) -> Finding:
    """The finding that a suppression comment is of no use."""
    rule, what = RULES["ORD901"], ", ".join(f"`{code}`" for code in problem.codes) or "the comment"
    repair = Repair(True, RepairKind.EQUIVALENT, title=f"remove {what}")
    finding = Finding(rule.code, rule.name, problem.message, problem.location, repair=repair, url=rule.url)
    return identified([(finding, problem.location)])[0]


def _idle(comments: Suppressions | None, target: Target) -> Iterator[CommentProblem]:
    """The suppression comments of a file that suppressed nothing, if it is judged for them."""
    if comments is not None and "ORD901" in target.settings.codes:
        for problem in comments.unused(target.settings.codes, _USUAL):
            if not comments.covers("ORD901", problem.location):
                yield problem


def _settled(finding: Finding, target: Target, asked: Mapping[str, Target]) -> Finding:
    """The finding with its severity, and with every path as reports show it."""
    return replace(
        finding,
        location=_shown(finding.location, asked),
        related=tuple(replace(one, location=_shown(one.location, asked)) for one in finding.related),
        severity=Severity.WARNING if finding.code in target.settings.warn else Severity.ERROR,
    )


def _shown(location: Location, asked: Mapping[str, Target]) -> Location:
    path = os.path.abspath(location.path)
    shown = asked[path].shown if path in asked else shown_path(path)
    return location if shown == location.path else replace(location, path=shown)
