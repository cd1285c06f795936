"""Figures of the record, compared seed by seed with the recommended order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from studies.intervals import Difference, difference, epochs_to_level
from studies.order.settings import RECOMMENDED, Setting
from studies.record import Entry

__all__ = ["compared", "differences", "epochs", "mean"]

_LEVEL: Final = {"digits": 0.9, "mnist1d": 0.5}


def mean(entry: Entry[Setting], figure: str) -> float:
    """The mean over the seeds."""
    return float(np.mean(entry.figures[figure]))


def compared(entries: Sequence[Entry[Setting]]) -> list[tuple[Entry[Setting], Entry[Setting]]]:
    """The entries of other orders, each with that of the recommended order in the same setting."""
    table = {entry.setting: entry for entry in entries}
    found = []
    for entry in entries:
        base = table.get(replace(entry.setting, order=RECOMMENDED))
        if base is not None and entry.setting.order != RECOMMENDED:
            found.append((entry, base))
    return found


def differences(entries: Sequence[Entry[Setting]], figure: str, base: str) -> dict[Setting, Difference]:
    """The differences of a figure to a figure of the recommended order.

    Args:
        figure: The figure of the other order, such as `accuracy` or `recalibrated_accuracy`.
        base: The figure of the recommended order.
    """
    pairs = compared(entries)
    return {one.setting: difference(one.figures[figure], other.figures[base], len(pairs)) for one, other in pairs}


def epochs(entry: Entry[Setting]) -> str:
    """The mean number of epochs until 90 % (digits) or 50 % (mnist1d) is reached."""
    return epochs_to_level(entry.figures["curve"], _LEVEL[entry.setting.data])
