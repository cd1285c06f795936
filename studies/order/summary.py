"""Figures of the record, compared seed by seed with the recommended order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from studies.order.record import Entry
from studies.order.settings import RECOMMENDED, Setting

__all__ = ["Difference", "compared", "differences", "epochs_to_level", "mean"]

_SAMPLES: Final = 20_000
_LEVEL: Final = {"digits": 0.9, "mnist1d": 0.5}


@dataclass(frozen=True, slots=True)
class Difference:
    """How far an order is from the recommended one, in points (hundredths), paired by seed.

    Attributes:
        mean: The mean difference.
        low: The lower end of its 95 % interval, by bootstrap.
        high: The upper end.
        holds: Whether the interval leaves out 0 also when it is corrected for the number of comparisons (Bonferroni).
    """

    mean: float
    low: float
    high: float
    holds: bool

    def __str__(self) -> str:
        star = "*" if self.holds else ""
        return f"{_signed(self.mean)}{star} [{_signed(self.low)}, {_signed(self.high)}]"


def _signed(value: float) -> str:
    text = f"{value:+.2f}".replace("-", "−")
    return text[1:] if float(f"{value:.2f}") == 0 else text


def mean(entry: Entry, figure: str) -> float:
    """The mean over the seeds."""
    return float(np.mean(entry.figures[figure]))


def compared(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """The entries of other orders, each with that of the recommended order in the same setting."""
    table = {entry.setting: entry for entry in entries}
    found = []
    for entry in entries:
        base = table.get(replace(entry.setting, order=RECOMMENDED))
        if base is not None and entry.setting.order != RECOMMENDED:
            found.append((entry, base))
    return found


def differences(entries: Sequence[Entry], figure: str, base: str) -> dict[Setting, Difference]:
    """The differences of a figure to a figure of the recommended order.

    Args:
        figure: Of the other order, such as `accuracy` or `retaken_accuracy`.
        base: Of the recommended order.
    """
    pairs = compared(entries)
    return {
        one.setting: _difference(np.subtract(one.figures[figure], other.figures[base]), len(pairs))
        for one, other in pairs
    }


def _difference(gaps: np.ndarray, num_comparisons: int) -> Difference:
    random = np.random.default_rng(0)
    points = 100 * gaps
    means = points[random.integers(0, len(points), (_SAMPLES, len(points)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    tail = 0.025 / max(num_comparisons, 1)
    lowest, highest = np.quantile(means, (tail, 1 - tail))
    return Difference(float(points.mean()), float(low), float(high), bool(lowest > 0 or highest < 0))


def epochs_to_level(entry: Entry) -> str:
    """The mean number of epochs until a seed reaches 90 % (digits) or 50 % (mnist1d); `–` if one never does."""
    curves = np.asarray(entry.figures["curve"]) >= _LEVEL[entry.setting.data]
    if not curves.any(1).all():
        return "–"
    return f"{1 + curves.argmax(1).mean():.1f}"
