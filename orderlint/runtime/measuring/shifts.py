"""Measures the ratio of the variances in training and at inference, for each normalization.

The moving statistics are set to those that training would converge to with these weights. Then one inference pass gives
the actual variances. No layer is switched off for this, so custom dropouts, noise and stochastic depth count, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from orderlint.runtime.measuring.arrays import array_of
from orderlint.runtime.measuring.moments import Moments, averaged, median_ratio, moments_of, ratios
from orderlint.runtime.measuring.running import Runner
from orderlint.runtime.measuring.watching import Applied, axes_of, norms_of, watching

__all__ = ["NormUse", "Passes", "Shift", "is_fresh", "put_in", "run_passes", "shift_of", "uses_of"]


@dataclass(slots=True)
class _Seen:
    """The inputs of one application of a normalization, in the runs of one kind."""

    layer: Any
    moments: list[Moments] = field(default_factory=list)
    uses_batch: bool = False


_Key = tuple[int, int]  # the id of a layer, and the number of its application


@dataclass(frozen=True, slots=True, eq=False)
class NormUse:
    """One application of a normalization, or several that count as one (the time steps of a `TimeDistributed`).

    Attributes:
        layer: The normalization.
        train: The moments of its input in training, on average over the passes.
        learned: What its moving average converges to. For a shared layer, it is the average over all applications.
        met: The moments of its input at inference, with the statistics that training would converge to.
        stored_met: The moments of its input at inference, with the stored statistics.
        uses_batch: Whether it uses the statistics of the batch in training. A frozen layer does not.
    """

    layer: Any
    train: Moments
    learned: Moments
    met: Moments
    stored_met: Moments
    uses_batch: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """The figures of one application.

    Attributes:
        shift: Variance in training ÷ variance at inference, the median over the channels; `None` if no channel varies.
        low: The first decile over the channels.
        high: The last decile over the channels.
        stored_over_actual: Stored variance ÷ variance with the stored statistics; `None` before any training.
        stored_over_train: Stored variance ÷ variance in training, over all applications; `None` before any training.
            It is far from 1 if the moving average lags behind.
    """

    shift: float | None
    low: float | None
    high: float | None
    stored_over_actual: float | None
    stored_over_train: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """The inputs of the normalizations of a model in all kinds of runs, in the order of application."""

    stored: Mapping[_Key, _Seen]
    train: Mapping[_Key, _Seen]
    met: Mapping[_Key, _Seen]


def run_passes(runner: Runner, batch: Any, passes: int, *, is_trained: bool = True) -> Passes:
    """Run a model with its stored statistics, in training, and with the statistics of training. This changes the model.

    Args:
        runner: The model.
        batch: The input.
        passes: The number of training passes. Dropout makes each of them different.
        is_trained: Whether to run it with its stored statistics. They do not matter in a new model.
    """
    stored: dict[_Key, _Seen] = {}
    train: dict[_Key, _Seen] = {}
    met: dict[_Key, _Seen] = {}
    if is_trained:
        _run(runner, batch, stored, training=False, what="with the stored statistics")
    for number in range(passes):
        _run(runner, batch, train, training=True, what=f"training pass {number + 1} of {passes}")
    for layer, seen in _by_layer(train):
        if any(use.uses_batch for use in seen):
            put_in(layer, _averaged(seen))
    _run(runner, batch, met, training=False, what="with the statistics of training")
    return Passes(stored, train, met)


def _run(runner: Runner, batch: Any, into: dict[_Key, _Seen], *, training: bool, what: str) -> None:
    def see(applied: Applied) -> None:
        seen = into.setdefault((id(applied.layer), applied.number), _Seen(applied.layer))
        seen.uses_batch = applied.uses_batch
        if keeps and applied.uses_batch:
            seen.moments.append(_stored(applied))
        else:
            axes = axes_of(applied.layer)
            seen.moments.append(moments_of(applied.inputs, axes, applied.mask, runner.library))

    runner.progress(what)
    keeps = training and runner.library.version == 3
    with _keeping_the_batch(runner) if keeps else nullcontext(), watching(runner.library, after=see):
        runner(batch, training=training)


@contextmanager
def _keeping_the_batch(runner: Runner) -> Iterator[None]:
    """Let normalizations store the statistics of the batch themselves, so that these are only computed once.

    This only works in Keras 3: `tf_keras` may store the variance of a fused normalization times n / (n - 1).
    """
    momenta = [(norm, norm.momentum) for norm in norms_of(runner.model, runner.library)]
    try:
        for norm, _ in momenta:
            norm.momentum = 0.0
        yield
    finally:
        for norm, momentum in momenta:
            norm.momentum = momentum


def _stored(applied: Applied) -> Moments:
    """The statistics of the batch that a normalization has just stored."""
    layer = applied.layer
    mean, variance = (array_of(value).astype("float64") for value in (layer.moving_mean, layer.moving_variance))
    numbers = 1
    for size in applied.inputs.shape:
        numbers *= int(size)
    return Moments(mean, variance, numbers / mean.size)


def _by_layer(seen: Mapping[_Key, _Seen]) -> Iterator[tuple[Any, list[_Seen]]]:
    found: dict[int, list[_Seen]] = {}
    for (layer, _), use in seen.items():
        found.setdefault(layer, []).append(use)
    for uses in found.values():
        yield uses[0].layer, uses


def _averaged(seen: Sequence[_Seen]) -> Moments:
    """The average moments of all applications of a layer, which has one moving average for them."""
    return averaged([part for use in seen for part in use.moments])


def put_in(layer: Any, moments: Moments) -> None:
    """Set the stored statistics of a normalization."""
    for variable, value in ((layer.moving_mean, moments.mean), (layer.moving_variance, moments.variance)):
        variable.assign(value.reshape(tuple(variable.shape)).astype("float32"))


def uses_of(passes: Passes, counts: Mapping[int, int]) -> list[NormUse]:
    """The applications of all normalizations, in the order of the first run.

    Args:
        passes: The runs.
        counts: The number of applications in the layer graph, by the id of a layer. If there are more in a run, they
            are time steps, and those of one application are combined.
    """
    totals: dict[int, int] = {}
    for layer, _ in passes.train:
        totals[layer] = totals.get(layer, 0) + 1
    learned = {id(layer): _averaged(seen) for layer, seen in _by_layer(passes.train)}
    found = []
    for layer, number in passes.train:
        steps = _steps(totals[layer], counts.get(layer, 0))
        if number % steps == 0:
            found.append(_use(passes, [(layer, number + step) for step in range(steps)], learned[layer]))
    return found


def _steps(total: int, known: int) -> int:
    """The number of successive applications in a run that are one application in the layer graph."""
    return total // known if known and total % known == 0 else 1


def _use(passes: Passes, keys: Sequence[_Key], learned: Moments) -> NormUse:
    first = passes.train[keys[0]]
    return NormUse(
        first.layer,
        _together(passes, passes.train, keys),
        learned,
        _together(passes, passes.met, keys),
        _together(passes, passes.stored, keys),
        first.uses_batch,
    )


def _together(passes: Passes, seen: Mapping[_Key, _Seen], keys: Sequence[_Key]) -> Moments:
    """The moments of applications in one kind of run. If the run does not reach them, they are those of training."""
    parts = [part for key in keys if key in seen for part in seen[key].moments]
    return averaged(parts or [part for key in keys for part in passes.train[key].moments])


def shift_of(use: NormUse, stored_variance: Any, is_trained: bool) -> Shift:
    """The figures of an application.

    Args:
        use: The application.
        stored_variance: The moving variance before anything ran.
        is_trained: Whether it differs from that of a new layer.
    """
    import numpy as np

    found = ratios(use.train.variance, use.met.variance)
    low, middle, high = (float(value) for value in np.quantile(found, (0.1, 0.5, 0.9))) if found.size else (None,) * 3
    stored = np.asarray(stored_variance, "float64") if is_trained else None
    return Shift(
        middle,
        low,
        high,
        None if stored is None else median_ratio(stored, use.stored_met.variance),
        None if stored is None else median_ratio(stored, use.learned.variance),
    )


def is_fresh(layer: Any) -> bool:
    """Whether the stored statistics of a normalization are those of a new layer: mean 0, variance 1."""
    mean, variance = array_of(layer.moving_mean), array_of(layer.moving_variance)
    return bool((mean == 0).all() and (variance == 1).all())
