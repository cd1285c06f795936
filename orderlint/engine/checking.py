"""Checks files: reads, analyses, judges and suppresses, one at a time or many at once.

What one file comes to is an `Outcome`; `check` puts the outcomes of a run together. A file that cannot be read, a
rule or an analysis that fails, and a process that dies each cost themselves alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from orderlint.diagnostics import FileError, FileWarning, Finding, Fix, Repair, Report
from orderlint.engine.baselines import Baseline
from orderlint.engine.cache import Cache
from orderlint.engine.failures import failure, rule_failure
from orderlint.engine.foreign import about_foreign
from orderlint.engine.glancing import seen_in
from orderlint.engine.hiding import Hiding
from orderlint.engine.identity import KnownPlace, identified, known_places
from orderlint.engine.joining import Joining, joined
from orderlint.engine.mistyped import mistyped
from orderlint.engine.places import project_path
from orderlint.engine.running import Progress, Running, followed, run
from orderlint.engine.screening import leads_to_layers, screened, vocabulary_of
from orderlint.engine.session import Session
from orderlint.engine.suspecting import Shown
from orderlint.engine.targets import Basis, Outcome, Target
from orderlint.engine.telling import Tell, Telling
from orderlint.engine.wanted import Wanted
from orderlint.graph import Location, Site, gaps
from orderlint.judging import Rule, Standards, Subject, Violation, judge
from orderlint.judging.reported import finding_of
from orderlint.records import record
from orderlint.screening.needs import is_about_keras
from orderlint.source.looks import digest, stamp_of
from orderlint.text.files import SourceError, SourceFile, SyntaxProblem, source_from_bytes
from orderlint.text.suppression import CommentProblem, suppressions

if TYPE_CHECKING:
    from orderlint.engine.changes import Changes
    from orderlint.source import Analysis

__all__ = [
    "Elsewhere",
    "check",
    "check_file",
    "check_text",
    "idle_comments",
]

Elsewhere = Callable[[Sequence[Target], Session, Callable[[Target], Outcome]], Iterator[Outcome]]
_ELSEWHERE = Repair(False, reason="only a use in another file causes it, and this code may have other uses")


def check(
    targets: Sequence[Target],
    *,
    session: Session | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
    trace: Callable[[str], None] | None = None,
    errors: Sequence[FileError] = (),
    warnings: Sequence[FileWarning] = (),
    plans: bool = True,
    baselines: Mapping[str, Baseline] | None = None,
    changes: Changes | None = None,
    elsewhere: Elsewhere | None = None,
    settled: Collection[str] = frozenset(),
) -> Report:
    """Check many files.

    Args:
        targets: The files; each counts once.
        session: What the run knows; one of its own if `None`.
        jobs: How many processes may work; `None` for one per processor, and only where there is enough to do.
        progress: Told how far the run is.
        tell: Told the findings of each file that has any, in order, as soon as they are complete.
        trace: Told the tracebacks of failures of orderlint itself.
        errors: What is to stand among the errors of the report from the start.
        warnings: What is to stand among its warnings.
        plans: Whether to find out what can be repaired, which takes several times as long as the rest.
        baselines: By the path shown: the findings that are known.
        changes: What findings are to stand in; `None` for anywhere.
        elsewhere: Gives the outcomes of files, in order, if the work is not done here; it is handed what does it here.
        settled: The files, by shown path, of which it is known what can be repaired: that is not planned again.
    """
    session = session or Session()
    hiding = Hiding(baselines or {}, changes)
    targets = _with_known(targets, baselines) if baselines else targets
    with session.run():
        screening = screened(targets, session, jobs)
        worth = screening.kept(targets)
        passed = screening.passed_over(targets)
        joining = Joining(targets, session.registry)
        left = _recall(worth, session, plans, joining)
        telling = Telling(joining, targets, [target for _, target in left], session.texts, hiding.of_told(tell))
        left.sort(key=lambda item: (telling.rank(item[1]), item[0]))
        planning = _Planning(plans, settled)
        how = Running(len(targets), jobs=jobs, progress=progress, trace=trace)

        def judge_each(left: Sequence[tuple[int, Target]]) -> None:
            outcomes = _outcomes([target for _, target in left], session, planning, how, elsewhere)
            for (number, target), outcome in zip(left, outcomes, strict=True):
                joining.add(outcome, number)
                if session.cache is not None:
                    session.cache.keep(target, outcome, plans=planning.of(target))
                telling.done(target, outcome)

        with _saving(session.cache):
            judge_each(left)
            telling.all_done()
            if unsettled := joining.unsettled():
                judge_each([(number, replace(worth[number], in_full=True)) for number in unsettled])
        _add_other_kinds(joining, screening.clean(targets), passed, worth)
        report = joining.report()
        telling.end(report.findings)
    report = _with_all(report, len(passed), errors, warnings)
    return hiding.of_report(report, targets)


@record(frozen=True, slots=True)
class _Planning:
    """Of which files it is to be found out what can be repaired.

    Attributes:
        is_wanted: Whether of any.
        settled: Those of which it is known, by the path shown.
    """

    is_wanted: bool
    settled: Collection[str]

    def of(self, target: Target) -> bool:
        return self.is_wanted and target.shown not in self.settled


_ALL = _Planning(True, frozenset())


def _outcomes(
    files: Sequence[Target], session: Session, planning: _Planning, how: Running, elsewhere: Elsewhere | None
) -> Iterator[Outcome]:
    """What each file comes to, in order, wherever the work is done."""
    work = partial(_check_target, session, planning=planning, records=session.cache is not None, shown=Shown())
    if elsewhere is not None:
        return followed(elsewhere(files, session, work), files, how)
    return run(work, files, _died, how, target=lambda target: target)


def _with_all(report: Report, num_unread: int, errors: Sequence[FileError], warnings: Sequence[FileWarning]) -> Report:
    """The report with the files that were not read among those passed over, and with problems from before the run."""
    files, passed_over = report.files - num_unread, report.passed_over + num_unread
    errors, warnings = (*errors, *report.errors), (*warnings, *report.warnings)
    return replace(report, errors=errors, warnings=warnings, files=files, passed_over=passed_over)


def _with_known(targets: Sequence[Target], baselines: Mapping[str, Baseline]) -> list[Target]:
    """Targets that know which of their findings are known."""
    known = {shown: baseline.known_in(shown) for shown, baseline in baselines.items()}
    return [replace(target, known=known.get(target.shown, frozenset())) for target in targets]


def _add_other_kinds(
    joining: Joining, clean: Sequence[Target], passed: Sequence[Target], worth: Sequence[Target]
) -> None:
    """Add, before all else, what there is to say of files that are of another kind.

    Args:
        joining: What the run came to.
        clean: Files with Keras layers in which no finding is possible.
        passed: Files without Keras layers.
        worth: Files that were analyzed: some turned out to have no Keras layers.
    """
    joining.add_first(_other_kinds(clean))
    bare = [target for target in worth if joining.is_bare(target)]
    joining.add_first(_other_kinds([*passed, *bare], is_counted=True))


def _other_kinds(targets: Sequence[Target], *, is_counted: bool = False) -> Iterator[Outcome]:
    """What there is to say of files without Keras layers that were named: that they are of another kind.

    Args:
        targets: The files.
        is_counted: Whether they are known to hold no Keras layer.
    """
    for target, warning in about_foreign(targets):
        yield Outcome(target.shown, warnings=[warning], is_bare=not is_counted)


def _recall(targets: Sequence[Target], session: Session, plans: bool, joining: Joining) -> list[tuple[int, Target]]:
    """Take in what files came to in an earlier run, as far as that is known; the others, with their places."""
    left: list[tuple[int, Target]] = []
    for number, target in enumerate(targets):
        known = None
        if session.cache is not None and target.data is None:
            known = session.cache.find(target, session.project, plans=plans)
        if known is None:
            left.append((number, target))
        else:
            joining.add(known, number)
    return left


@contextlib.contextmanager
def _saving(cache: Cache | None) -> Iterator[None]:
    """Write what is new at the end, whatever ends it."""
    try:
        yield
    finally:
        if cache is not None:
            cache.save()


def check_text(file: SourceFile, standards: Standards, session: Session | None = None) -> Report:
    """Check source that has been read or is in memory."""
    session = session or Session()
    target = Target(file.path, file.path, standards, is_named=True)
    with session.run():
        return joined([check_file(file, standards, session)], [target], session.registry).report()


def check_file(
    file: SourceFile,
    standards: Standards,
    session: Session,
    *,
    plans: bool = True,
    known: Collection[str] = frozenset(),
    in_full: bool = False,
) -> Outcome:
    """Check one file that has been read.

    Args:
        file: The file.
        standards: What it is judged by.
        session: What the run knows.
        plans: Whether to find out what can be repaired, which means to try it.
        known: The fingerprints of findings that are left alone by repairs.
        in_full: Whether to find out what the file shows in others, too; else there may be suspects instead.
    """
    outcome = Outcome(file.path)
    try:
        registry = session.registry
        comments = outcome.suppressions = suppressions(file, registry.names, registry.about_comments)
        outcome.warnings += [FileWarning(problem.location, problem.message) for problem in comments.problems]
        outcome.is_skipped = comments.skips_file
        if not comments.skips_file:
            _judge(file, standards, session, outcome, plans, known, in_full)
    except Exception as error:  # whatever fails on one file must not hide the others
        outcome.failed(failure("the analysis", error), error)
    return outcome


def _judge(
    file: SourceFile,
    standards: Standards,
    session: Session,
    outcome: Outcome,
    plans: bool,
    known: Collection[str],
    in_full: bool,
) -> None:
    seen = None if in_full else seen_in(file, standards, session)
    if seen is None:
        _analyze(file, standards, session, outcome, plans, known)
    else:
        outcome.suspects += sorted(seen.suspects)
        outcome.is_bare = not seen.has_layers and not leads_to_layers(file, standards, session)


def _analyze(
    file: SourceFile, standards: Standards, session: Session, outcome: Outcome, plans: bool, known: Collection[str]
) -> None:
    from orderlint.source import analyze  # brings in libcst

    def failed(rule: Rule, error: Exception) -> None:
        outcome.failed(rule_failure(rule, error), error)

    found: list[tuple[Finding, Site]] = []
    problems = _problems(file, standards)
    outcome.unparsed = len(file.problems) - len(problems)
    for rule in standards.about(Subject.SYNTAX):
        found += [(rule.finding(_unparsed(one), _at(file, one)), _at(file, one)) for one in problems]
    if not any(standards.about(Subject.SYNTAX)):  # nobody else tells that something was not checked
        told = ((_at(file, problem), _unparsed(problem)) for problem in problems)
        outcome.warnings += [FileWarning(at, message, is_gap=True) for at, message in told]
    graphs = analyze(file, session.project, standards.roles)
    short = list(graphs.shortfalls)
    outcome.warnings += mistyped(file, standards.roles, session.project)
    is_silent = not problems and not short and not any(graph.calls for graph in graphs)
    outcome.is_bare = is_silent and not leads_to_layers(file, standards, session)
    violations = judge(graphs, standards.rules, standards.order, failed, short.append)
    outcome.warnings += [FileWarning(place.location(), message, is_gap=True) for place, message in gaps(short)]
    repairs = _repairs(file, violations, graphs, standards, session, outcome, known) if violations and plans else {}
    for violation in violations:
        if violation.rule.of_every_use and violation.at.place.location().path != file.path:
            continue
        repair, fix = repairs.get(violation, (_ELSEWHERE, None))
        found.append((finding_of(violation, standards.order, repair, fix), violation.at.place))
    outcome.findings += identified(found)


def _repairs(
    file: SourceFile,
    violations: Sequence[Violation],
    graphs: Analysis,
    standards: Standards,
    session: Session,
    outcome: Outcome,
    known: Collection[str],
) -> Mapping[Violation, tuple[Repair | None, Fix | None]]:
    """What can be done about the violations in a file."""
    from orderlint.repair import plan

    own = [violation for violation in violations if file.holds(violation.at.place)]
    try:
        wanted = Wanted(session.registry)
        put_off = _put_off(own, standards, file.path, known)
        plans = plan(file, own, graphs, standards, wanted=wanted, known=put_off, project=session.project)
        return {planned.violation: (planned.repair, planned.fix) for planned in plans}
    except Exception as error:  # a finding whose repair cannot be planned is a finding still
        outcome.failed(failure("the planning of repairs", error), error)
        return dict.fromkeys(own, (None, None))


def _put_off(
    violations: Sequence[Violation], standards: Standards, path: str, known: Collection[str]
) -> set[KnownPlace]:
    """The places of the violations in a file that a baseline holds: `fix` leaves them alone."""
    if not known:
        return set()
    found = [(finding_of(one, standards.order), one.at.place) for one in violations]
    return known_places(identified(found), known, path)


def _check_target(
    session: Session,
    target: Target,
    *,
    planning: _Planning = _ALL,
    records: bool = False,
    shown: Shown | None = None,
) -> Outcome:
    """Check a file.

    Args:
        session: What the run knows.
        target: The file.
        planning: Of which files it is to be found out what can be repaired.
        records: Whether to record what the outcome is made from.
        shown: What the files show that were checked before in this process.
    """
    plans = planning.of(target)
    stamp = stamp_of(target.path) if target.data is None else None
    try:
        data = target.bytes()
        file = source_from_bytes(data, target.shown)
    except SourceError as error:
        return Outcome(target.shown, errors=[FileError(target.shown, error.message)])

    def checked() -> Outcome:
        check_it = partial(check_file, file, target.standards, session, plans=plans, known=target.known)
        outcome = check_it(in_full=target.in_full)
        if shown is not None and shown.lacks_any(outcome.suspects):
            outcome = check_it(in_full=True)
        if shown is not None:
            shown.note(target.absolute, outcome)
        return _limited(outcome, target)

    if not records or target.data is not None:
        return checked()
    with session.project.recording() as looks:
        outcome = checked()
        if outcome.findings:  # whether a repair is made depends on who reads the layers by name
            session.project.around(target.absolute)
    places = {path: project_path(path) for path in {finding.location.path for finding in outcome.findings}}
    outcome.basis = Basis(stamp, digest(data), dict(looks), places)
    return outcome


def _limited(outcome: Outcome, target: Target) -> Outcome:
    """The outcome with no repair announced in a file that is not to be written."""
    reason = target.why_not_written if outcome.findings else None
    if reason is not None:
        outcome.findings = [
            replace(one, repair=Repair(False, reason=reason), fix=None) if _can_be_repaired(one) else one
            for one in outcome.findings
        ]
    return outcome


def _can_be_repaired(finding: Finding) -> bool:
    return finding.repair is not None and finding.repair.available


def _died(target: Target) -> Outcome:
    message = "the process that checked it died (out of memory, or a bug in orderlint: please report it)"
    return Outcome(target.shown, errors=[FileError(target.shown, message)])


def _problems(file: SourceFile, standards: Standards) -> list[SyntaxProblem]:
    """What does not parse and matters: a cell of a notebook only if it mentions Keras. Many are notes."""
    vocabulary = vocabulary_of(standards.roles)
    return [
        problem
        for problem in file.problems
        if problem.cell is None or is_about_keras(file.cell(problem.cell).text.encode("utf-8", "replace"), vocabulary)
    ]


def _at(file: SourceFile, problem: SyntaxProblem) -> Location:
    return Location(file.path, problem.line, problem.column, problem.line, problem.column + 1, problem.cell)


def _unparsed(problem: SyntaxProblem) -> str:
    what = "this cell does not parse" if problem.cell is not None else "this file does not parse"
    return f"{what}: {problem.message}"


def idle_comments(targets: Sequence[Target], session: Session) -> dict[str, list[tuple[Rule, CommentProblem]]]:
    """The suppression comments that suppress nothing, by the path shown, in files that are judged for them.

    Args:
        targets: The files; they are read in this process.
        session: What the run knows.
    """
    kept = screened(targets, session).kept(targets)
    outcomes = [_check_target(session, replace(target, in_full=True)) for target in kept]
    return joined(outcomes, targets, session.registry).idle_comments()
