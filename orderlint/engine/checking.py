"""Checks many files: screens them, checks those that may have findings, and joins the results.

The result for one file is an `Outcome`. A file that cannot be read, or a process that dies, affects no other file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from orderlint.diagnostics import FileError, FileWarning, Finding, Repair, Report
from orderlint.engine.baselines import Baseline
from orderlint.engine.cache import Cache
from orderlint.engine.file_check import check_file
from orderlint.engine.foreign import about_foreign
from orderlint.engine.hiding import Hiding
from orderlint.engine.joining import Joining, joined
from orderlint.engine.places import project_path
from orderlint.engine.renames import with_renames
from orderlint.engine.running import Progress, Running, followed, run
from orderlint.engine.screening import screen_of, screened
from orderlint.engine.session import Session
from orderlint.engine.streaming import OnFindings, Streaming
from orderlint.engine.suspecting import Shown
from orderlint.engine.targets import Basis, Outcome, Target
from orderlint.judging import Rule, Standards
from orderlint.records import record
from orderlint.source.queries import digest, stamp_of
from orderlint.text.files import SourceError, SourceFile, source_from_bytes
from orderlint.text.suppression import CommentProblem

if TYPE_CHECKING:
    from orderlint.engine.changes import Changes

__all__ = ["Elsewhere", "check", "check_text", "idle_comments"]

Elsewhere = Callable[[Sequence[Target], Session, Callable[[Target], Outcome]], Iterator[Outcome]]


def check(
    targets: Sequence[Target],
    *,
    session: Session | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    on_findings: OnFindings | None = None,
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
        targets: The files. Each counts once.
        session: The state of the run; a new one if `None`.
        jobs: The most processes to use; `None` for one per processor, if there is enough work.
        progress: Receives the progress of the run.
        on_findings: Called with the findings of each file that has any, in order, as soon as they are complete.
        trace: Receives the tracebacks of internal errors.
        errors: Errors from before the run, for the report.
        warnings: Warnings from before the run, for the report.
        plans: Whether to plan repairs, which takes several times as long as the rest.
        baselines: The known findings, by the path shown.
        changes: The changes that findings have to touch; `None` to report all findings.
        elsewhere: Returns the outcomes of files, in order, if the work is not done here. It gets the function that
            would do it here.
        settled: The files, by the path shown, whose possible repairs are known and are not planned again.
    """
    session = session or Session()
    baselines = with_renames(baselines or {}, targets)
    hiding = Hiding(baselines, changes)
    targets = _with_known(targets, baselines) if baselines else targets
    with session.run():
        screening = screened(targets, session, jobs)
        worth = screening.kept(targets)
        passed = screening.passed_over(targets)
        joining = Joining(targets, session.registry)
        left = _recall(worth, session, plans, joining)
        streaming = Streaming(
            joining, targets, [target for _, target in left], screen_of(session), hiding.of_reported(on_findings)
        )
        left.sort(key=lambda item: (streaming.rank(item[1]), item[0]))
        planning = _Planning(plans, settled)
        how = Running(len(targets), jobs=jobs, progress=progress, trace=trace)
        work = _Work(session, planning, how, elsewhere, joining, streaming)
        with _saving(session.cache):
            work.do(left)
            streaming.all_done()
            if unsettled := joining.unsettled():
                work.do([(number, replace(worth[number], in_full=True)) for number in unsettled])
        _add_other_kinds(joining, screening.clean(targets), passed, worth)
        report = joining.report()
        streaming.end(report.findings)
    report = _with_all(report, len(passed), errors, warnings)
    return hiding.of_report(report, targets)


@record(frozen=True, slots=True)
class _Planning:
    """For which files repairs are planned.

    Attributes:
        is_wanted: Whether repairs are planned for any file.
        settled: The files whose possible repairs are known, by the path shown.
    """

    is_wanted: bool
    settled: Collection[str]

    def of(self, target: Target) -> bool:
        return self.is_wanted and target.shown not in self.settled


_ALL = _Planning(True, frozenset())


@record(frozen=True, slots=True)
class _Work:
    """The checking of files, and where the outcomes go.

    Attributes:
        session: The state of the run. Its cache keeps the outcomes.
        planning: For which files repairs are planned.
        how: How the work is done in this process and others.
        elsewhere: Checks the files, if the work is not done here.
        joining: Joins the outcomes to a report.
        streaming: Reports findings as soon as they are complete.
    """

    session: Session
    planning: _Planning
    how: Running
    elsewhere: Elsewhere | None
    joining: Joining
    streaming: Streaming

    def do(self, files: Sequence[tuple[int, Target]]) -> None:
        """Check files, each with its number."""
        targets = [target for _, target in files]
        outcomes = _outcomes(targets, self.session, self.planning, self.how, self.elsewhere)
        for (number, target), outcome in zip(files, outcomes, strict=True):
            self.joining.add(outcome, number)
            if self.session.cache is not None:
                self.session.cache.keep(target, outcome, plans=self.planning.of(target))
            self.streaming.done(target, outcome)


