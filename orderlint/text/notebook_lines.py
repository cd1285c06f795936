"""Maps lines of notebook cells to lines of the JSON, for tools that do not know cells."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from orderlint.text.notebook_edit import elements, source_spans

__all__ = ["NotebookLines"]


class NotebookLines:
    """The lines of a notebook's file. The positions of cells are computed once, because a report may need thousands.

    Args:
        text: The JSON of a notebook that `notebook_cells` reads.

    >>> NotebookLines('{"cells": [{"source": [\\n"a\\\\n",\\n"b"]}]}').of(1, 2)
    3
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = source_spans(text)
        self._firsts: dict[int, int] = {}
        self._rows: dict[int, list[tuple[int, int]]] = {}
        line, at = 1, 0
        for cell, (start, _) in sorted(self._spans.items(), key=lambda item: item[1]):
            line, at = line + text.count("\n", at, start), start
            self._firsts[cell] = line

    def of(self, cell: int, line: int) -> int:
        """The line of the file that contains a line of a cell.

        Args:
            cell: The number of the cell. Numbers count all cells, from 1.
            line: From 1, within the cell.

        Returns: The line, from 1. If the source of a cell is one string, all of it is in one line. A missing cell
            counts as the last one, and a missing line as the nearest one: the notebook may have changed.
        """
        if not self._spans:
            return 1
        cell = cell if cell in self._spans else max(self._spans)
        if cell not in self._rows:
            self._rows[cell] = list(_rows(self._text, *self._spans[cell], self._firsts[cell]))
        rows = self._rows[cell]
        at = bisect_right(rows, line, key=itemgetter(0)) - 1
        return rows[at][1] if at >= 0 else self._firsts[cell]


def _rows(text: str, start: int, end: int, first: int) -> Iterator[tuple[int, int]]:
    """For each string of the source of a cell: the line of the cell and the line of the file where it starts."""
    value = text[start:end]
    if not value.startswith("["):
        return
    passed, line, at = 1, first, 0
    for begin, stop in elements(value, 0):
        line, at = line + value.count("\n", at, begin), begin
        yield passed, line
        passed += json.loads(value[begin:stop]).count("\n")
