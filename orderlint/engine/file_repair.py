"""Repairs one file in memory. The result is a `FileRepair`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from orderlint.diagnostics import (
    FileError,
    FileWarning,
    Finding,
    RepairedFinding,
    RepairKind,
    TextChange,
)
from orderlint.engine.failures import failure
from orderlint.engine.file_check import check_file
from orderlint.engine.identity import known_places
from orderlint.engine.last_analysis import LastAnalysis
from orderlint.engine.session import Session
from orderlint.engine.targets import Outcome
from orderlint.engine.wanted import Wanted
from orderlint.judging import Standards
from orderlint.records import record
from orderlint.text.files import SourceError, SourceFile, source_from_bytes

if TYPE_CHECKING:
    from orderlint.repair import FixResult
    from orderlint.repair.results import Ask
    from orderlint.source import Analysis

__all__ = ["ALL", "FileRepair", "Kinds", "changes_of", "milder", "place_of", "repair_file"]

Kinds = tuple[RepairKind, ...]
ALL: Kinds = tuple(RepairKind)
Place = tuple[str, str, "int | None", int, int]


def milder(kind: str) -> Kinds:
    """A kind of repair and the milder kinds."""
    return ALL[: ALL.index(RepairKind(kind)) + 1]


@record(slots=True)
class FileRepair:
    """The result of repairing one file. It is sent between processes.

    Attributes:
        shown: The path of the file in reports.
        found: The findings in the file, before suppression, and in the files that it imports.
        old: The bytes that were read, if the file changes.
        new: The new bytes; `None` if the file does not change.
        changes: The texts that differ.
        repaired: The findings that were repaired.
        revealed: The number of newly revealed findings of rules that were not selected, by code.
        reasons: Why findings were left, by their places in the new text.
        is_bare: Whether the file neither applies nor names Keras layers.
        is_skipped: Whether a comment skips the file.
        errors: Errors that prevented a repair.
        tracebacks: Tracebacks of failures of orderlint itself.
        gaps: Warnings about parts that were only partly checked, if there are no findings.
        explains_all: Whether the reasons for all remaining findings are those that a check would give, because nothing
            prevented a possible repair.
        checked: The outcome of the check before any repair; `None` if it failed.
    """

    shown: str
    found: list[Finding] = field(default_factory=list)
    old: bytes = b""
    new: bytes | None = None
    changes: tuple[TextChange, ...] = ()
    repaired: tuple[RepairedFinding, ...] = ()
    revealed: tuple[tuple[str, int], ...] = ()
    reasons: dict[Place, str] = field(default_factory=dict)
    is_bare: bool = False
    is_skipped: bool = False
    errors: list[FileError] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    gaps: list[FileWarning] = field(default_factory=list)
    explains_all: bool = False
    checked: Outcome | None = None

    def taken_back(self, reason: str) -> FileRepair:
        """The result if the file is left unchanged, with the reason."""
        reasons = {place_of(one.finding): reason for one in self.repaired}
        return replace(
            self,
            new=None,
            changes=(),
            repaired=(),
            revealed=(),
            reasons={**self.reasons, **reasons},
            explains_all=False,
        )


def repair_file(
    file: SourceFile,
    standards: Standards,
    session: Session,
    kinds: Kinds = ALL,
    ask: Ask | None = None,
    known: Collection[str] = frozenset(),
) -> FileRepair:
    """Repair one file that has been read. It is not written. Known findings are left alone."""
    made: list[Analysis] = []
    outcome = check_file(file, standards, session, plans=False, analyzed=made.append)
    if outcome.suspects:  # if a glance finds nothing, there is nothing to repair
        outcome = check_file(file, standards, session, plans=False, in_full=True, analyzed=made.append)
    result = FileRepair(file.path, outcome.findings, is_bare=outcome.is_bare, is_skipped=outcome.is_skipped)
    result.checked = outcome
    if not outcome.findings:
        result.gaps = [warning for warning in outcome.warnings if warning.is_gap]
    if not outcome.tracebacks and any(finding.location.path == file.path for finding in outcome.findings):
        try:
            _fix(result, file, next(iter(made), None), standards, kinds, session, ask, known)
        except Exception as error:  # a failure on one file must not prevent the repair of others
            failed = Outcome(file.path)
            failed.failed(failure("the repair", error, file), error)
            reasons = {place_of(finding): "its repair failed" for finding in outcome.findings}
            result = FileRepair(
                file.path, outcome.findings, reasons=reasons, errors=failed.errors, tracebacks=failed.tracebacks
            )
    return result


def _fix(
    result: FileRepair,
    file: SourceFile,
    graphs: Analysis | None,
    standards: Standards,
    kinds: Kinds,
    session: Session,
    ask: Ask | None,
    known: Collection[str],
) -> None:
    from orderlint.repair import fix_text

    if not kinds:
        return
    wanted = Wanted(session.registry, kinds)
    with session.project.recording() as queries:

        def keep(repaired: SourceFile, made: Analysis) -> None:
            session.last_analysis = (
                LastAnalysis(repaired, made, standards.roles, dict(queries)) if repaired is not file else None
            )

        fixed = fix_text(
            file,
            standards,
            only=kinds[-1],
            wanted=wanted,
            known=known_places(result.found, known, file.path),
            project=session.project,
            ask=ask,
            graphs=graphs,
            keep=keep,
        )
    result.reasons = {place_of(left.finding): left.reason for left in fixed.left}
    result.explains_all = kinds == ALL and ask is None and not known and fixed.problem is None
    if fixed.problem is not None:
        result.errors.append(FileError(file.path, fixed.problem.removeprefix(f"{file.path}: ")))
    if fixed.text == file.text:
        return
    _take_over(result, file, fixed)


def _take_over(result: FileRepair, file: SourceFile, fixed: FixResult) -> None:
    try:
        new = file.to_bytes(fixed.text)
    except SourceError as error:  # the encoding of the file lacks a character of the repair
        result.explains_all = False
        result.reasons |= {place_of(one.finding): error.message for one in fixed.repaired}
        result.errors.append(FileError(file.path, error.message))
        return
    result.old, result.new = file.to_bytes(file.text), new
    result.changes = tuple(changes_of(file, source_from_bytes(new, file.path)))
    result.revealed = fixed.revealed
    checked = {place_of(finding): finding for finding in result.found}
    result.repaired = tuple(_as_checked(one, checked) for one in fixed.repaired)


def _as_checked(one: RepairedFinding, checked: Mapping[Place, Finding]) -> RepairedFinding:
    """A repair with its finding as a check reports it."""
    found = checked.get(place_of(one.finding))
    if found is None:
        return one
    return replace(one, finding=replace(found, repair=one.finding.repair, fix=one.finding.fix))


def changes_of(old: SourceFile, new: SourceFile) -> Iterator[TextChange]:
    """The texts of the cells that differ."""
    for before, after in zip(old.cells, new.cells, strict=True):
        if before.raw != after.raw:
            yield TextChange(before.raw, after.raw, before.number)


def place_of(finding: Finding) -> Place:
    """The code and the location of a finding, which identify it in a text."""
    at = finding.location
    return (finding.code, at.path, at.cell, at.line, at.column)
