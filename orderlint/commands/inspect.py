"""`orderlint inspect TARGET...`: find layers out of order in built and saved models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._options import config_options, rule_options, warn_option
from orderlint.commands._output import (
    Reporting,
    deliver,
    draw,
    model_report_options,
    view_of,
)
from orderlint.commands._places import TargetName
from orderlint.commands._scope import Scope
from orderlint.commands._shapes import input_shape_of, shape_option
from orderlint.text.failures import in_words
from orderlint.text.regular import exists

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Report
    from orderlint.engine.inspecting import Inspected
    from orderlint.engine.resolving import Options
    from orderlint.engine.session import Session
    from orderlint.runtime.specs import InputShape

__all__ = ["command"]


@click.command(short_help="Find layers out of order in built or saved models.")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True, type=TargetName())
@rule_options
@warn_option
@config_options
@shape_option
@click.option(
    "--tree/--no-tree",
    default=True,
    help="Whether to draw the model, with the layers that are out of order marked (format `full`).",
)
@model_report_options
@bundled(scope=Scope, how=Reporting)
def command(scope: Scope, how: Reporting, targets: tuple[str, ...], shapes: tuple[str, ...], tree: bool) -> int:
    """Find layers out of order in built and saved models.

    \b
    A file is read as data: none of its code is run, and Keras is not needed:
      model.keras             an archive of Keras 3 or tf_keras
      model.h5, model.hdf5    a whole model in HDF5
      model.json              the text of model.to_json()
      folder/                 a SavedModel of Keras 2
    \b
    These targets IMPORT AND RUN YOUR CODE, which builds the model:
      package.module:factory  a function without arguments, or a model
      file.py::factory        the same in a file

    Exit status: 0 no findings, 1 findings, 2 invalid options or configuration, or a target
    that cannot be inspected.
    """
    from orderlint.console import Output
    from orderlint.engine.session import Session
    from orderlint.runtime.starting import quiet_start

    if how.output_file is not None and any(_is_same(how.output_file, Path(target)) for target in targets):
        raise click.UsageError(f"the report would replace {how.output_file}, which is inspected; name another file")
    session = Session()
    with quiet_start():
        inspected, report = _inspect(session, targets, scope.options(session), input_shape_of(shapes))
    _write(inspected, report, session, Output.to_stdout(), how, tree and not how.quiet)
    return how.status(report)


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names lead to the same file."""
    return exists(one) and exists(other) and one.samefile(other)


def _inspect(
    session: Session, targets: tuple[str, ...], options: Options, input_shape: InputShape | None
) -> tuple[list[Inspected], Report]:
    """The result for each target that could be inspected, and the report on all targets."""
    from orderlint.config import ConfigError
    from orderlint.diagnostics import FileError, Report
    from orderlint.engine.inspecting import InspectionError, configured_standards, inspect_target

    inspected: list[Inspected] = []
    errors = list(session.plugins.problems)
    here = Path.cwd()
    for target in dict.fromkeys(targets):
        try:
            standards = configured_standards(_place(target, here), options, session)
            inspected.append(inspect_target(target, standards, input_shape, session))
        except InspectionError as error:
            errors.append(FileError(target, str(error)))
        except OSError as error:
            errors.append(FileError(target, in_words(error)))
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
    reports = [one.report for one in inspected]
    report = Report(
        findings=tuple(finding for one in reports for finding in one.findings),
        errors=(*errors, *(error for one in reports for error in one.errors)),
        warnings=tuple(warning for one in reports for warning in one.warnings),
        files=len(inspected),
        suppressed=tuple(hidden for one in reports for hidden in one.suppressed),
    )
    return inspected, report


def _place(target: str, here: Path) -> Path:
    """The file that determines the configuration of a target. For a module, it is in the current folder, `here`."""
    path = Path(target.partition("::")[0])
    return path if exists(path) else here / "model"


def _write(
    inspected: Sequence[Inspected], report: Report, session: Session, output: Output, how: Reporting, tree: bool
) -> None:
    from orderlint.engine.inspecting import source_lines
    from orderlint.engine.sources import Sources
    from orderlint.report import model, model_summary, pictures
    from orderlint.report.terminal import styled

    if how.form in pictures.names():
        _draw(inspected, report, output, how)
        return
    view = replace(view_of(output, Sources(), session.registry.rules, how.output_file), lines=source_lines)
    room = output.room if how.output_file is None else None
    drawn = [
        model.render(graph, one.report.findings, glyphs=view.glyphs, color=view.color, room=room)
        for one in inspected
        for graph in one.graphs
        if tree
    ]
    summary = model_summary.render([one.report for one in inspected], len(report.errors), output.known_width, room)
    summary = styled(view.glyphs.spell(summary), color=view.color)
    deliver(report, summary, view, output, how, before="".join(f"{text}\n" for text in drawn))


def _draw(inspected: Sequence[Inspected], report: Report, output: Output, how: Reporting) -> None:
    """Write pictures of the models, and errors."""
    from orderlint.console import write_problems
    from orderlint.report.picture import picture_of

    drawings = [picture_of(graph, one.report.findings) for one in inspected for graph in one.graphs]
    draw(drawings, "", output, how)
    write_problems("error", report.errors)
