"""Computes the statistics of normalizations again, without dropout. The weights do not change.

The input of a normalization depends on the new statistics of those before it. So in the first round, each normalization
uses the statistics of the current batch. In further rounds, it gets the statistics of all batches together, until
nothing changes any more. After round `n`, the first `n` normalizations are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from orderlint.runtime.measuring.data import Data
from orderlint.runtime.measuring.moments import Moments, moments_of, pooled
from orderlint.runtime.measuring.running import Runner
from orderlint.runtime.measuring.shifts import put_in
from orderlint.runtime.measuring.watching import Applied, axes_of, watching

__all__ = ["MOST_ROUNDS", "adaptive_norms", "recompute_statistics"]

MOST_ROUNDS: Final = 12
_SETTLED: Final = 1e-3  # relative to the variance; for a mean, to the standard deviation


def adaptive_norms(runner: Runner, batch: Any) -> list[Any]:
    """The normalizations that use the statistics of the batch in training, in the order of application.

    A normalization that is frozen or called with `training=False` also uses its stored statistics in training, so the
    weights were trained with these. This runs the model in training, which changes its statistics.
    """
    found: dict[int, Any] = {}

    def see(applied: Applied) -> None:
        if applied.uses_batch:
            found[id(applied.layer)] = applied.layer

    runner.progress("looking for normalizations")
    with watching(runner.library, see):
        runner(batch, training=True)
    return list(found.values())


@dataclass(slots=True)
class _Round:
    """The inputs of each normalization in one round over the data."""

    runner: Runner
    norms: Mapping[int, Any]
    uses_own: bool
    met: dict[int, list[Moments]] = field(default_factory=dict)

    def see(self, applied: Applied) -> None:
        layer = applied.layer
        if id(layer) not in self.norms:
            return
        moments = moments_of(applied.inputs, axes_of(layer), applied.mask, self.runner.library)
        self.met.setdefault(id(layer), []).append(moments)
        if self.uses_own:
            put_in(layer, moments)


def recompute_statistics(runner: Runner, data: Data, norms: Sequence[Any], batch_size: int) -> int:
    """Set the statistics of normalizations to those of their inputs on the data at inference.

    Args:
        runner: The model.
        data: The data.
        norms: The normalizations to change (see `adaptive_norms`).
        batch_size: The batch size.

    Returns: The number of rounds over the data.
    """
    batches = list(data.batches(batch_size))
    table = {id(layer): layer for layer in norms}
    before: Mapping[int, Moments] = {}
    for number in range(1, MOST_ROUNDS + 1):
        one = _Round(runner, table, uses_own=number == 1)
        for part, batch in enumerate(batches, start=1):
            runner.progress(f"computing the statistics, round {number}, batch {part} of {len(batches)}")
            with watching(runner.library, one.see):
                runner(batch, training=False)
        found = {layer: pooled(parts) for layer, parts in one.met.items()}
        for layer, moments in found.items():
            put_in(table[layer], moments)
        is_shared = any(len(parts) > len(batches) for parts in one.met.values())
        is_exact = not is_shared and (len(batches) == 1 or number >= len(found))
        if is_exact or _is_settled(before, found):
            return number
        before = found
    return MOST_ROUNDS


def _is_settled(before: Mapping[int, Moments], after: Mapping[int, Moments]) -> bool:
    return before.keys() == after.keys() and all(_change(before[layer], after[layer]) < _SETTLED for layer in after)


def _change(before: Moments, after: Moments) -> float:
    """The relative change of statistics: the larger one of the medians for variances and for means."""
    import numpy as np

    scale = np.maximum(after.variance, 1e-12)
    variance = np.abs(after.variance - before.variance) / scale
    mean = np.abs(after.mean - before.mean) / np.sqrt(scale)
    return float(max(np.median(variance), np.median(mean)))
