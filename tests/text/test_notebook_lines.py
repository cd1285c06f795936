"""The lines of a notebook's JSON for the lines of its cells."""

from __future__ import annotations

import json

import pytest

from orderlint.text.notebook_lines import NotebookLines

CELLS = [
    {"cell_type": "markdown", "source": ["# Title\n", "text"]},
    {"cell_type": "code", "source": ["a = 1\n", "b = 2\n", "c = 3"]},
]


@pytest.mark.parametrize(("cell", "line", "wanted"), [(1, 2, "text"), (2, 1, "a = 1"), (2, 3, "c = 3")])
def test_a_line_of_a_cell_has_its_line_in_the_file(cell: int, line: int, wanted: str) -> None:
    """The line of the JSON contains the line of the cell."""
    text = json.dumps({"cells": CELLS, "nbformat": 4}, indent=1)
    assert wanted in text.splitlines()[NotebookLines(text).of(cell, line) - 1]


def test_a_source_of_one_string_stands_in_one_line() -> None:
    """If the source is one string, all of its lines are in the same line of the JSON."""
    text = json.dumps({"cells": [{"cell_type": "code", "source": "a = 1\nb = 2"}], "nbformat": 4}, indent=1)
    found = {NotebookLines(text).of(1, line) for line in (1, 2)}
    assert len(found) == 1
    assert "a = 1" in text.splitlines()[found.pop() - 1]


def test_blank_lines_before_the_notebook_count() -> None:
    """The JSON may start after blank lines."""
    text = "\n\n" + json.dumps({"cells": CELLS, "nbformat": 4}, indent=1)
    assert "b = 2" in text.splitlines()[NotebookLines(text).of(2, 2) - 1]


def test_what_is_not_there_counts_as_the_nearest() -> None:
    """The notebook may have changed since it was read."""
    text = json.dumps({"cells": CELLS, "nbformat": 4}, indent=1)
    lines = NotebookLines(text)
    assert lines.of(99, 1) == lines.of(2, 1)
    assert lines.of(2, 99) == lines.of(2, 3)
    assert NotebookLines('{"cells": []}').of(1, 1) == 1
