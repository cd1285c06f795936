"""Where the lines of a notebook's cells stand in the lines of its JSON, for tools that know nothing of cells."""

from __future__ import annotations

import json

from orderlint.text.notebook_edit import elements, source_spans

__all__ = ["line_in_file"]


def line_in_file(text: str, cell: int, line: int) -> int:
    """The line of a notebook's file that holds a line of a cell.

    Args:
        text: The JSON of a notebook that `notebook_cells` reads.
        cell: The number of the cell, from 1 over all cells.
        line: From 1, within the cell.

    Returns: From 1. Where the source of a cell is one string, all of it stands in one line. A cell or line that there
        is not, since the notebook has changed, is taken for the nearest that there is.

    >>> line_in_file('{"cells": [{"source": [\\n"a\\\\n",\\n"b"]}]}', 1, 2)
    3
    """
    spans = source_spans(text)
    if not spans:
        return 1
    start, end = spans.get(cell, spans[max(spans)])
    return text.count("\n", 0, start + _offset(text[start:end], line)) + 1


def _offset(value: str, line: int) -> int:
    """Where a line of source stands in the JSON of the whole source."""
    if not value.startswith("["):
        return 0
    passed, place = 1, 0
    for start, end in elements(value, 0):
        if passed > line:
            break
        place = start
        passed += json.loads(value[start:end]).count("\n")
    return place
