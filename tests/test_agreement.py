"""Source and built models of `keras.applications` have the same layers.

The source of the installed Keras is followed as if it were part of the project, without executing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from orderlint.graph import LayerGraph
from orderlint.judging import DEFAULT_ORDER, judge
from orderlint.source import Project, analyze
from orderlint.text.files import read_source, source_from_text
from tests.judged import RULES
from tests.runtime.applications import EXPECTED, NUM_PAIRS, Counts, build_all, counts, source_pairs

keras = pytest.importorskip("keras", reason="the agreement with built models needs Keras")

SITE_PACKAGES = Path(keras.__file__).parents[1]
SPATIAL = {"NASNetLarge", "NASNetMobile"}
"""Constructors whose branches depend on heights and widths, which the source side does not compute."""

Pairs = set[tuple[str, int, str, int]]


def static_graphs(name: str) -> Sequence[LayerGraph]:
    """The graphs of a file that calls a constructor with its defaults."""
    text = f"from keras.applications import {name}\nmodel = {name}(weights=None)\n"
    return analyze(source_from_text(text, "two_lines.py"), Project(roots=(SITE_PACKAGES,)))


def total(graphs: Sequence[LayerGraph]) -> Counts:
    linear, norm, activation, inline, dropout = (sum(column) for column in zip(*map(counts, graphs), strict=True))
    return linear, norm, activation, inline, dropout


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - SPATIAL))
def test_static_counts_are_the_built_ones(name: str) -> None:
    """The defaults decide each branch, so the source has exactly the layers of the built model, and no finding."""
    graphs = static_graphs(name)
    assert total(graphs) == EXPECTED[name]
    assert judge(graphs, [RULES["ORD001"], RULES["ORD002"], RULES["ORD003"]], DEFAULT_ORDER) == []


@pytest.mark.parametrize("name", sorted(SPATIAL))
def test_undecided_branches_keep_both_arms(name: str) -> None:
    """If shapes decide, both branches are kept, with at least the built layers, and without a finding."""
    graphs = static_graphs(name)
    assert all(static >= built for static, built in zip(total(graphs), EXPECTED[name], strict=True))
    assert judge(graphs, [RULES["ORD001"], RULES["ORD002"], RULES["ORD003"]], DEFAULT_ORDER) == []


def static_pairs() -> Pairs:
    """The adjacent layers with a role in each constructor, in all branches, each checked alone."""
    pairs: Pairs = set()
    folder = SITE_PACKAGES / "keras" / "src" / "applications"
    for path in sorted(folder.glob("*.py")):
        if not path.stem.endswith("_test") and path.stem not in ("__init__", "imagenet_utils"):
            for graph in analyze(read_source(path), Project(roots=(SITE_PACKAGES,))):
                pairs |= source_pairs(graph)
    return pairs


@pytest.fixture(scope="module")
def built_pairs() -> Pairs:
    """The adjacent layers with a role in each built model."""
    pairs: Pairs = set()
    for built in build_all():
        assert built.counts == EXPECTED[built.name]
        pairs |= source_pairs(built.graph)
    return pairs


def test_static_pairs_contain_every_built_one(built_pairs: Pairs) -> None:
    """Each pair of the built models is also found in the source."""
    assert len(built_pairs) == NUM_PAIRS
    assert built_pairs - static_pairs() == set()
