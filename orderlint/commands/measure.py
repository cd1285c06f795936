"""`orderlint measure TARGET --data FILE`: measure what the order of the layers does to a model, on your data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._errors import unusable
from orderlint.commands._options import AtLeast, Choice, FactorAtLeast, batch_options, config_options
from orderlint.commands._places import PathName, TargetName
from orderlint.commands._scope import Scope
from orderlint.text.failures import in_words

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.engine.measuring import Measurement, MeasureRequest

__all__ = ["command"]


@click.command(short_help="Measure what the order does to a model (loads and runs it).")
@click.argument("target", type=TargetName())
@click.option(
    "--data",
    metavar="FILE",
    type=PathName(path_type=Path),
    help="The examples: a .npy file, or a .npz file with `x` (and `y`).",
)
@batch_options
@click.option(
    "--passes", metavar="N", type=AtLeast(1), default=4, show_default=True, help="How many training passes to run."
)
@click.option(
    "--format",
    "form",
    type=Choice(["full", "json", "html"]),
    default="full",
    show_default=True,
    help="The output format; html is a page with the drawing.",
)
@click.option(
    "--svg",
    metavar="FILE",
    type=PathName(path_type=Path),
    help="Write a drawing of the shift, from the first layer to the last.",
)
@click.option(
    "--fail-above", metavar="X", type=FactorAtLeast(1.0), help="Fail (status 1) if a shift is above X, or below 1/X."
)
@config_options
@bundled(scope=Scope)
def command(
    scope: Scope,
    target: str,
    data: Path | None,
    labels: Path | None,
    passes: int,
    batch_size: int,
    form: str,
    svg: Path | None,
    fail_above: float | None,
) -> int:
    """Measure what the order of the layers does to a model, on your data.

    For each batch normalization, it shows the shift (the variance of its input in training, divided by that at
    inference) and which dropout causes it. For the model, it shows how many predictions change if the statistics are
    computed without dropout.

    \b
    Unlike `inspect`, this LOADS AND RUNS THE MODEL:
      model.keras, model.h5   Keras loads it in its safe mode: Python code in
                              a Lambda layer is refused
      package.module:factory  your code is imported and run; it builds or
                              loads the model
      file.py::factory        the same in a file
    The model is not changed.

    Use training data, about 1,000 examples in random order. Without data, only normalizations right after a dropout
    are measured: the shift of the others depends on the data.

    Exit status: 0 measured, 1 a shift beyond --fail-above, 2 invalid options, or a model or data that cannot be used.
    """
    from orderlint.console import Output
    from orderlint.engine.measuring import MeasureRequest
    from orderlint.progress import StepLine
    from orderlint.runtime.starting import quiet_start

    if labels is not None and data is None:
        raise click.UsageError("--labels needs --data")
    if svg is not None and not svg.resolve().parent.is_dir():
        raise click.ClickException(f"{svg}: the folder {svg.parent} does not exist")
    if svg is not None and svg.is_dir():
        raise click.ClickException(f"{svg}: is a folder")
    with quiet_start(), StepLine() as line:
        found = _measured(target, data, labels, MeasureRequest(passes, batch_size, line), scope)
    output = Output.to_stdout()
    output.write(_rendered(found, form, output))
    if svg is not None:
        _write_svg(found, svg)
    return 0 if fail_above is None else _failed(found, fail_above)


def _rendered(found: Measurement, form: str, output: Output) -> str:
    from orderlint.report import measurement, measurement_html, measurement_json

    if form == "json":
        return measurement_json.render(found)
    if form == "html":
        return measurement_html.as_page(found)
    return measurement.render(found, width=output.width, glyphs=output.glyphs, color=output.color)


def _measured(
    target: str, data: Path | None, labels: Path | None, request: MeasureRequest, scope: Scope
) -> Measurement:
    from orderlint.config import ConfigError
    from orderlint.engine.inspecting import InspectionError, configured_standards
    from orderlint.engine.measuring import measure_target
    from orderlint.engine.session import Session
    from orderlint.text.regular import exists

    path = Path(target.partition("::")[0])
    try:
        session = Session()
        place = path if exists(path) else Path.cwd() / "model"
        standards = configured_standards(place, scope.options(session), session)
        return measure_target(target, data, labels, request, standards)
    except (InspectionError, ConfigError) as error:
        raise click.ClickException(_named(str(error), target, data, labels)) from None
    except OSError as error:
        raise unusable(error, target) from None


def _named(message: str, target: str, *files: Path | None) -> str:
    """The message after the target, unless it already contains the target or one of the files."""
    is_named = target in message or any(str(path) in message for path in files if path is not None)
    return message if is_named else f"{target}: {message}"


def _write_svg(found: Measurement, path: Path) -> None:
    try:
        path.write_text(found.svg(), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {in_words(error)}") from None


def _failed(found: Measurement, limit: float) -> int:
    """The exit status: 1 if a shift is beyond the limit. An error is written for each such shift."""
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileError
    from orderlint.report.measurement_words import figure

    shifts = [(row.path, row.shift) for row in found.rows if row.shift and not row.is_frozen]
    beyond = [(path, shift) for path, shift in shifts if shift > limit or shift < 1 / limit]
    for path, shift in beyond:
        side = f"above {limit:g}" if shift > limit else f"below 1/{limit:g}"
        write_problems("error", [FileError(found.name, f"the shift of `{path}` is {figure(shift)}, {side}")])
    return int(bool(beyond))
