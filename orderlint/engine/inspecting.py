"""Inspects built models: applies the rules to the graphs of the runtime.

import orderlint

report = orderlint.inspect_model(model)
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderlint.catalog import RoleTable
from orderlint.diagnostics import FileError, FileWarning, Finding, Repair, Report, Severity
from orderlint.engine.failures import rule_failure
from orderlint.engine.identity import identified
from orderlint.engine.session import Session
from orderlint.graph import LayerGraph, Location, Role, Shortfall, gaps
from orderlint.records import record
from orderlint.runtime.errors import InspectionError

if TYPE_CHECKING:
    from orderlint.engine.resolving import Options
    from orderlint.judging import Rule, Standards
    from orderlint.runtime.readmodel import ReadModel
    from orderlint.runtime.specs import InputShape
    from orderlint.text.files import SourceFile

__all__ = [
    "Inspected",
    "InspectionError",
    "configured_standards",
    "findings_in",
    "inspect_file",
    "inspect_model",
    "inspect_target",
    "judged",
    "source_lines",
    "standards_of",
]


def standards_of(
    session: Session,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    order: Sequence[str] | None = None,
    roles: Mapping[str, str | Sequence[str]] | None = None,
) -> Standards:
    """The rules, roles and order for models, from the settings of a configuration.

    Args:
        session: Knows the available rules and roles.
        select: Codes, prefixes of codes, names, or `ALL`; the default rules if it is not given.
        ignore: The same, for rules that do not apply.
        order: A permutation of `norm`, `activation` and `dropout`.
        roles: Dotted names of your own layers, each with its role or roles.

    Raises:
        UnknownRule: A rule does not exist.
        TypeError: `select` or `ignore` is a single word and not a list.
        ValueError: A role does not exist, or an order does not contain each of its roles once.
    """
    from orderlint.engine.resolving import selection_of
    from orderlint.judging import DEFAULT_ORDER, Order

    for argument, rules in (("select", select), ("ignore", ignore)):
        if isinstance(rules, str):
            raise TypeError(f'{argument} is a list of rules, such as ["{rules}"], not the single word {rules!r}')
    registry = session.registry
    codes = selection_of(registry, select, (), ignore).codes(registry.names, registry.usual)
    given = {name: _roles(words) for name, words in (roles or {}).items()}
    return registry.standards(
        codes,
        order=DEFAULT_ORDER if order is None else Order(_roles(order)),
        roles=RoleTable.of({**session.plugins.roles, **given}),
    )


def configured_standards(path: Path, options: Options | None = None, session: Session | None = None) -> Standards:
    """The standards that the configuration of a project sets.

    Args:
        path: A file. The nearest configuration applies.
        options: The options of the command line.
        session: The state of the run; a new one if `None`.

    Raises:
        ConfigError: The configuration is invalid.
    """
    from orderlint.engine.resolving import Resolver

    return Resolver(session or Session(), options).standards(path)


def _roles(given: str | Sequence[str]) -> tuple[Role, ...]:
    return tuple(Role(name) for name in ([given] if isinstance(given, str) else given))


@record(frozen=True, slots=True)
class Inspected:
    """A model that was inspected.

    Attributes:
        graphs: Its layer graph; two graphs if training and inference differ.
        report: The report with the findings.
    """

    graphs: tuple[LayerGraph, ...]
    report: Report


def inspect_model(
    model: Any,
    input_shape: InputShape | None = None,
    *,
    sample: Any = None,
    name: str | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    order: Sequence[str] | None = None,
    roles: Mapping[str, str | Sequence[str]] | None = None,
    standards: Standards | None = None,
    session: Session | None = None,
) -> Report:
    """Check the order of the layers in a built Keras model.

    The model stays exactly as it was.

    Args:
        model: A sequential, functional or subclassed model of Keras 3 (any backend), `tf.keras` or `tf_keras`.
        input_shape: The input shape without the batch size, for a subclassed model that has not been called yet. This
            is a tuple, a list of tuples for several inputs, or a dict of tuples by argument name.
        sample: A batch of input as `model.call` expects it, instead of a shape.
        name: The name of the model in the report. The default is the model's own name.
        select: The rules to apply: their codes, prefixes of codes, or names, or `ALL`. The default is all rules that
            are on by default.
        ignore: The rules not to apply.
        order: The expected order, if it is not the recommended one, such as `["activation", "norm", "dropout"]`.
        roles: The roles of your own layers by dotted name, such as `{"mylib.ConvBN": ["linear", "norm"]}`.
        standards: The last four arguments in one object.
        session: A session to share with other calls. By default, the call has its own.

    Returns:
        A report with the findings. Their locations are layer paths (`encoder/block_2/bn`), with a source line
        where it is known. The warnings name the parts of the model that could not be checked.

    Raises:
        InspectionError: The object is not a model, the model is not built, or its `call` cannot be traced. The message
            gives the reason.
        UnknownRule: There is no such rule.
        ValueError: `order` or `roles` is invalid.
    """
    from orderlint.runtime.models import read_model

    session = session or Session()
    standards = standards or standards_of(session, select, ignore, order, roles)
    read = read_model(model, target=name, input_shape=input_shape, sample=sample, roles=standards.roles)
    return _judged_model(read, standards, session)


def inspect_file(
    path: str | os.PathLike[str],
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    order: Sequence[str] | None = None,
    roles: Mapping[str, str | Sequence[str]] | None = None,
    standards: Standards | None = None,
    session: Session | None = None,
) -> Report:
    """Check the order of the layers in a saved model.

    The file is read as data. No code in it can run.

    Args:
        path: A `.keras` archive, an `.h5` or `.hdf5` file, the output of `to_json()` in a `.json` file, or the folder
            of a Keras 2 SavedModel.
        select: As in `inspect_model`, like all other arguments.

    Raises:
        InspectionError: The file is damaged or unsafe, or contains no model. The message gives the reason.
        OSError: The file cannot be opened.
    """
    from orderlint.runtime.saved import read_file

    session = session or Session()
    standards = standards or standards_of(session, select, ignore, order, roles)
    read = read_file(Path(path), roles=standards.roles)
    return _judged_model(read, standards, session)


def inspect_target(
    text: str, standards: Standards, input_shape: InputShape | None = None, session: Session | None = None
) -> Inspected:
    """Inspect a target of the command line (see `orderlint.runtime.targets`).

    Args:
        text: The target.
        standards: The rules, the roles and the order that apply to it.
        input_shape: The input shape, for a model that does not know it.
        session: The state of the run. Modules that changed since it imported them are imported again.

    Raises:
        InspectionError: The target cannot be inspected. The message gives the reason.
        OSError: A file cannot be opened.
    """
    from orderlint.runtime.reading import read_target

    session = session or Session()
    with session.imports.fresh():
        read = read_target(text, input_shape=input_shape, roles=standards.roles)
    return Inspected(read.graphs, _judged_model(read, standards, session, text))


def findings_in(
    graphs: Sequence[LayerGraph], standards: Standards, session: Session, file: SourceFile | None = None
) -> list[Finding]:
    """The findings in graphs.

    Args:
        graphs: The graphs of a file or a model.
        standards: The rules, the roles and the order that apply.
        session: The state of the run.
        file: The source, whose comments may suppress findings.
    """
    found = judged(graphs, standards).findings
    if file is None:
        return list(found)
    from orderlint.text.suppression import suppressions

    comments = suppressions(file, session.registry.names, session.registry.about_comments)
    return [one for one in found if one.location.path != file.path or not comments.covers(one.code, one.location)]


def _judged_model(read: ReadModel, standards: Standards, session: Session, target: str | None = None) -> Report:
    """The report on a model."""
    from orderlint.engine.commented import without_suppressed
    from orderlint.engine.mistyped import mistyped_classes

    report = judged(read.graphs, standards, notes=read.notes, target=target)
    report = without_suppressed(report, session)
    name = target or read.graphs[0].place.location().path
    slips = [FileWarning(Location(name), said) for said in mistyped_classes(read.without_role, standards.roles)]
    return replace(report, warnings=(*report.warnings, *slips)) if slips else report


def judged(
    graphs: Sequence[LayerGraph], standards: Standards, *, notes: Iterable[str] = (), target: str | None = None
) -> Report:
    """The report on the graphs of one model."""
    from orderlint.judging import judge
    from orderlint.judging.reported import finding_of

    errors: list[FileError] = []
    name = target or (graphs[0].place.location().path if graphs else "")

    def failed(rule: Rule, error: Exception) -> None:
        errors.append(FileError(name, rule_failure(rule, error)))

    short: list[Shortfall] = []
    violations = judge(graphs, standards.rules, standards.order, failed, short.append)
    found = [
        (_settled(finding_of(violation, standards.order), standards), violation.at.place) for violation in violations
    ]
    return Report(
        findings=tuple(_along_the_flow(identified(found), graphs)),
        errors=tuple(errors),
        warnings=(
            *(FileWarning(Location(name), f"not checked: {note}", is_gap=True) for note in notes),
            *(FileWarning(place.location(), message, is_gap=True) for place, message in gaps(short)),
        ),
        files=1,
    )


def _along_the_flow(findings: Iterable[Finding], graphs: Sequence[LayerGraph]) -> Sequence[Finding]:
    """The findings in the order of their source lines, or else in the order in which data passes the layers."""
    ranks: dict[Location, int] = {}
    for call in (call for graph in graphs for call in graph.calls):
        ranks.setdefault(call.place.location(), len(ranks))

    def key(finding: Finding) -> tuple[str, int, int, int, int, str]:
        at = finding.location
        return at.path, at.cell or 0, at.line, at.column, ranks.get(at, len(ranks)), finding.code

    return sorted(findings, key=key)


def _settled(finding: Finding, standards: Standards) -> Finding:
    """The finding with its severity, and with the repair as advice, because there is no source to edit."""
    severity = Severity.WARNING if finding.code in standards.warn else Severity.ERROR
    return replace(finding, severity=severity, repair=_advice(finding.repair))


def _advice(repair: Repair | None) -> Repair | None:
    if repair is None or not repair.available:
        return repair
    code = "the code that builds the model"
    what = f"in {code}, {repair.title}" if repair.title else f"change {code}"
    return Repair(False, reason=f"built models are not edited; {what}")


def source_lines(location: Location) -> Sequence[str] | None:
    """The lines of the file of a location, for reports; `None` if the source is not known."""
    linecache.checkcache(location.path)  # the file may have changed since an earlier report
    return [line.rstrip("\n") for line in linecache.getlines(location.path)] or None
