"""The page about the interpreter is correct: its example has the described result."""

from __future__ import annotations

import re

from orderlint import check_source
from orderlint.graph import units_of
from orderlint.graph.guards import NEVER
from orderlint.source import analyze
from orderlint.source.state.values import Choice, Layer, Tensor
from orderlint.text.files import source_from_text
from tests.source.running import interpreter, value_of
from tests.support import ROOT

PAGE = (ROOT / "docs" / "interpreter.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```python\n")[2].partition("```")[0]


def test_the_example_has_the_units_and_the_finding_that_the_page_shows() -> None:
    """One path has the normalization, and the other has not; there is one finding at line 7, column 13."""
    graphs = analyze(source_from_text(EXAMPLE, "block.py"))
    units = [unit for unit in units_of(graphs[0]) if len(unit.chain) > 1]
    shown = [re.split(r"\s{3,}", line.strip())[0] for line in PAGE.splitlines() if line.startswith("    Conv2D →")]
    assert [" → ".join(unit.chain) for unit in units] == shown
    assert units[0].guard & units[1].guard is NEVER
    (finding,) = check_source(EXAMPLE)
    assert finding.code == "ORD001"
    assert f"line {finding.location.line}, column {finding.location.column}" in PAGE


def test_an_undecided_branch_leaves_a_choice() -> None:
    """After the branch a variable has the value of each arm, under the guard of the arm."""
    text = EXAMPLE.replace("def block(x, use_bn):", "def block(x, use_bn):\n    global seen")
    text = text.replace("    return layers", "    seen = x\n    return layers") + "block(start, flag)\n"
    seen = value_of(interpreter(text), "seen")
    assert isinstance(seen, Choice)
    assert [value for _, value in seen.alternatives] == [Tensor(2), Tensor(1)]


def test_the_files_that_the_page_names_are_there() -> None:
    """The files that the page mentions exist."""
    names = re.findall(r"`([\w/]+\.py)`", PAGE)
    places = [ROOT / "orderlint" / "source", ROOT / "orderlint", ROOT]
    assert [name for name in names if not any((place / name).is_file() for place in places)] == []


def test_what_the_page_tries_works() -> None:
    """The two lines at the end of the page result in a layer."""
    m = interpreter("from keras import layers\nx = [layers.ReLU()]\n")
    assert isinstance(value_of(m, "x[0]"), Layer)
