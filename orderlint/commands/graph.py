"""`orderlint graph TARGET`: show the layers of a file or a built model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._options import config_options
from orderlint.commands._output import Reporting, draw, graph_format_option, write_report
from orderlint.commands._places import OutputName, TargetName
from orderlint.commands._scope import Scope
from orderlint.words import hint, near_path

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Finding
    from orderlint.engine.session import Session
    from orderlint.graph import LayerGraph
    from orderlint.judging import Standards
    from orderlint.source import Analysis
    from orderlint.text.files import SourceFile

__all__ = ["command"]

_SHOWN = 5  # the most definitions that an error lists


@click.command(short_help="Show the layers that orderlint sees.")
@click.argument("target", metavar="TARGET", type=TargetName())
@graph_format_option
@click.option(
    "-o",
    "--output-file",
    metavar="FILE",
    type=OutputName(path_type=Path, dir_okay=False),
    help="Write to FILE instead of standard output.",
)
@click.option("--built", is_flag=True, help="Import and run FILE::NAME, and print the model that it builds.")
@config_options
@bundled(scope=Scope, how=Reporting)
def command(scope: Scope, how: Reporting, target: str, built: bool) -> None:
    """Print the layers of TARGET and how data flows between them. Findings are marked.

    \b
    FILE[::NAME]                source, which is not run; with NAME one function
                                or class, called with its default arguments
    model.keras, .h5, .json     a saved model, or the folder of a SavedModel of
                                Keras 2: read as data
    package.module:factory      a model, which is built: this runs your code
    """
    from orderlint.console import Output
    from orderlint.engine.session import Session

    session = Session()
    if built or _is_built(target):
        graphs, findings = _of_model(target, scope, session)
    else:
        graphs, findings = _of_source(*_split(target), scope, session)
    output = Output.to_stdout()
    _show(graphs, findings, target, output, how)
    if "::" in target and not built and not any(graph.calls for graph in graphs):
        click.echo(f"`orderlint graph --built {target}` runs the code, and shows the model that it builds.", err=True)


def _show(
    graphs: Sequence[LayerGraph], findings: Sequence[Finding], target: str, output: Output, how: Reporting
) -> None:
    from orderlint.report import pictures
    from orderlint.report.picture import picture_of

    if how.form in pictures.names():
        drawings = [picture_of(graph, findings, folds=False) for graph in graphs if graph.calls]
        draw(drawings, target, output, how)
    else:
        write_report(_rendered(graphs, findings, how, output), output, how)


def _rendered(graphs: Sequence[LayerGraph], findings: Sequence[Finding], how: Reporting, output: Output) -> str:
    from orderlint.report import graph as report
    from orderlint.report.terminal import UNICODE

    if how.form == "json":
        return report.render_json(graphs, findings)
    glyphs, room = (output.glyphs, output.room) if how.output_file is None else (UNICODE, None)
    drawn = [report.render_tree(graph, findings, glyphs=glyphs, room=room) for graph in graphs if graph.calls]
    return "\n".join(drawn) or "No layers are applied here.\n"


def _standards(path: Path, scope: Scope, session: Session) -> Standards:
    """The standards of a file, from its configuration."""
    from orderlint.config import ConfigError
    from orderlint.engine.inspecting import configured_standards

    try:
        return configured_standards(path, scope.options(session), session)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def _is_built(target: str) -> bool:
    """Whether a target is a model, not source code."""
    from orderlint.runtime.errors import TargetError
    from orderlint.runtime.targets import CodeTarget, parse_target

    if "::" in target or target.endswith((".py", ".pyi", ".ipynb")):
        return False
    try:
        parsed = parse_target(target)
    except TargetError:
        return False
    return not isinstance(parsed, CodeTarget) or isinstance(parsed.module, str)


def _of_model(target: str, scope: Scope, session: Session) -> tuple[Sequence[LayerGraph], Sequence[Finding]]:
    """The graphs of a built or saved model, and the findings in them."""
    from orderlint.diagnostics import Report
    from orderlint.engine.commented import without_suppressed
    from orderlint.engine.inspecting import InspectionError, findings_in
    from orderlint.runtime.reading import read_target
    from orderlint.runtime.saved import SUFFIXES, source_in
    from orderlint.runtime.starting import quiet_start
    from orderlint.text.regular import exists

    path = Path(target.partition("::")[0])
    if str(path) == target and path.is_file() and path.suffix.lower() not in SUFFIXES | {".py"}:
        saved = ", ".join(sorted(SUFFIXES))
        raise click.ClickException(f"{target}: expected source (.py, .ipynb) or a saved model ({saved})")
    if path.is_dir() and (source := source_in(path)) is not None:
        raise click.ClickException(f"{target}: a folder, expected one file of it, such as {source.as_posix()}")
    standards = _standards(path if exists(path) else Path.cwd() / "model", scope, session)
    try:
        with quiet_start():
            graphs = read_target(target, roles=standards.roles).graphs
    except (InspectionError, OSError) as error:
        raise click.ClickException(f"{target}: {error}") from None
    return graphs, without_suppressed(Report(tuple(findings_in(graphs, standards, session))), session).findings


def _split(target: str) -> tuple[str, str | None]:
    """The file and the name of `net.py::build`. A file name may contain `::` itself."""
    path, separator, name = target.rpartition("::")
    return (path, name) if separator and name.replace(".", "_").isidentifier() else (target, None)


def _of_source(
    path: str, name: str | None, scope: Scope, session: Session
) -> tuple[Sequence[LayerGraph], Sequence[Finding]]:
    """The graphs of a file or of one definition in it, and the findings in them."""
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileWarning
    from orderlint.engine.inspecting import findings_in
    from orderlint.engine.shown import shown_findings, shown_graph
    from orderlint.graph import gaps

    file = _read(path)
    standards = _standards(Path(path), scope, session)
    found = _analyzed(file, name, standards, session)
    write_problems("warning", [FileWarning(place.location(), message) for place, message in gaps(found.shortfalls)])
    findings = findings_in(found, standards, session, file)
    return [shown_graph(graph) for graph in found], shown_findings(findings)


def _read(path: str) -> SourceFile:
    from orderlint.discovery import shown_path
    from orderlint.text.files import SourceError, read_source
    from orderlint.text.regular import exists

    try:
        file = read_source(path, shown_path(path))
    except SourceError as error:
        near = "" if exists(path) else near_path(path)
        raise click.ClickException(f"{path}: {error.message}{near}") from None
    _warn_of_problems(path, file)
    return file


def _defined(path: str, names: Sequence[str]) -> str:
    """The end of a message about a name that a file does not define: the names that it defines."""
    if not names:
        return f"; without a name, `orderlint graph {path}` shows the whole file"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"; it defines {', '.join(f'`{name}`' for name in names[:_SHOWN])}{more}"


def _warn_of_problems(path: str, file: SourceFile) -> None:
    """Write a warning for each cell of a notebook that cannot be parsed.

    Raises:
        click.ClickException: A Python file cannot be parsed.
    """
    for problem in file.problems:
        cell = f"cell {problem.cell}, " if problem.cell is not None else ""
        message = f"{path}: {cell}line {problem.line} cannot be parsed: {problem.message}"
        if problem.cell is None:
            raise click.ClickException(message)
        click.echo(f"warning: {message}", err=True)


def _analyzed(file: SourceFile, name: str | None, standards: Standards, session: Session) -> Analysis:
    from orderlint.source import analyze, analyze_definition

    if name is None:
        return analyze(file, session.project, standards.roles)
    try:
        return analyze_definition(file, name, session.project, standards.roles)
    except KeyError as error:
        names = error.args[0]
        near = hint(name, names, otherwise=_defined(file.path, names))
        raise click.BadParameter(
            f"{file.path} defines no function or class `{name}`{near}", param_hint="'TARGET'"
        ) from None
