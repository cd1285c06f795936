"""A single cell on standard input."""

from __future__ import annotations

import io
import sys

import pytest

from orderlint.cli import group
from orderlint.text.lone_cell import from_notebook, is_lone_cell, to_notebook

CELL = "%matplotlib inline\nx = BatchNormalization()(ReLU()(Dense(8)(x)))  # é\n"


def test_the_source_of_a_cell_is_told_from_a_notebook() -> None:
    """A notebook is a JSON object; a Python file is never a cell."""
    assert is_lone_cell(CELL.encode(), "net.ipynb")
    assert not is_lone_cell(b'\n {"cells": []}', "net.ipynb")
    assert not is_lone_cell(CELL.encode(), "net.py")


def test_a_cell_comes_back_as_it_was() -> None:
    """Unchanged parts are returned byte for byte; a real notebook is not touched."""
    assert from_notebook(to_notebook(CELL.encode())) == CELL.encode()
    assert from_notebook(b'{"cells": ["lone cell"]}') == b'{"cells": ["lone cell"]}'


@pytest.mark.parametrize(
    "data",
    [
        '{"metadata": {"orderlint": "lone cell"}, "cells": []}',
        '{"metadata": {"orderlint": "lone cell"}, "cells": [{}]}',
        '{"metadata": {"orderlint": "lone cell"}, "cells": [{"source": "a"}, {"source": "b"}]}',
        '{"metadata": {"orderlint": "lone cell"}, "cells": {"source": 1}}',
        '{"metadata": {"orderlint": "lone cell"}, "cells": [',
        '["lone cell"]',
        '{"lone cell": ' + "[" * 100_000,
    ],
)
def test_what_only_looks_like_a_cell_is_handed_back_as_it_is(data: str) -> None:
    """A notebook that looks the same, or is broken, is not a cell."""
    assert from_notebook(data.encode()) == data.encode()


def test_a_cell_on_standard_input_is_checked_and_repaired(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Magics are skipped, lines count in the cell, and `fix` returns the source of the cell."""

    def said(*command: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CELL.encode()), encoding="utf-8"))
        group.main([*command, "-", "--stdin-filename", "net.ipynb"], standalone_mode=False)
        return capsys.readouterr().out

    assert "net.ipynb:cell 1:2:5: ORD001" in said("check", "--format", "concise")
    assert said("fix") == CELL.replace(
        "BatchNormalization()(ReLU()(Dense(8)(x)))", "ReLU()(BatchNormalization()(Dense(8)(x)))"
    )
