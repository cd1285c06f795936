"""A drawing of a measurement: the shift along the depth of the model, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from orderlint.diagnostics.measurements import MeasurementRecord, NormRow
from orderlint.report.measurement_words import cause, figure
from orderlint.report.terminal import safe

__all__ = ["render"]

_WIDTH, _PLOT, _LEFT, _TOP = 760, 220, 52, 44
_FOOT = 96  # room for slanted names
_NAMED = 24  # the most normalizations with a name; if there are more, only some have one
_STYLE = """<style>
.shift text{font:12px system-ui,sans-serif;fill:#333}.shift .title{font-weight:600;font-size:14px}
.shift .grid{stroke:#ddd}.shift .one{stroke:#888}.shift .line{fill:none;stroke:#4a78b5;stroke-width:2}
.shift .ok{fill:#4a78b5}.shift .bad{fill:#c8442c}.shift .frozen{fill:#999}
.shift{color-scheme:light dark}
@media(prefers-color-scheme:dark){.shift text{fill:#ddd}.shift .grid{stroke:#444}}
body[data-jp-theme-light="false"] .shift text,body.vscode-dark .shift text{fill:#ddd}
body[data-jp-theme-light="false"] .shift .grid,body.vscode-dark .shift .grid{stroke:#444}
body[data-jp-theme-light="true"] .shift text,body.vscode-light .shift text{fill:#333}
body[data-jp-theme-light="true"] .shift .grid,body.vscode-light .shift .grid{stroke:#ddd}
</style>"""  # in a notebook, the theme of the notebook counts, not that of the system


def render(record: MeasurementRecord) -> str:
    """The drawing as an SVG document."""
    rows = [row for row in record.rows if row.shift]
    height = _TOP + _PLOT + _FOOT
    title = f"Variance shift along the depth of {safe(record.name)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="shift" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(title, quote=True)}">'
    )
    return "\n".join([head, _STYLE, *_body(title, rows), "</svg>"]) + "\n"


def _body(title: str, rows: Sequence[NormRow]) -> Iterator[str]:
    yield f'<text class="title" x="{_LEFT}" y="22">{escape(title)}</text>'
    if not rows:
        yield f'<text x="{_LEFT}" y="{_TOP + 20}">nothing was measured</text>'
        return
    low, high = _range(rows)

    def height(shift: float) -> float:
        return _TOP + _PLOT * (high - math.log2(shift)) / (high - low)

    for power in range(math.floor(low), math.ceil(high) + 1):
        y = height(2.0**power)
        if _TOP - 1 <= y <= _TOP + _PLOT + 1:
            kind = "one" if power == 0 else "grid"
            yield f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{2.0**power:g}×</text>'
    points = [(_across(number, len(rows)), height(row.shift or 1.0)) for number, row in enumerate(rows)]
    yield f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
    every = math.ceil(len(rows) / _NAMED)
    for number, (row, (x, y)) in enumerate(zip(rows, points, strict=True)):
        yield _point(row, x, y)
        if number % every == 0:
            yield _name(row, x)


def _range(rows: Sequence[NormRow]) -> tuple[float, float]:
    """The lowest and the highest power of two in the drawing."""
    powers = [math.log2(row.shift) for row in rows if row.shift]
    return min(0.0, *powers) - 0.1, max(1.0, *powers) + 0.1


def _across(number: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - 40) * ((number + 0.5) / count)


def _point(row: NormRow, x: float, y: float) -> str:
    kind = "frozen" if row.is_frozen else "bad" if row.is_shifted else "ok"
    text = f"{safe(row.path)}: {figure(row.shift)}, fed by {cause(row.fed_by)} {' '.join(row.codes)}".rstrip()
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(text)}</title></circle>'


def _name(row: NormRow, x: float) -> str:
    name = safe(row.path)
    short = name if len(name) <= 18 else f"…{name[-17:]}"
    y = _TOP + _PLOT + 18
    return f'<text x="{x:.1f}" y="{y}" text-anchor="end" transform="rotate(-35 {x:.1f} {y})">{escape(short)}</text>'
