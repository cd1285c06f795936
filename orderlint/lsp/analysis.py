"""Checks a document with a session that lives as long as the server."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from orderlint.config import ConfigError
from orderlint.diagnostics import FileWarning, Finding, RepairKind, TextChange
from orderlint.engine import checking, repairing
from orderlint.engine.file_repair import milder
from orderlint.engine.resolving import Options, Resolver, Worklist
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from orderlint.graph import LayerGraph, Location, Unit, units_of
from orderlint.judging import Rule
from orderlint.lsp.documents import Snapshot
from orderlint.records import record
from orderlint.text.decoding import DecodedText, SourceError, decode, encode

__all__ = ["Analysis", "Analyst"]

# "Fix all" may run whenever a file is saved. By default, it should not make the weights of a trained model useless.
_UNASKED = milder(RepairKind.SAME_INFERENCE.value)
_WARM_UP = "from keras.layers import *\nx = BatchNormalization()(Dropout(0.5)(ReLU()(Dense(8)(x))))\n"


@record(frozen=True, slots=True)
class Analysis:
    """The findings in a document.

    Attributes:
        snapshot: The document.
        findings: The findings in it.
        warnings: The warnings about places in it.
        problems: The errors that prevented its check, or made its configuration invalid.
        is_planned: Whether the repairs of the findings are planned.
    """

    snapshot: Snapshot
    findings: tuple[Finding, ...] = ()
    warnings: tuple[FileWarning, ...] = ()
    problems: tuple[str, ...] = ()
    is_planned: bool = False


class Analyst:
    """Runs the engine. Its methods run in one thread and may be interrupted at any time."""

    def __init__(self) -> None:
        self._session = Session()
        self._is_amid = False
        self._overlay: dict[str, bytes] = {}

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The available rules."""
        return self._session.registry.rules

    def warm_up(self) -> None:
        """Import everything, so that the first document does not have to wait. It must not be interrupted."""
        path = Path.cwd() / "warm_up.py"
        work = Resolver(self._session, Options(isolated=True)).worklist_of_text(_WARM_UP.encode(), path)
        checking.check(work.targets, session=self._session)

    def diagnose(self, snapshot: Snapshot, others: Iterable[Snapshot] = (), *, plans: bool = False) -> Analysis:
        """Analyze a document. If its configuration excludes it, there are no findings.

        Args:
            snapshot: The document.
            others: The other open documents. Their texts are used instead of the content of their files.
            plans: Whether to plan repairs, which takes several times as long as the check.
        """
        with _Run(self, snapshot, others) as session:
            try:
                work = self._work(snapshot)
                report = checking.check(work.targets, session=session, jobs=1, plans=plans, baselines=work.baselines)
            except ConfigError as error:
                return Analysis(snapshot, problems=(str(error),))
        problems = (*(error.message for error in work.errors), *(error.message for error in report.errors))
        return Analysis(snapshot, report.findings, report.warnings, problems, plans)

    def fix_all(self, snapshot: Snapshot, others: Iterable[Snapshot] = ()) -> tuple[TextChange, ...]:
        """The changes that repair a document.

        The kinds of repairs are those in its configuration. By default, the predictions of the model stay the same.
        """
        with _Run(self, snapshot, others) as session:
            try:
                configured = Resolver(session).configuration(snapshot.path).repair
                work = self._work(snapshot)
            except ConfigError:
                return ()
            kinds = {target.shown: _UNASKED if configured is None else configured for target in work.targets}
            repairs = repairing.repair(work.targets, session=session, kinds=kinds, jobs=1, baselines=work.baselines)
            report = repairs.report()
        return tuple(change for file in report.changed for change in file.changes)

    def units_at(
        self, snapshot: Snapshot, number: int | None, line: int, column: int, others: Iterable[Snapshot] = ()
    ) -> Sequence[Unit]:
        """The units of the innermost layer that is applied at a position, without duplicate chains.

        Args:
            snapshot: The document.
            number: Its cell.
            line: From 1.
            column: From 1, in code points.
            others: See `diagnose`.
        """
        with _Run(self, snapshot, others) as session:
            try:
                targets = self._work(snapshot).targets
                if not targets:
                    return ()
                return _units_at(self._graphs(session, targets[0]), targets[0].shown, number, (line, column))
            except (ConfigError, SourceError):
                return ()

    def _work(self, snapshot: Snapshot) -> Worklist:
        resolver = Resolver(self._session, Options(force_exclude=True))
        return resolver.worklist_of_text(_bytes(snapshot), snapshot.path)

    def _graphs(self, session: Session, target: Target) -> Sequence[LayerGraph]:
        from orderlint.source import analyze

        with session.run() as project:
            return analyze(target.read(), project, target.standards.roles)


class _Run:
    """Provides the session for one job, with the texts of the open documents.

    After an interruption, it is a new session, because the state of the old one is not known.
    """

    def __init__(self, analyst: Analyst, snapshot: Snapshot, others: Iterable[Snapshot]) -> None:
        self._analyst = analyst
        self._texts = {os.path.abspath(one.path): _bytes(one) for one in (snapshot, *others)}

    def __enter__(self) -> Session:
        analyst = self._analyst
        if analyst._is_amid:
            analyst._session = Session(analyst._overlay, plugins=analyst._session.plugins)
        analyst._is_amid = True
        session = analyst._session
        for path in analyst._overlay.keys() | self._texts.keys():
            if analyst._overlay.get(path) != self._texts.get(path):
                session.overlay(path, self._texts.get(path))
        analyst._overlay = self._texts
        return session

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, Exception):
            self._analyst._is_amid = False


def _bytes(snapshot: Snapshot) -> bytes:
    """The bytes that the editor would write. A Python file may declare its encoding."""
    data = snapshot.source.encode("utf-8", "surrogatepass")
    if snapshot.path.suffix == ".ipynb":
        return data
    try:
        decoded = decode(data)
    except SourceError:  # for example, the UTF-8 bytes are not valid in the declared encoding
        return _reencoded(snapshot.source, data)
    return data if decoded.encoding == "utf-8" else _reencoded(snapshot.source, data)


def _reencoded(source: str, data: bytes) -> bytes:
    from tokenize import detect_encoding

    try:
        encoding, _ = detect_encoding(iter([line + b"\n" for line in data.split(b"\n", 2)[:2]] + [b""]).__next__)
        return encode(source, DecodedText(source, encoding))
    except (SyntaxError, SourceError, LookupError):
        return data


def _units_at(graphs: Iterable[LayerGraph], path: str, number: int | None, place: tuple[int, int]) -> Sequence[Unit]:
    inside = [
        (at.end_line - at.line, at.end_column - at.column, graph, call.id)
        for graph in graphs
        for call in graph.calls
        for at in {call.place.location(), call.applied.location()}
        if _holds(at, path, number, place)
    ]
    smallest = min((one[:2] for one in inside), default=None)
    units: dict[tuple[str, ...], Unit] = {}
    for lines, columns, graph, own in inside:
        if (lines, columns) == smallest:
            for unit in units_of(graph):
                if any(step.call.id == own for step in unit.steps):
                    units.setdefault(unit.chain, unit)
    return tuple(units.values())


def _holds(at: Location, path: str, number: int | None, place: tuple[int, int]) -> bool:
    is_here = at.cell == number and os.path.abspath(at.path) == os.path.abspath(path)
    return is_here and (at.line, at.column) <= place <= (at.end_line, at.end_column)
