"""Repairs that change the same graph are in one part, since a fault in it may be caused by either."""

from __future__ import annotations

import pytest

from orderlint.repair.apart import parts_of
from orderlint.repair.planning import Planner
from orderlint.repair.trials import Trials
from orderlint.text.files import source_from_text
from tests.judged import standards

DEFAULT = standards()
BLOCK = "def {}(x):\n    x = Dense(8)(x)\n    x = ReLU()(x)\n    x = BatchNormalization()(x)\n    return {}\n"
ONE, TWO = BLOCK.format("f", "Dense(1)(x)"), BLOCK.format("g", "Dense(1)(x)")


def parts(text: str) -> list[list[int]]:
    """The indices of the findings of a text, grouped by part."""
    state = Trials(DEFAULT, None).state(source_from_text(text))
    planner = Planner(state.file, state.graphs, DEFAULT)
    plans = [planner.plan(violation) for violation in state.violations]
    found = parts_of(state.graphs, [[one] for one in plans])
    return [[plans.index(group[0]) for group in part.groups] for part in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE + TWO, [[0], [1]]),
        (ONE + ONE.replace("f(", "x("), [[0], [1]]),
        (ONE.replace("Dense(1)(x)", "g(x)") + TWO, [[0, 1]]),  # the graph of `f` has the layers of both
        (BLOCK.format("f", "BatchNormalization()(ReLU()(Dense(1)(x)))"), [[0, 1]]),
        (ONE + TWO + "x = Dense(1)(g(f(x)))\n", [[0, 1]]),
        (ONE + BLOCK.format("h", "x") + TWO + "x = Dense(1)(g(f(x)))\n", [[0, 1], [2]]),
    ],
)
def test_a_graph_has_layers_of_one_part(text: str, expected: list[list[int]]) -> None:
    """Functions that call each other, or that are applied in sequence, are one part."""
    assert sorted(parts(text)) == sorted(expected)


def test_the_layers_of_one_object_are_in_one_part() -> None:
    """A change to the constructor of a layer changes each graph that applies the layer."""
    text = "norm = BatchNormalization()\n" + (ONE + TWO).replace("BatchNormalization()(x)", "norm(x)")
    assert parts(text) == [[0, 1]]


def test_what_is_in_no_graph_is_tried_with_all_others() -> None:
    """A finding that is in no graph is tried with all others, since its effects are unknown."""
    state = Trials(DEFAULT, None).state(source_from_text(ONE + TWO))
    planner = Planner(state.file, state.graphs, DEFAULT)
    groups = [[planner.plan(violation)] for violation in state.violations]
    assert [part.groups for part in parts_of((), groups)] == [groups]
