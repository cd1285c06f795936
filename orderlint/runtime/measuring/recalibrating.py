"""Replaces the statistics of a model by those at inference, and measures the effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from orderlint.diagnostics.measurements import Effect, RecalibratedNorm
from orderlint.runtime.errors import MeasurementError
from orderlint.runtime.measuring.arrays import array_of
from orderlint.runtime.measuring.data import Data, data_for
from orderlint.runtime.measuring.keeping import eager_functions, unchanged
from orderlint.runtime.measuring.measuring import MOST_FOR_PREDICTIONS, checked
from orderlint.runtime.measuring.moments import Moments, median_ratio, moments_of, pooled
from orderlint.runtime.measuring.predictions import judge_for, labels_of, outputs_of
from orderlint.runtime.measuring.recomputing import adaptive_norms, recompute_statistics
from orderlint.runtime.measuring.running import Progress, Runner, silent
from orderlint.runtime.measuring.watching import Applied, axes_of, norms_of, watching

__all__ = ["Recalibrated", "recalibrate"]


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """The result of a recalibration.

    Attributes:
        norms: The normalizations with new statistics.
        frozen: The paths of those that were not changed, because they also use their stored statistics in training.
        examples: The number of examples for the statistics.
        rounds: The number of rounds over the examples.
        effect: The effect on the predictions.
    """

    norms: tuple[RecalibratedNorm, ...]
    frozen: tuple[str, ...]
    examples: int
    rounds: int
    effect: Effect


def recalibrate(
    model: Any, x: Any, y: Any = None, *, batch_size: int = 128, progress: Progress = silent
) -> Recalibrated:
    """Compute the statistics of the normalizations again, without dropout.

    The weights do not change. After an error, the model is unchanged.

    Args:
        model: The model. Its statistics are changed.
        x: Training data.
        y: The labels, to compare the accuracy.
        batch_size: The batch size.
        progress: Receives a description of each step.

    Raises:
        InspectionError: The model has no normalization to recalibrate or cannot be run, or the data does not fit.
    """
    library = checked(model)
    if not norms_of(model, library) and model.built:
        raise MeasurementError(f"`{model.name}` has no batch normalization: there are no statistics to recompute")
    data = data_for(model, x)
    labels = None if y is None else labels_of(y, data.count)
    runner = Runner(model, library, progress)
    with ExitStack() as stack:
        stack.enter_context(eager_functions(library))
        with unchanged(model):
            done, statistics = _worked_out(runner, data, labels, batch_size)
        by_layer = {id(norm): norm for norm in norms_of(model, library)}
        for layer, (mean, variance) in statistics.items():
            by_layer[layer].moving_mean.assign(mean)
            by_layer[layer].moving_variance.assign(variance)
    return done


_Statistics = Mapping[int, tuple[Any, Any]]


def _worked_out(runner: Runner, data: Data, labels: Any, batch_size: int) -> tuple[Recalibrated, _Statistics]:
    """The result, and the new statistics by the `id` of their layer. This changes the model."""
    numbers = data.sample(MOST_FOR_PREDICTIONS)
    compared = data.at(numbers)
    wanted = None if labels is None else labels[numbers]
    old = outputs_of(runner, compared, batch_size, "predicting")
    judge = judge_for(runner.model, old, wanted)
    before = _met(runner, compared, batch_size)
    norms = _adaptive(runner, data, batch_size)
    rounds = recompute_statistics(runner, data, norms, batch_size)
    after = _met(runner, compared, batch_size)
    new = outputs_of(runner, compared, batch_size, "predicting with the new statistics")
    changed = judge.changed(old, new)
    scores = (None, None) if wanted is None else (judge.score(old, wanted), judge.score(new, wanted))
    effect = Effect(judge.kind, compared.count, data.count, changed, changed, *scores)
    path_of = partial(_path, runner.model)
    rows = tuple(RecalibratedNorm(path_of(norm), before.get(id(norm)), after.get(id(norm))) for norm in norms)
    taken = {id(norm) for norm in norms}
    frozen = tuple(path_of(norm) for norm in norms_of(runner.model, runner.library) if id(norm) not in taken)
    statistics = {
        id(norm): (array_of(norm.moving_mean).copy(), array_of(norm.moving_variance).copy()) for norm in norms
    }
    return Recalibrated(rows, frozen, data.count, rounds, effect), statistics


def _adaptive(runner: Runner, data: Data, batch_size: int) -> Sequence[Any]:
    """The normalizations to recalibrate. The model is not changed."""
    few = data.at(data.sample(min(batch_size, 8)))
    with unchanged(runner.model):
        norms = adaptive_norms(runner, few.value)
    if not norms:
        raise MeasurementError(
            f"every batch normalization of `{runner.model.name}` is frozen: they also use their stored statistics in "
            "training, and the weights were trained with these"
        )
    return norms


def _path(model: Any, norm: Any) -> str:
    """The path of a layer in a model, without the name of the model."""
    path = str(getattr(norm, "path", None) or norm.name)
    return path.removeprefix(f"{model.name}/")


def _met(runner: Runner, data: Data, batch_size: int) -> dict[int, float | None]:
    """Stored ÷ actual variance of each normalization, by its `id`."""
    seen: dict[int, tuple[Any, list[Moments]]] = {}

    def see(applied: Applied) -> None:
        moments = moments_of(applied.inputs, axes_of(applied.layer), applied.mask, runner.library)
        seen.setdefault(id(applied.layer), (applied.layer, []))[1].append(moments)

    for batch in data.batches(batch_size):
        runner.progress("measuring the inputs of the normalizations")
        with watching(runner.library, see):
            runner(batch, training=False)
    return {
        key: median_ratio(array_of(layer.moving_variance).astype("float64"), pooled(parts).variance)
        for key, (layer, parts) in seen.items()
    }
