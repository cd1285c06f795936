"""Charts of a study as SVG, legible on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from studies.intervals import Difference

__all__ = ["Curve", "CurvePanel", "IntervalPanel", "curves", "intervals"]

_STYLE: Final = (
    "<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}.grid{stroke:#ddd}"
    ".zero{stroke:#777}.curve{fill:none;stroke-width:2}"
    ".s0{stroke:#2a6f4e;fill:#2a6f4e}.s1{stroke:#7b5ea7;fill:#7b5ea7}.s2{stroke:#c8442c;fill:#c8442c}"
    ".s3{stroke:#b8860b;fill:#b8860b}.s4{stroke:#3f78bd;fill:#3f78bd}.curve{fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.zero{stroke:#999}"
    ".s0{stroke:#5fbf8f;fill:#5fbf8f}.s1{stroke:#b79be0;fill:#b79be0}.s2{stroke:#f0806a;fill:#f0806a}"
    ".s3{stroke:#e0b84c;fill:#e0b84c}.s4{stroke:#7fb0ea;fill:#7fb0ea}.curve{fill:none}}</style>"
)
_DASHES: Final = ("", "2 3", "", "7 3", "")  # told apart without colors too


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve: a value of each layer, from the first to the last.

    Attributes:
        series: The number of its series, which determines the color.
        values: Ratios, one for each normalization.
    """

    series: int
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CurvePanel:
    """A panel with several curves."""

    title: str
    curves: tuple[Curve, ...]


def curves(label: str, names: Sequence[str], rows: Sequence[Sequence[CurvePanel]]) -> str:
    """Draw ratios by layer, on a logarithmic scale that all panels share.

    Args:
        label: What the chart shows.
        names: The names of the series.
        rows: Panels, row by row.
    """
    wide, high, left, top = 240, 150, 44, 40
    powers = [math.log2(value) for row in rows for panel in row for curve in panel.curves for value in curve.values]
    low, most = math.floor(min([0.0, *powers])), math.ceil(max([1.0, *powers]))
    width = left + wide * max(map(len, rows)) + 16
    height = top + (high + 48) * len(rows) + 4

    def body() -> Iterator[str]:
        yield from _legend(names, left)
        for line, row in enumerate(rows):
            for column, panel in enumerate(row):
                x, y = left + wide * column, top + (high + 48) * line + 22
                yield from _curve_panel(panel, (x, y, wide - 36, high), (low, most), labeled=column == 0)

    return _document(label, width, height, body())


