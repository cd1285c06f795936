"""`orderlint graph FILE[::NAME]`: what orderlint sees of a file."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orderlint.graph import LayerGraph

__all__ = ["command"]


@click.command()
@click.argument("target", metavar="FILE[::NAME]")
@click.option("--format", "form", type=click.Choice(["tree", "json"]), default="tree", show_default=True)
def command(target: str, form: str) -> None:
    """Print the layers of FILE and how data flows between them.

    With NAME only one function or class is analysed, called with its default arguments.
    """
    from orderlint.console import Output
    from orderlint.report import graph as report

    graphs = _graphs(*_split(target))
    output = Output.to_stdout()
    if form == "json":
        output.write(report.render_json(graphs))
        return
    drawn = [report.render_tree(graph, glyphs=output.glyphs) for graph in graphs if graph.calls]
    output.write("\n".join(drawn) or "No layer is applied here.\n")


def _split(target: str) -> tuple[str, str | None]:
    """The file and the name of `net.py::build`; a file name may hold `::` itself."""
    path, separator, name = target.rpartition("::")
    return (path, name) if separator and name.replace(".", "_").isidentifier() else (target, None)


def _graphs(path: str, name: str | None) -> list[LayerGraph]:
    from orderlint.engine import shown_path
    from orderlint.source import analyse
    from orderlint.source.files import SourceError, read_source

    try:
        file = read_source(path, shown_path(path))
    except SourceError as error:
        raise click.ClickException(f"{path}: {error.message}") from None
    for problem in file.problems:
        cell = f"cell {problem.cell}, " if problem.cell is not None else ""
        click.echo(f"warning: {path}: {cell}line {problem.line} does not parse: {problem.message}", err=True)
    graphs = analyse(file)
    if name is None:
        return graphs
    named = [graph for graph in graphs if graph.name == name]
    if not named:
        near = get_close_matches(name, [graph.name for graph in graphs], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"{path} defines no function or class {name!r}{hint}", param_hint="'FILE[::NAME]'")
    return named