def _outcomes(
    files: Sequence[Target], session: Session, planning: _Planning, how: Running, elsewhere: Elsewhere | None
) -> Iterator[Outcome]:
    """The outcome of each file, in order, wherever the work is done."""
    work = partial(_check_target, session, planning=planning, records=session.cache is not None, shown=Shown())
    if elsewhere is not None:
        return followed(elsewhere(files, session, work), files, how)
    return run(work, files, _died, how, target=lambda target: target)


def _with_all(report: Report, num_unread: int, errors: Sequence[FileError], warnings: Sequence[FileWarning]) -> Report:
    """The report, with unread files counted as passed over, and with errors and warnings from before the run."""
    files, passed_over = report.files - num_unread, report.passed_over + num_unread
    errors, warnings = (*errors, *report.errors), (*warnings, *report.warnings)
    return replace(report, errors=errors, warnings=warnings, files=files, passed_over=passed_over)


def _with_known(targets: Sequence[Target], baselines: Mapping[str, Baseline]) -> list[Target]:
    """The targets, each with its known findings."""
    known = {shown: baseline.known_in(shown) for shown, baseline in baselines.items()}
    return [replace(target, known=known.get(target.shown, frozenset())) for target in targets]


def _add_other_kinds(
    joining: Joining, clean: Sequence[Target], passed: Sequence[Target], worth: Sequence[Target]
) -> None:
    """Add warnings about files that use other libraries, before all other outcomes.

    Args:
        joining: Joins the outcomes of the run.
        clean: Files with Keras layers in which no finding is possible.
        passed: Files without Keras layers.
        worth: Files that were analyzed. Some of them turned out to have no Keras layers.
    """
    joining.add_first(_other_kinds(clean))
    bare = [target for target in worth if joining.is_bare(target)]
    joining.add_first(_other_kinds([*passed, *bare], is_counted=True))


def _other_kinds(targets: Sequence[Target], *, is_counted: bool = False) -> Iterator[Outcome]:
    """The outcomes for named files without Keras layers, with the warning that they use another library.

    Args:
        targets: The files.
        is_counted: Whether they are already counted as files without Keras layers.
    """
    for target, warning in about_foreign(targets):
        yield Outcome(target.shown, warnings=[warning], is_bare=not is_counted)


def _recall(targets: Sequence[Target], session: Session, plans: bool, joining: Joining) -> list[tuple[int, Target]]:
    """Add the stored outcomes of files, and return the other files with their indices."""
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
    """Write new entries at the end, even after an error or an interrupt."""
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
        session: The state of the run.
        target: The file.
        planning: For which files repairs are planned.
        records: Whether to record the dependencies of the outcome.
        shown: What earlier files show that were checked in this process, if there were any.
    """
    plans = planning.of(target)
    shown = shown or Shown()
    stamp = stamp_of(target.path) if target.data is None else None
    try:
        data = target.bytes()
        file = source_from_bytes(data, target.shown)
    except SourceError as error:
        return Outcome(target.shown, errors=[FileError(target.shown, error.message)])

    def checked() -> Outcome:
        last = session.last_analysis
        if last is None or not last.holds(file, target.standards.roles, session.project):
            read, graphs = file, None
        else:
            read, graphs = last.file, last.graphs
        check_it = partial(check_file, read, target.standards, session, plans=plans, known=target.known, graphs=graphs)
        outcome = check_it(in_full=target.in_full)
        if shown.lacks_any(outcome.suspects):
            outcome = check_it(in_full=True)
        shown.note(target.absolute, outcome)
        return _limited(outcome, target)

    if not records or target.data is not None:
        return checked()
    with session.project.recording() as queries:
        outcome = checked()
        if outcome.findings:  # whether a repair is made depends on files that read the layers by name
            session.project.around(target.absolute)
    places = {path: project_path(path) for path in {finding.location.path for finding in outcome.findings}}
    outcome.basis = Basis(stamp, digest(data), dict(queries), places)
    return outcome


def _limited(outcome: Outcome, target: Target) -> Outcome:
    """The outcome without repairs, if the file may not be written."""
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


def idle_comments(targets: Sequence[Target], session: Session) -> dict[str, list[tuple[Rule, CommentProblem]]]:
    """The unused suppression comments, by path, in files that are checked for them.

    Args:
        targets: The files. They are read in this process.
        session: The state of the run.
    """
    kept = screened(targets, session).kept(targets)
    outcomes = [_check_target(session, replace(target, in_full=True)) for target in kept]
    return joined(outcomes, targets, session.registry).idle_comments()
