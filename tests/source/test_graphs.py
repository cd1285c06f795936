"""Graphs from source can be sent to other processes and stored."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from orderlint.judging import DEFAULT_ORDER, judge
from orderlint.source import analyze
from orderlint.text.files import read_source
from tests.judged import RULES
from tests.support import ROOT

CASES = sorted((ROOT / "fixtures" / "check").rglob("*.py")) + sorted((ROOT / "fixtures" / "check").rglob("*.ipynb"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_pickled_graph_is_the_same(path: Path) -> None:
    """It is equal, and the rules find the same violations at the same places."""
    graphs = analyze(read_source(path))
    again = pickle.loads(pickle.dumps(graphs))
    assert again == graphs
    assert [one == other for one in graphs for other in again] == [one is other for one in graphs for other in graphs]
    before, after = (judge(each, list(RULES.values()), DEFAULT_ORDER) for each in (graphs, again))
    assert [(v.rule.code, v.at.place.location(), v.message) for v in after] == [
        (v.rule.code, v.at.place.location(), v.message) for v in before
    ]
