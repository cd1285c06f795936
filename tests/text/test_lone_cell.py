"""A single cell on standard input."""

from __future__ import annotations

from click.testing import CliRunner

from orderlint.cli import group
from orderlint.text.lone_cell import from_notebook, is_lone_cell, to_notebook

CELL = "%matplotlib inline\nx = BatchNormalization()(ReLU()(Dense(8)(x)))  # é\n"


def test_the_source_of_a_cell_is_told_from_a_notebook() -> None:
    """A notebook is a JSON object; a Python file never is a cell."""
    assert is_lone_cell(CELL.encode(), "net.ipynb")
    assert not is_lone_cell(b'\n {"cells": []}', "net.ipynb")
    assert not is_lone_cell(CELL.encode(), "net.py")


def test_a_cell_comes_back_as_it_was() -> None:
    """What is not changed is handed back byte for byte; a real notebook is left alone."""
    assert from_notebook(to_notebook(CELL.encode())) == CELL.encode()
    assert from_notebook(b'{"cells": ["lone cell"]}') == b'{"cells": ["lone cell"]}'


def test_a_cell_on_standard_input_is_checked_and_repaired() -> None:
    """Magics are stepped over, lines count in the cell, and `fix` hands back the source of the cell."""
    runner = CliRunner()
    arguments = ["-", "--stdin-filename", "net.ipynb"]
    checked = runner.invoke(group, ["check", "--format", "concise", *arguments], input=CELL, standalone_mode=False)
    assert "net.ipynb:cell 1:2:5: ORD001" in checked.stdout
    fixed = runner.invoke(group, ["fix", *arguments], input=CELL, standalone_mode=False)
    assert fixed.stdout == CELL.replace(
        "BatchNormalization()(ReLU()(Dense(8)(x)))", "ReLU()(BatchNormalization()(Dense(8)(x)))"
    )
