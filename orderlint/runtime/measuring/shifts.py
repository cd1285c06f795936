"""Measures the ratio of the variances in training and at inference, for each normalization.

The statistics that training would arrive at with these weights are put in as moving statistics, then one inference
pass shows what the normalizations meet. No dropout is switched off for it: dropouts of the user's own, noise and
stochastic depth count as well.
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
    """What one application of a normalization met in the runs of one kind."""

    layer: Any
    moments: list[Moments] = field(default_factory=list)
    uses_batch: bool = False


_Key = tuple[int, int]  # the id of a layer, and which of its applications


@dataclass(frozen=True, slots=True, eq=False)
class NormUse:
    """One application of a normalization, or several that count as one (the time steps of a `TimeDistributed`).

    Attributes:
        layer: The normalization.
        train: What it met in training, on average over the passes.
        learned: Where its moving average ends up: of a shared layer, on average over all its applications.
        met: What it meets at inference with the statistics that training would arrive at.
        stored_met: What it meets at inference with the statistics that are stored.
        uses_batch: Whether it normalizes by the batch in training: a frozen one does not.
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
        shift: Variance in training ÷ variance at inference, the median over the channels; `None` if none varies.
        low: The same of the channel that a tenth of them stay below.
        high: The same of the channel that a tenth of them exceed.
        stored_over_actual: Stored variance ÷ the variance met with the stored statistics; `None` before any training.
        stored_over_train: Stored variance ÷ variance in training, over all applications: far from 1 if the moving
            average lags behind.
    """

    shift: float | None
    low: float | None
    high: float | None
    stored_over_actual: float | None
    stored_over_train: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """The normalizations of a model in all kinds of runs, each layer's applications in their order."""

    stored: Mapping[_Key, _Seen]
    train: Mapping[_Key, _Seen]
    met: Mapping[_Key, _Seen]


def run_passes(runner: Runner, batch: Any, passes: int, *, is_trained: bool = True) -> Passes:
    """Run a model unchanged, in training mode, and with the statistics of training. This changes the model.

    Args:
        batch: What to run it on.
        passes: The number of training passes. Dropout makes each of them different.
        is_trained: Whether what the model has stored is of interest: for a fresh one a pass is saved.
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
        seen = into.setdefault((id(applied.layer), applied.turn), _Seen(applied.layer))
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
    """Have normalizations store the statistics of the batch as they are: they take them anyway, once is enough.

    Only in Keras 3: `tf_keras` may store the variance of a fused normalization times n / (n - 1).
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
    """The statistics of the batch, out of a normalization that has just kept them."""
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
    """The moments of all applications of a layer: it has one moving average for them."""
    return averaged([part for use in seen for part in use.moments])


def put_in(layer: Any, moments: Moments) -> None:
    """Make moments the stored statistics of a normalization."""
    for variable, value in ((layer.moving_mean, moments.mean), (layer.moving_variance, moments.variance)):
        variable.assign(value.reshape(tuple(variable.shape)).astype("float32"))


def uses_of(passes: Passes, counts: Mapping[int, int]) -> list[NormUse]:
    """The applications of all normalizations, in the order of the first run.

    Args:
        counts: By the id of a layer how often the layer graph applies it. More applications than that are time steps
            of one: each is taken together with those that follow it.
    """
    totals: dict[int, int] = {}
    for layer, _ in passes.train:
        totals[layer] = totals.get(layer, 0) + 1
    learned = {id(layer): _averaged(seen) for layer, seen in _by_layer(passes.train)}
    found = []
    for layer, turn in passes.train:
        steps = _steps(totals[layer], counts.get(layer, 0))
        if turn % steps == 0:
            found.append(_use(passes, [(layer, turn + step) for step in range(steps)], learned[layer]))
    return found


def _steps(total: int, known: int) -> int:
    """How many applications in a row are one of the layer graph."""
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
    """The moments of applications in one kind of run; those of training where a run does not reach them."""
    parts = [part for key in keys if key in seen for part in seen[key].moments]
    return averaged(parts or [part for key in keys for part in passes.train[key].moments])


def shift_of(use: NormUse, stored_variance: Any, is_trained: bool) -> Shift:
    """The figures of an application.

    Args:
        stored_variance: The moving variance as it was before anything ran.
        is_trained: Whether it is more than what a fresh layer begins with.
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
    """Whether the stored statistics of a normalization are those it begins with: mean 0, variance 1."""
    mean, variance = array_of(layer.moving_mean), array_of(layer.moving_variance)
    return bool((mean == 0).all() and (variance == 1).all())
