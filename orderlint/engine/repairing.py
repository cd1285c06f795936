"""Repairs files: in memory first, then verified on request, then written, then checked again.

The result for one file is a `FileRepair` (`file_repair.py`). `Repairs` contains those of a run and produces a
`FixReport`. Nothing is written before all files are done.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.diagnostics import (
    ChangedFile,
    FileError,
    Finding,
    FixReport,
    LeftFinding,
    Repair,
    RepairedFinding,
    RepairKind,
    Report,
    SuppressedBy,
    not_allowed,
)
from orderlint.discovery import shown_path
from orderlint.engine import checking
from orderlint.engine.baselines import Baseline
from orderlint.engine.file_repair import ALL, FileRepair, Kinds, changes_of, place_of, repair_file
from orderlint.engine.foreign import about_foreign
from orderlint.engine.joining import idle_finding
from orderlint.engine.recognizing import recognized
from orderlint.engine.renames import with_renames
from orderlint.engine.running import Progress, Running, run
from orderlint.engine.screening import screened
from orderlint.engine.session import Session
from orderlint.engine.targets import Outcome, Target
from orderlint.engine.writing import WriteError, clear_leftovers, replace_file
from orderlint.judging import Rule, Subject
from orderlint.text.files import SourceError, source_from_bytes
from orderlint.text.suppression import CommentProblem

if TYPE_CHECKING:
    from orderlint.repair.results import Ask

__all__ = ["Repairs", "repair"]

_NEXT_RUN = "it conflicts with another repair: run again"
_MOST_ROUNDS = 5  # what remains after a comment is removed, such as the end of a range, may become unused


def repair(
    targets: Sequence[Target],
    *,
    session: Session | None = None,
    kinds: Mapping[str, Kinds] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    trace: Callable[[str], None] | None = None,
    errors: Sequence[FileError] = (),
    ask: Ask | None = None,
    baselines: Mapping[str, Baseline] | None = None,
) -> Repairs:
    """Repair many files in memory.

    Args:
        targets: The files. Each counts once.
        session: The state of the run; a new one if `None`.
        kinds: The kinds of repairs to make, by the path shown; all kinds by default.
        jobs: The most processes to use; `None` for one per processor, if there is enough work.
        progress: Receives the progress of the run.
        trace: Receives the tracebacks of internal errors.
        errors: Errors from before the run, for the report.
        ask: Called before each repair. Then only one process is used.
        baselines: The known findings, by the path shown. They are left alone.
    """
    session = session or Session()
    limits = kinds or {}
    with session.run():
        screening = screened(targets, session)
    worth = screening.kept(targets)
    baselines = with_renames(baselines or {}, targets)
    known = {shown: baseline.known_in(shown) for shown, baseline in baselines.items()}
    items = [(target, limits.get(target.shown, ALL), known.get(target.shown, frozenset())) for target in worth]
    work = partial(_repair_target, session, ask=ask)
    jobs = jobs if ask is None else 1
    with session.run():
        how = Running(len(targets), jobs=jobs, progress=progress, trace=trace)
        files = list(run(work, items, _died, how, target=lambda item: item[0]))
    bare = {file.shown for file in files if file.is_bare}
    without = [*screening.passed_over(targets), *(target for target in worth if target.shown in bare)]
    repairs = Repairs(targets, files, session, limits, jobs, errors, baselines, without)
    repairs.tidy()
    return repairs


Item = tuple[Target, Kinds, frozenset[str]]


def _repair_target(session: Session, item: Item, *, ask: Ask | None = None) -> FileRepair:
    target, kinds, known = item
    try:
        file = target.read()
    except SourceError as error:
        return FileRepair(target.shown, errors=[FileError(target.shown, error.message)])
    result = repair_file(file, target.standards, session, kinds, ask, known)
    reason = target.why_not_written if result.new is not None else None
    return result if reason is None else result.taken_back(reason)


def _died(item: Item) -> FileRepair:
    message = "the process that repaired it died (out of memory, or a bug in orderlint: please report it)"
    return FileRepair(item[0].shown, errors=[FileError(item[0].shown, message)])


class Repairs:
    """The repairs of a run, in memory until they are written.

    Args:
        targets: The files.
        files: The results for the files that may have findings.
        session: The state of the run.
        kinds: The kinds of repairs to make, by the path shown.
        jobs: The most processes to use.
        errors: Errors from before the run.
        baselines: The known findings, by the path shown.
        without: The targets without Keras layers.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        files: Sequence[FileRepair],
        session: Session,
        kinds: Mapping[str, Kinds],
        jobs: int | None,
        errors: Sequence[FileError] = (),
        baselines: Mapping[str, Baseline] | None = None,
        without: Sequence[Target] = (),
    ) -> None:
        self._baselines = baselines or {}
        self._without = without
        self._targets = {target.shown: target for target in targets}
        self._files = {file.shown: file for file in files}
        self._session = session
        self._kinds = kinds
        self._jobs = jobs
        self._errors = list(errors)
        self._is_written = False

    @property
    def changed(self) -> dict[Path, bytes]:
        """The new bytes of each file that changes."""
        return {Path(self._targets[file.shown].path): file.new for file in self._files.values() if file.new is not None}

    @property
    def kinds(self) -> dict[Path, RepairKind]:
        """What the repairs of each changed file do to the model."""
        return {
            Path(self._targets[shown].path): max((one.kind for one in file.repaired), key=ALL.index)
            for shown, file in self._files.items()
            if file.repaired
        }

    @property
    def roles(self) -> RoleTable:
        """The roles of names in the changed files. If their configurations differ, these are the roles of the first."""
        changed = (self._targets[shown] for shown, file in self._files.items() if file.new is not None)
        return next((target.standards.roles for target in changed), DEFAULT)

    @property
    def made(self) -> list[RepairedFinding]:
        """The repaired findings, in order."""
        return sorted(self._repaired(), key=lambda one: one.finding.sort_key)

    @property
    def problems(self) -> tuple[FileError, ...]:
        """Errors that prevented a repair or writing a file, but not its check."""
        return (*(error for file in self._files.values() if file.found for error in file.errors), *self._errors)

    def new_text(self) -> bytes:
        """The new text of the only file. It is not written, because the caller uses it."""
        self._is_written = True
        for target in self._targets.values():
            file = self._files.get(target.shown)
            return file.new if file is not None and file.new is not None else target.data or b""
        return b""

    def tidy(self) -> None:
        """Remove unused suppression comments, if this is wanted."""
        wanted = [shown for shown in self._files if self._wants_tidy(shown)]
        for _ in range(_MOST_ROUNDS if wanted else 0):
            with self._session.run(self._unwritten):
                idle = checking.idle_comments([self._target(shown) for shown in wanted], self._session)
            put_right = {shown: self._new(shown, problems) for shown, problems in idle.items()}
            if not any(put_right.values()):
                return
            for shown, problems in put_right.items():
                self._take_out(shown, problems)

    def _wants_tidy(self, shown: str) -> bool:
        wants = any(self._targets[shown].standards.about(Subject.COMMENTS))
        return wants and RepairKind.EQUIVALENT in self._kinds.get(shown, ALL) and not self._files[shown].errors

    def _new(self, shown: str, idle: Sequence[tuple[Rule, CommentProblem]]) -> list[tuple[Rule, CommentProblem]]:
        """The unused comments that are not in a baseline."""
        baseline = self._baselines.get(shown)
        known = frozenset() if baseline is None else baseline.known_in(shown)
        seen = recognized([idle_finding(*one) for one in idle], known).findings
        return [one for number, one in enumerate(idle) if number not in seen]

    def _take_out(self, shown: str, idle: Sequence[tuple[Rule, CommentProblem]]) -> None:
        from orderlint.repair.text.comments import without_comments

        if not idle:
            return
        result, original = self._files[shown], replace(self._target(shown), data=self._targets[shown].data).read()
        file = self._target(shown).read()
        if not result.old:
            result.old = original.to_bytes(original.text)
        problems = [problem for _, problem in idle]
        result.explains_all = False  # its reasons refer to lines that have changed
        result.new = file.to_bytes(without_comments(file, problems, self._session.registry.names))
        result.changes = tuple(changes_of(original, source_from_bytes(result.new, shown)))
        for finding in (idle_finding(rule, problem) for rule, problem in idle):
            title = finding.repair.title if finding.repair is not None else None
            result.found.append(finding)
            result.repaired = (*result.repaired, RepairedFinding(finding, RepairKind.EQUIVALENT, title or ""))

    def refuse(self, error: FileError) -> None:
        """Undo all repairs."""
        self._errors.append(error)
        first = error.message.partition("\n")[0]  # a traceback after the first line is only shown once, with the error
        for shown, file in self._files.items():
            if file.new is not None:
                self._files[shown] = file.taken_back(f"nothing was written: {first.rstrip(':')}")

    def write(self) -> None:
        """Write the files. If one cannot be written, it stays unchanged, and there is an error."""
        self._is_written = True
        clear_leftovers(target.folder for target in self._targets.values() if target.data is None)
        for shown, file in self._files.items():
            if file.new is None:
                continue
            try:
                replace_file(Path(self._targets[shown].path), file.new, expected=file.old)
            except WriteError as error:
                self._errors.append(FileError(shown, error.message))
                self._files[shown] = file.taken_back(f"the file {error.message}")

    def report(self) -> FixReport:
        """The report of the run. The remaining findings are those that a check of the new texts finds."""
        after = self._checked()
        self._session.last_analysis = None
        gaps = (gap for file in self._files.values() for gap in file.gaps)
        errors = {**dict.fromkeys(after.errors), **dict.fromkeys(e for f in self._files.values() for e in f.errors)}
        repaired = self.made
        skipped = sum(1 for file in self._files.values() if file.is_skipped)
        unread = sum(1 for file in self._files.values() if file.errors and not (file.found or file.changes))
        return FixReport(
            repaired=tuple(repaired),
            left=tuple(self._left(finding) for finding in after.findings),
            changed=tuple(ChangedFile(file.shown, file.changes) for file in self._files.values() if file.changes),
            errors=(*errors, *self._errors),
            warnings=(
                *(warning for _, warning in about_foreign(self._without)),
                *dict.fromkeys((*after.warnings, *gaps)),
            ),
            files=len(self._targets) - len(self._without) - skipped - unread,
            passed_over=len(self._without),
            skipped=skipped,
            notes=tuple(self._notes(repaired)),
            is_written=self._is_written,
            revealed=self._revealed(),
            known=after.hidden_by(SuppressedBy.BASELINE),
        )

    def _revealed(self) -> tuple[tuple[str, int, str], ...]:
        counts: Counter[str] = Counter()
        for file in self._files.values():
            counts.update(dict(file.revealed))
        rules = self._session.registry.rules
        return tuple((code, count, rules[code].revealed) for code, count in sorted(counts.items()))

    def _notes(self, repaired: Sequence[RepairedFinding]) -> Iterator[str]:
        """The notes of the rules of repaired findings, each once."""
        rules = {code: self._session.registry.rules[code] for code in sorted({one.finding.code for one in repaired})}
        return iter(dict.fromkeys(rule.repair_note for rule in rules.values() if rule.repair_note))

    def _repaired(self) -> Iterator[RepairedFinding]:
        for file in self._files.values():
            yield from file.repaired

    def _checked(self) -> Report:
        """The report of a check of the new texts. A file without findings is not checked again.

        Repairs are not planned again for a file if its repairs gave the reasons for all remaining findings.
        """
        settled = frozenset(shown for shown, file in self._files.items() if file.explains_all)
        report = self._checked_with(settled)
        unexplained = {
            one.location.path for one in report.findings if one.location.path in settled and not self._reason_given(one)
        }
        return self._checked_with(settled - unexplained) if unexplained else report

    def _reason_given(self, finding: Finding) -> str | None:
        """The reason why the repairs left a finding, if they gave one."""
        return self._files[finding.location.path].reasons.get(place_of(finding))

    def _checked_with(self, settled: frozenset[str]) -> Report:
        where = {shown_path(finding.location.path) for file in self._files.values() for finding in file.found}
        names = [name for name, file in self._files.items() if file.found or name in where]
        targets = [self._target(name) for name in names]
        known = self._checked_before(targets, settled)
        with self._session.run(self._unwritten):
            jobs = self._jobs if self._is_written else 1
            return checking.check(
                targets,
                session=self._session,
                jobs=jobs,
                baselines=self._baselines,
                elsewhere=None if known is None else lambda asked, session, work: (known[one.shown] for one in asked),
                settled=settled,
            )

    def _checked_before(self, targets: Sequence[Target], settled: frozenset[str]) -> dict[str, Outcome] | None:
        """The earlier outcomes of files, if no file of the run changes: a check would find the same again."""
        known: dict[str, Outcome] = {}
        for shown in (target.shown for target in targets):
            file = self._files[shown]
            if file.checked is None or shown not in settled:
                return None
            known[shown] = file.checked
        return None if self.changed else known

    @property
    def _unwritten(self) -> dict[str, bytes]:
        """The texts that imports have to use, because the files do not contain them yet."""
        return {} if self._is_written else {os.path.abspath(path): data for path, data in self.changed.items()}

    def _target(self, shown: str) -> Target:
        target, data = self._targets[shown], self._files[shown].new
        return target if data is None else replace(target, data=data)

    def _left(self, finding: Finding) -> LeftFinding:
        file = self._files[finding.location.path]
        rule = self._session.registry.rules[finding.code]
        given = self._reason_given(finding)
        if given is not None and file.explains_all:
            return LeftFinding(replace(finding, repair=Repair(False, reason=given)), given)
        reason = given or _reason(finding, rule, self._kinds.get(file.shown, ALL))
        return LeftFinding(finding, reason)


def _reason(finding: Finding, rule: Rule, kinds: Kinds) -> str:
    """The reason why a finding was left, if the repairs gave none."""
    repair = finding.repair
    if repair is None:
        return rule.never_because
    if not repair.available:
        return repair.reason or "there is no repair"
    if repair.kind is not None and repair.kind not in kinds:
        return not_allowed(repair.kind)
    return _NEXT_RUN
