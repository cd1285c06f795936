"""Notebooks that an editor opens as text: the JSON of the file, or all cells as one Python text."""

from __future__ import annotations

import json

import pytest
from lsprotocol import types

from orderlint.lsp.actions import fix_all, quick_fixes
from orderlint.lsp.analysis import Analysis, Analyst
from orderlint.lsp.diagnostics import diagnostics_of
from orderlint.lsp.documents import Documents, Snapshot
from tests.lsp.client import NET
from tests.running import notebook

LINES = notebook("y = 1\n", NET.splitlines(keepends=True))


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst()


def diagnosed(analyst: Analyst, text: str) -> tuple[Analysis, Snapshot, list[types.Diagnostic]]:
    documents = Documents()
    uri = documents.open(types.TextDocumentItem("file:///nowhere/net.ipynb", "json", 1, text))
    snapshot = documents.snapshot(uri)
    analysis = analyst.diagnose(snapshot, plans=True)
    ((_, found),) = diagnostics_of(analysis, ())
    return analysis, snapshot, found


def test_a_finding_is_shown_at_its_line_of_the_file(analyst: Analyst) -> None:
    """The line of JSON with the line of the cell is underlined, and the message names the cell."""
    analysis, snapshot, (one,) = diagnosed(analyst, LINES)
    assert "BatchNormalization()" in LINES.splitlines()[one.range.start.line]
    assert one.range.start.character < one.range.end.character
    assert one.message.startswith("BatchNormalization after the activation ReLU (cell 2, line 6)\n")
    assert not list(quick_fixes(analysis, snapshot.parts[0], one.range))
    assert fix_all(snapshot, analyst.fix_all(snapshot)) is None


def test_a_notebook_in_one_line(analyst: Analyst) -> None:
    """That line is underlined."""
    _, _, (one,) = diagnosed(analyst, json.dumps(json.loads(LINES)))
    assert (one.range.start.line, one.range.start.character) == (0, 0)


def test_all_cells_as_one_text(analyst: Analyst) -> None:
    """JupyterLab sends them like this, with magics: findings and quick fixes have positions in that text."""
    text = "%matplotlib inline\n" + NET
    analysis, snapshot, (one,) = diagnosed(analyst, text)
    assert text.splitlines()[one.range.start.line].strip() == "layers.BatchNormalization(),"
    fix = next(quick_fixes(analysis, snapshot.parts[0], one.range))
    assert fix.edit is not None


def test_a_notebook_that_is_broken(analyst: Analyst) -> None:
    """It has no finding, and the client gets the reason."""
    analysis, _, found = diagnosed(analyst, LINES[:-20])
    assert found == []
    assert "its JSON is broken" in analysis.problems[0]
