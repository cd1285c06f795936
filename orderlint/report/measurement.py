"""A measurement as text: a row with a bar for each normalization, and the meaning of the figures.

    normalization   shift                  stored:actual   fed by
    block_1/bn       1.43  ████                  1.45   Dropout(0.3) directly   ORD002

The bars have the same scale in all reports: eight cells for each doubling.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from orderlint.diagnostics.measurements import MeasurementRecord, NormRow, RecalibrationRecord
from orderlint.report.measurement_words import LEGEND, cause, figure, heading, percent, sentence, sentences
from orderlint.report.terminal import UNICODE, Glyphs, fitted, safe
from orderlint.report.theme import ticked, written

__all__ = ["render", "render_recalibration"]

_CELLS = 8  # cells of a bar for each doubling
_LONGEST = 24
_FIGURES = 25  # cells of the two figures and the gaps
_WIDEST = 44  # cells of the column with names


def render(record: MeasurementRecord, *, width: int = 100, glyphs: Glyphs = UNICODE, color: bool = False) -> str:
    """The report as text."""
    return written(_rows(record, width=width, glyphs=glyphs, color=color), color=color)


def render_recalibration(
    record: RecalibrationRecord, *, width: int = 100, glyphs: Glyphs = UNICODE, color: bool = False
) -> str:
    """The result of a recalibration as text."""
    return written(_recalibration_rows(record, width=width, glyphs=glyphs, color=color), color=color)


def _rows(record: MeasurementRecord, *, width: int, glyphs: Glyphs, color: bool) -> Iterator[Text]:
    """The rows of the report, styled with the names of `theme.THEME`."""
    yield from _fitted(heading(record), width, glyphs, "place")
    if record.rows:
        yield Text()
        yield from _table(record.rows, width, glyphs)
        yield Text()
        for line in LEGEND:
            yield from _fitted(line, width, glyphs, "key")
    yield from _prose(list(sentences(record)), width, glyphs, color=color)


def _fitted(text: str, width: int, glyphs: Glyphs, style: str) -> Iterator[Text]:
    for row in fitted(safe(glyphs.spell(text)), width, "  ").splitlines():
        yield Text(row, style)


def _prose(paragraphs: Sequence[str], width: int, glyphs: Glyphs, *, color: bool) -> Iterator[Text]:
    for paragraph in paragraphs:
        yield Text()
        for row in fitted(safe(glyphs.spell(paragraph.replace("\n", " "))), width).splitlines():
            yield ticked(row, color=color)


def _table(rows: Sequence[NormRow], width: int, glyphs: Glyphs) -> Iterator[Text]:
    name = min(max(13, *(cell_len(safe(row.path)) for row in rows)), _WIDEST)
    bar = min(max((_cells(row) for row in rows), default=0), max(width - name - _FIGURES, 0))
    causes = [glyphs.spell(cause(row.fed_by)) for row in rows]
    fed = max(6, *(cell_len(text) for text in causes))
    drawn = [_row(row, name, bar, glyphs) for row in rows]
    beside = [_fed(row, f"{text:<{fed}}") for row, text in zip(rows, causes, strict=True)]
    title = f"{'normalization':<{name}}  {'shift':>6}{' ' * (bar + 2) if bar else ''}  stored:actual"
    if all(row.cell_len + 2 + more.cell_len <= width for row, more in zip(drawn, beside, strict=True)):
        yield Text(f"{title}  fed by", "key")
        yield from (Text.assemble(row, "  ", more) for row, more in zip(drawn, beside, strict=True))
        return
    yield Text(title, "key")  # what feeds a normalization is shown below it
    for row, line, text in zip(rows, drawn, causes, strict=True):
        yield line
        more = _fed(row, text)
        parts = [more] if more.cell_len + 2 <= width else [Text(text), _fed(row, "")]
        yield from (Text.assemble("  ", part) for part in parts if part)


def _row(row: NormRow, name: int, bar: int, glyphs: Glyphs) -> Text:
    style = "warning" if row.is_shifted else ""
    path = safe(row.path)
    line = Text(path + " " * max(name - cell_len(path), 0))
    line.append(f"  {glyphs.spell(figure(row.shift)):>6}", style)
    if bar:
        line.append(f"  {glyphs.bar * min(_cells(row), bar):<{bar}}", style)
    line.append(f"  {glyphs.spell(figure(row.stored_over_actual)):>13}", "warning" if row.lags else "")
    return line


def _fed(row: NormRow, text: str) -> Text:
    """What feeds a normalization, and its codes and remarks."""
    line = Text(text)
    gap = "  " if text else ""
    marks = [*row.codes, *(["frozen"] if row.is_frozen else []), *(["moving average lags"] if row.lags else [])]
    line.append(f"{gap}{' '.join(marks)}", "error" if row.codes else "key")
    line.rstrip()
    return line


def _cells(row: NormRow) -> int:
    if not row.shift or row.shift <= 0:
        return 0
    return min(round(_CELLS * abs(math.log2(row.shift))), _LONGEST)


def _recalibration_rows(record: RecalibrationRecord, *, width: int, glyphs: Glyphs, color: bool) -> Iterator[Text]:
    """The rows of the report on new statistics."""
    number = len(record.rows)
    norms = f"{number} batch normalization{'s' * (number != 1)}"
    rounds = f"{record.rounds} round{'s' * (record.rounds != 1)} over {record.examples:,} examples"
    yield from _fitted(f"{record.name}: new statistics for {norms}, {rounds}, dropout off", width, glyphs, "place")
    yield Text()
    name = min(max(13, *(cell_len(safe(row.path)) for row in record.rows)), _WIDEST)
    yield Text(glyphs.spell(f"{'normalization':<{name}}  stored:actual before → after"), "key")
    for row in record.rows:
        before, after = (glyphs.spell(figure(value)) for value in (row.before, row.after))
        path = safe(row.path)
        gap = " " * max(name - cell_len(path), 0)
        yield Text(f"{path}{gap}  {before:>20} {glyphs.arrow} {after}")
    yield from _prose(list(_recalibrated(record)), width, glyphs, color=color)


def _recalibrated(record: RecalibrationRecord) -> Iterator[str]:
    effect = record.effect
    if effect is not None:
        what = "outputs change by" if effect.kind == "values" else "predictions that change:"
        text = f"{what} {percent(effect.changed)}"
        text = f"{text} of their standard deviation" if effect.kind == "values" else text
        if effect.before is not None and effect.after is not None:
            is_error = effect.kind == "values"
            before = f"{effect.before:.4g}" if is_error else percent(effect.before)
            after = f"{effect.after:.4g}" if is_error else percent(effect.after)
            text += f"; {'mean square error' if is_error else 'accuracy'} {before} → {after}"
        yield f"{text[0].upper()}{text[1:]} (on {effect.examples:,} of the examples)."
    if record.frozen:
        yield (
            f"Not changed, because they are frozen and other layers rely on their stored statistics: "
            f"{', '.join(record.frozen)}."
        )
    yield from map(sentence, record.notes)