def _curve_panel(
    panel: CurvePanel, box: tuple[int, int, int, int], powers: tuple[int, int], *, labeled: bool
) -> Iterator[str]:
    left, top, wide, high = box
    low, most = powers

    def down(value: float) -> float:
        return top + high * (most - math.log2(value)) / (most - low)

    yield f'<text class="title" x="{left}" y="{top - 8}">{escape(panel.title)}</text>'
    for power in range(low, most + 1):
        y = down(2.0**power)
        yield f'<path class="{"zero" if power == 0 else "grid"}" d="M{left} {y:.1f}H{left + wide}"/>'
        if labeled:
            yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{2.0**power:g}×</text>'
    count = max(len(curve.values) for curve in panel.curves)
    for number in range(count):
        x = left + wide * (number + 0.5) / count
        yield f'<text x="{x:.1f}" y="{top + high + 16}" text-anchor="middle">{number + 1}</text>'
    for curve in panel.curves:
        points = [(left + wide * (at + 0.5) / count, down(value)) for at, value in enumerate(curve.values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{_DASHES[curve.series]}"' if _DASHES[curve.series] else ""
        yield f'<polyline class="s{curve.series} curve"{dashes} points="{path}"/>'
        yield from (f'<circle class="s{curve.series}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)


@dataclass(frozen=True, slots=True)
class IntervalPanel:
    """A panel with differences and their intervals, one in each row.

    Attributes:
        title: What the panel is about.
        rows: The differences of each row, by series; `None` if there is none.
    """

    title: str
    rows: tuple[tuple[Difference | None, ...], ...]


def intervals(
    label: str,
    names: Sequence[str],
    labels: Sequence[str],
    panels: Sequence[IntervalPanel],
    *,
    left: int = 100,
    limit: int = 100,
) -> str:
    """Draw differences in percentage points, the better ones to the right of 0. The panels share rows and scale.

    Args:
        label: What the chart shows.
        names: The names of the series.
        labels: The names of the rows.
        panels: The panels, which are drawn side by side.
        left: The width of the column with the names of the rows.
        limit: Differences beyond so many points are written at the edge, so that the others can be told apart.
    """
    step, top = 13 * len(names) + 6, 62
    wide = 640 // len(panels) if len(panels) > 1 else 480
    found = [gap for panel in panels for row in panel.rows for gap in row if gap]
    low = max(-limit, math.floor(min([-1.0, *(gap.low for gap in found)])))
    most = min(limit, math.ceil(max([1.0, *(gap.high for gap in found)])))
    width, height = left + wide * len(panels) + 12, top + step * len(labels) + 28

    def body() -> Iterator[str]:
        yield from _legend(names, 12)
        for number, text in enumerate(labels):
            y = top + step * (number + 0.5) + 4
            yield f'<text x="{left - 10}" y="{y:.1f}" text-anchor="end">{escape(text)}</text>'
        for number, panel in enumerate(panels):
            yield from _interval_panel(panel, (left + wide * number, top, wide - 40, step), (low, most))

    return _document(label, width, height, body())


def _interval_panel(panel: IntervalPanel, box: tuple[int, int, int, int], ends: tuple[int, int]) -> Iterator[str]:
    left, top, wide, step = box
    low, most = ends
    bottom = top + step * len(panel.rows)

    def across(value: float) -> float:
        return left + wide * (value - low) / (most - low)

    yield f'<text class="title" x="{left}" y="{top - 10}">{escape(panel.title)}</text>'
    for value in sorted({0, *_ticks(low, most)}):
        x = across(value)
        yield f'<path class="{"grid" if value else "zero"}" d="M{x:.1f} {top}V{bottom}"/>'
        text = f"{value:+d}".replace("-", "−") if value else "0"
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{text}</text>'
    for number, row in enumerate(panel.rows):
        for series, gap in enumerate(row):
            y = top + step * number + 9 + 13 * series
            if gap and not low <= gap.mean <= most:
                yield _beyond(gap, y, left, left + wide)
            elif gap:
                places = (across(max(gap.low, low)), across(gap.mean), across(min(gap.high, most)))
                yield _mark(gap, series, y, places)


def _mark(gap: Difference, series: int, y: float, places: tuple[float, float, float]) -> str:
    low, mean, high = places
    kind = f"s{series if series == 0 else series + 1}"
    return (
        f'<g class="{kind}"><title>{escape(str(gap))}</title><path d="M{low:.1f} {y}H{high:.1f}" stroke-width="2"/>'
        f"{_shape(series, mean, y)}</g>"
    )


def _beyond(gap: Difference, y: float, left: float, right: float) -> str:
    text = f"{gap.mean:+.1f}".replace("-", "−")
    if gap.mean > 0:
        return f'<text x="{right}" y="{y + 4}" text-anchor="end">{text} →</text>'
    return f'<text x="{left}" y="{y + 4}">← {text}</text>'


def _shape(series: int, x: float, y: float) -> str:
    if series == 0:
        return f'<circle cx="{x:.1f}" cy="{y}" r="4"/>'
    if series == 1:
        return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5}" width="7" height="7"/>'
    return f'<path d="M{x:.1f} {y - 5}l5 9h-10z"/>'


def _ticks(low: int, most: int) -> range:
    step = next(one for one in (1, 2, 5, 10, 20, 50) if (most - low) / one <= 5)
    return range(step * math.ceil(low / step), most + 1, step)


def _legend(names: Sequence[str], left: int) -> Iterator[str]:
    """The names, each with its color; two or three have the marks of `intervals`, more the lines of `curves`."""
    x = left
    for series, name in enumerate(names):
        if len(names) <= 3:
            yield f'<g class="s{series if series == 0 else series + 1}">{_shape(series, x + 8, 16)}</g>'
        else:
            dashes = f' stroke-dasharray="{_DASHES[series]}"' if _DASHES[series] else ""
            yield f'<path class="s{series}" stroke-width="3"{dashes} d="M{x} 16h18"/>'
        yield f'<text x="{x + 24}" y="20">{escape(name)}</text>'
        x += 42 + 7 * len(name)


def _document(label: str, width: int, height: int, body: Iterator[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(label, quote=True)}">'
    )
    return "\n".join([head, _STYLE, *body, "</svg>"]) + "\n"
