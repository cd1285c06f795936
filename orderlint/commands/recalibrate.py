"""`orderlint recalibrate MODEL --data FILE -o OUT`: compute the statistics of a trained model again, without
dropout.
"""

from __future__ import annotations

from pathlib import Path

import click

from orderlint.commands._errors import unusable
from orderlint.commands._options import Choice, batch_options
from orderlint.commands._places import PathName

__all__ = ["command"]


@click.command(short_help="Recompute a trained model's statistics, without dropout.")
@click.argument("model", type=PathName(path_type=Path))
@click.option(
    "--data",
    metavar="FILE",
    type=PathName(path_type=Path),
    required=True,
    help="Training examples: a .npy file, or a .npz file with `x` (and `y`).",
)
@batch_options
@click.option(
    "-o",
    "--output",
    "target",
    metavar="OUT",
    type=PathName(path_type=Path),
    required=True,
    help="The file to write: .keras or .h5; not MODEL itself.",
)
@click.option(
    "--format",
    "form",
    type=Choice(["full", "json"]),
    default="full",
    show_default=True,
    help="The output format.",
)
def command(model: Path, data: Path, labels: Path | None, target: Path, batch_size: int, form: str) -> int:
    """Compute the statistics of a trained model's batch normalizations again, on training data and without dropout.

    The statistics are the moving averages of the mean and variance. The weights do not change, and MODEL is not
    overwritten: the result is written to OUT, completely or not at all. Frozen normalizations are left alone.
    About 1,000 training examples in random order are enough.

    This LOADS AND RUNS THE MODEL, in Keras's safe mode: Python code in a Lambda layer is refused.

    Exit status: 0 written, 2 invalid options, or a model or data that cannot be used.
    """
    from orderlint.console import Output
    from orderlint.engine.inspecting import InspectionError
    from orderlint.engine.recalibrating import recalibrate_file
    from orderlint.progress import StepLine
    from orderlint.report import measurement, measurement_json
    from orderlint.runtime.starting import quiet_start

    try:
        with quiet_start(), StepLine() as line:
            done = recalibrate_file(model, data, labels, target, batch_size=batch_size, progress=line)
    except InspectionError as error:
        message = str(error)
        known = any(str(path) in message for path in (model, data, target))
        raise click.ClickException(message if known else f"{model}: {message}") from None
    except OSError as error:
        raise unusable(error, str(target)) from None
    output = Output.to_stdout()
    if form == "json":
        output.write(measurement_json.render_recalibration(done))
        return 0
    text = measurement.render_recalibration(done, width=output.width, glyphs=output.glyphs, color=output.color)
    output.write(text)
    output.write(f"\nWrote {target}.\n")
    return 0
