"""A measurement as HTML, for notebooks and pages: the drawing, the table, and the meaning of the figures."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from orderlint.diagnostics.measurements import MeasurementRecord, NormRow
from orderlint.report import measurement_svg
from orderlint.report.card import prose
from orderlint.report.measurement_words import LEGEND, cause, figure, heading, sentences
from orderlint.report.page import page
from orderlint.report.terminal import safe

__all__ = ["as_page", "render"]

_COLUMNS = ("normalization", "shift", "stored:actual", "fed by", "notes")


def render(record: MeasurementRecord) -> str:
    """The measurement as HTML, without the frame of a page."""
    return "\n".join(_parts(record))


def as_page(record: MeasurementRecord) -> str:
    """The measurement as a self-contained page."""
    title = f"orderlint measure {safe(record.name)}"
    return page(title, f"<header><h1>{escape(title)}</h1></header><main>{render(record)}</main>")


def _parts(record: MeasurementRecord) -> Iterator[str]:
    yield '<div class="orderlint-measurement">'
    yield f"<p><strong>{escape(safe(heading(record)))}</strong></p>"
    if record.rows:
        yield _scrolling("the drawing")
        yield f"{measurement_svg.render(record)}</div>"
        yield _scrolling("the normalizations")
        heads = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
        yield from (_row(row) for row in record.rows)
        yield "</tbody></table></div>"
        yield f"<p><small>{'<br>'.join(escape(line) for line in LEGEND)}</small></p>"
    yield from (f"<p>{prose(safe(text))}</p>" for text in sentences(record))
    yield "</div>"


def _scrolling(name: str) -> str:
    """The start of an element that scrolls if it does not fit, even in a notebook without the styles of the page."""
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{name}" style="overflow-x:auto">'


def _row(row: NormRow) -> str:
    marks = [*row.codes, *(["frozen"] if row.is_frozen else []), *(["moving average lags"] if row.lags else [])]
    cells = [row.path, figure(row.shift), figure(row.stored_over_actual), cause(row.fed_by), ", ".join(marks)]
    return f"<tr>{''.join(f'<td>{escape(safe(cell))}</td>' for cell in cells)}</tr>"
