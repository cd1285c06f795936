"""`orderlint inspect TARGET...`: find layers out of order in built and saved models."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._options import options_of, rule_options
from orderlint.commands._shapes import input_shape_of, shape_option

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Report
    from orderlint.engine.inspecting import Inspected
    from orderlint.engine.planning import Options
    from orderlint.runtime.specs import InputShape

__all__ = ["command"]


@click.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@rule_options
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Take the settings from FILE.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@shape_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How to report.",
)
@click.option("--tree/--no-tree", default=True, help="Whether `full` draws the model, the misplaced layers marked.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option("--exit-zero", is_flag=True, help="Do not fail because of findings (status 2 stays).")
def command(
    targets: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    config: Path | None,
    isolated: bool,
    shapes: tuple[str, ...],
    form: str,
    tree: bool,
    statistics: bool,
    exit_zero: bool,
) -> int:
    """Find layers out of order in built and saved models.

    \b
    A file is read as data, none of its code runs, no Keras is needed:
      model.keras             an archive of Keras 3 or tf_keras
      model.h5, model.hdf5    a whole model in HDF5 (needs h5py)
      model.json              the text of model.to_json()
      folder/                 a SavedModel of Keras 2
    \b
    These targets IMPORT AND RUN YOUR CODE, which builds the model:
      package.module:factory  a function without arguments, or a model
      file.py::factory        the same in a file

    Exit status: 0 nothing found, 1 findings, 2 wrong use, bad configuration, or a target that cannot be inspected.
    """
    from orderlint.console import Output

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on starting are no part of the report
    options = options_of(select, extend_select, ignore, (), False, config, isolated)
    inspected, report = _inspect(targets, options, input_shape_of(shapes))
    _write(inspected, report, Output.to_stdout(), form, tree, statistics)
    return 0 if exit_zero and report.exit_status == 1 else report.exit_status


def _inspect(
    targets: tuple[str, ...], options: Options, input_shape: InputShape | None
) -> tuple[list[Inspected], Report]:
    """What was found in each target that could be inspected, and in all together."""
    from orderlint.config import ConfigError
    from orderlint.diagnostics import FileError, Report
    from orderlint.engine.inspecting import InspectionError, Standards, inspect_target

    inspected, errors = [], []
    for target in dict.fromkeys(targets):
        try:
            inspected.append(inspect_target(target, Standards.configured(_place(target), options), input_shape))
        except InspectionError as error:
            errors.append(FileError(target, str(error)))
        except OSError as error:
            errors.append(FileError(target, (error.strerror or str(error)).lower()))
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
    reports = [one.report for one in inspected]
    report = Report(
        findings=tuple(finding for one in reports for finding in one.findings),
        errors=tuple(errors),
        warnings=tuple(warning for one in reports for warning in one.warnings),
        files=len(inspected),
    )
    return inspected, report


def _place(target: str) -> Path:
    """The file a target's configuration is looked up from; a module's is that of the current folder."""
    path = Path(target.partition("::")[0])
    return path if path.exists() else Path.cwd() / "model"


def _write(
    inspected: Sequence[Inspected], report: Report, output: Output, form: str, tree: bool, statistics: bool
) -> None:
    """Findings and counts go to standard output, everything else to standard error."""
    from orderlint.console import write_problems
    from orderlint.report import concise, json, model_summary, summary

    is_text = form == "full"
    if form == "json":
        output.write(json.render(report))
    elif form == "concise":
        output.write(concise.render(report, colour=output.colour, glyphs=output.glyphs))
    else:
        _write_full(inspected, report, output, tree)
    if statistics:
        output.write(summary.statistics(report) + "\n" * bool(is_text and report.findings), err=form == "json")
    if form != "json":
        output.write(
            model_summary.render([one.report for one in inspected], len(report.errors)) + "\n", err=not is_text
        )
    write_problems("warning", report.warnings)
    write_problems("error", report.errors)


def _write_full(inspected: Sequence[Inspected], report: Report, output: Output, tree: bool) -> None:
    """The trees, then the findings with their code where it is known."""
    from orderlint.engine.inspecting import source_lines
    from orderlint.report import full, model

    if tree:
        for one in inspected:
            for graph in one.graphs:
                output.write_rows(model.renderables(graph, one.report.findings, glyphs=output.glyphs))
                output.write("\n")
    output.write_rows(full.renderables(report, source_lines, width=output.width, glyphs=output.glyphs))
