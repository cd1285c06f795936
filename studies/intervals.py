"""Differences between two trainings of the same seeds, with intervals by bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

__all__ = ["Difference", "difference", "epochs_to_level"]

_SAMPLES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two trainings in percentage points, paired by seed.

    Attributes:
        mean: The mean difference.
        low: The lower end of its 95 % interval, by bootstrap.
        high: The upper end.
        holds: Whether the interval excludes 0 even after a correction for the number of comparisons (Bonferroni).
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


def difference(values: Sequence[float], base: Sequence[float], num_comparisons: int) -> Difference:
    """The difference between values and those of the same seeds.

    Args:
        values: Shares between 0 and 1, one for each seed.
        base: What they are compared with.
        num_comparisons: The number of differences that are reported together.
    """
    random = np.random.default_rng(0)
    points = 100 * np.subtract(values, base)
    means = points[random.integers(0, len(points), (_SAMPLES, len(points)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    tail = 0.025 / max(num_comparisons, 1)
    lowest, highest = np.quantile(means, (tail, 1 - tail))
    return Difference(float(points.mean()), float(low), float(high), bool(lowest > 0 or highest < 0))


def epochs_to_level(curves: Sequence[Sequence[float]], level: float) -> str:
    """The mean number of epochs until a level is reached; `–` if a seed never reaches it."""
    reached = np.asarray(curves) >= level
    if not reached.any(1).all():
        return "–"
    return f"{1 + reached.argmax(1).mean():.1f}"
