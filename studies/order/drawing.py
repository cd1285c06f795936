"""The charts of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from studies.charts import Curve, CurvePanel, IntervalPanel, curves, intervals
from studies.order.settings import ORDERS, RECOMMENDED, Setting, grid
from studies.order.summary import differences
from studies.record import Entry

__all__ = ["accuracies", "shifts"]

_RATES = (0.1, 0.3, 0.5)


def shifts(found: Sequence[Entry[Setting]]) -> str:
    """The shift along the depth by order, with ReLU; a row of panels for each network, a panel for each rate."""
    rows = []
    for data, name in (("digits", "digits"), ("mnist1d", "MNIST-1D")):
        panels = [_panel(found, data, rate, f"{name}, rate {rate:g}") for rate in _RATES]
        rows.append([panel for panel in panels if panel.curves])
    names = [f"{' '.join(order)}" for order in ORDERS]
    return curves("Stored ÷ actual variance by normalization, with ReLU", names, [row for row in rows if row])


def _panel(found: Sequence[Entry[Setting]], data: str, rate: float, title: str) -> CurvePanel:
    table = {
        entry.setting.order: tuple(np.mean(entry.figures["shift"], 0).tolist())
        for entry in found
        if (entry.setting.data, entry.setting.activation, entry.setting.rate) == (data, "relu", rate)
        and entry.setting.epochs <= 30
    }
    return CurvePanel(title, tuple(Curve(at, table[order]) for at, order in enumerate(ORDERS) if order in table))


def accuracies(found: Sequence[Entry[Setting]], data: str, net: str) -> str:
    """The differences in accuracy of one network: a panel for each order, and a row for each activation and rate."""
    figures = [differences(found, name, "accuracy") for name in ("accuracy", "recalibrated_accuracy")]
    bases = [setting for setting in grid() if setting.data == data and setting.order == RECOMMENDED]
    activations = list(dict.fromkeys(setting.activation for setting in bases))
    bases = sorted(bases, key=lambda one: (activations.index(one.activation), one.rate, one.epochs))
    known = {replace(setting, order=RECOMMENDED) for setting in figures[0]}
    bases = [setting for setting in bases if setting in known]
    labels = [f"{one.activation}, {one.rate:g}{', long' if one.epochs > 30 else ''}" for one in bases]
    panels = [
        IntervalPanel(
            " ".join(order), tuple(tuple(one.get(replace(base, order=order)) for one in figures) for base in bases)
        )
        for order in ORDERS
        if order != RECOMMENDED
    ]
    names = ("as trained", "recalibrated")
    return intervals(f"{net}: accuracy against L B A D in points, 95 % intervals", names, labels, panels, left=112)
