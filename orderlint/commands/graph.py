"""`orderlint graph TARGET`: what orderlint sees of a file, or of a built model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orderlint.words import hint

if TYPE_CHECKING:
    from orderlint.diagnostics import Finding
    from orderlint.graph import LayerGraph
    from orderlint.text.files import SourceFile

__all__ = ["command"]


@click.command(short_help="Show the layers that orderlint sees.")
@click.argument("target", metavar="TARGET")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "json", "svg", "mermaid", "dot"]),
    default="tree",
    show_default=True,
    help="A tree to read, JSON, or a picture.",
)
@click.option("--built", is_flag=True, help="Import and run FILE::NAME, and print the model that it builds.")
def command(target: str, form: str, built: bool) -> None:
    """Print the layers of TARGET and how data flows between them, what `check` finds marked.

    \b
    FILE[::NAME]                source, which is not run; with NAME one function
                                or class, called with its default arguments
    model.keras, .h5, .json     a saved model, or the folder of a SavedModel of
                                Keras 2: read as data
    package.module:factory      a model, which is built: this runs your code
    """
    from orderlint.console import Output
    from orderlint.report import graph as report
    from orderlint.report import pictures
    from orderlint.report.picture import picture_of

    file, graphs = (None, _built_graphs(target)) if built or _is_built(target) else _graphs(*_split(target))
    findings = _findings(graphs, file)
    output = Output.to_stdout()
    if form == "json":
        output.write(report.render_json(graphs, findings))
        return
    if form in pictures.names():
        drawings = [picture_of(graph, findings, folds=False) for graph in graphs if graph.calls]
        output.write(pictures.load(form).render(drawings))
        return
    drawn = [
        report.render_tree(graph, findings, glyphs=output.glyphs, room=output.room) for graph in graphs if graph.calls
    ]
    output.write("\n".join(drawn) or "No layer is applied here.\n")


def _findings(graphs: Sequence[LayerGraph], file: SourceFile | None) -> Sequence[Finding]:
    """What is found in the graphs, by the configuration of the first's file."""
    from orderlint.config import ConfigError
    from orderlint.engine.inspecting import findings_in

    try:
        return findings_in(graphs, file)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def _is_built(target: str) -> bool:
    """Whether a target means a model rather than source."""
    from orderlint.runtime.errors import TargetError
    from orderlint.runtime.targets import CodeTarget, parse_target

    if "::" in target or target.endswith((".py", ".pyi", ".ipynb")):
        return False
    try:
        parsed = parse_target(target)
    except TargetError:
        return False
    return not isinstance(parsed, CodeTarget) or isinstance(parsed.module, str)


def _built_graphs(target: str) -> Sequence[LayerGraph]:
    from orderlint.engine.inspecting import InspectionError
    from orderlint.runtime.reading import read_target

    try:
        return read_target(target).graphs
    except (InspectionError, OSError) as error:
        raise click.ClickException(f"{target}: {error}") from None


def _split(target: str) -> tuple[str, str | None]:
    """The file and the name of `net.py::build`; a file name may hold `::` itself."""
    path, separator, name = target.rpartition("::")
    return (path, name) if separator and name.replace(".", "_").isidentifier() else (target, None)


def _graphs(path: str, name: str | None) -> tuple[SourceFile, list[LayerGraph]]:
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileWarning
    from orderlint.engine.checking import shown_path
    from orderlint.source import analyse, analyse_definition
    from orderlint.text.files import SourceError, read_source

    try:
        file = read_source(path, shown_path(path))
    except SourceError as error:
        raise click.ClickException(f"{path}: {error.message}") from None
    for problem in file.problems:
        cell = f"cell {problem.cell}, " if problem.cell is not None else ""
        click.echo(f"warning: {path}: {cell}line {problem.line} does not parse: {problem.message}", err=True)
    try:
        found = analyse(file) if name is None else analyse_definition(file, name)
    except KeyError as error:
        near = hint(name or "", error.args[0], quote="")
        raise click.BadParameter(
            f"{path} defines no function or class {name!r}{near}", param_hint="'FILE[::NAME]'"
        ) from None
    write_problems("warning", [FileWarning(one.place.location(), one.message) for one in found.shortfalls])
    return file, list(found)
