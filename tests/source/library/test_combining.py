"""Combinations of the elements of one or several iterables."""

from __future__ import annotations

import pytest

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS
from orderlint.source.library.combining import MOST_COMBINATIONS
from orderlint.source.python import containers, truth
from tests.source.running import flow, interpreter, is_unknown, python_value, value_of

HEADER = "from itertools import combinations, pairwise, product\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("product([1, 2], [3])", ((1, 3), (2, 3))),
        ("combinations([1, 2, 3], 2)", ((1, 2), (1, 3), (2, 3))),
        ("combinations('ab', r=3)", ()),
        ("pairwise([1, 2, 3])", ((1, 2), (2, 3))),
        ("pairwise([1])", ()),
    ],
)
def test_rows_of_known_elements_are_those_of_python(expression: str, wanted: object) -> None:
    """Combinations of known elements are the same as in Python, in the same order."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize(
    "expression",
    [
        "combinations(sizes, 2)",
        "combinations([1, 2], n)",
        "combinations([1, 2], -1)",
        "combinations()",
    ],
)
def test_rows_of_unknown_elements_are_unknown(expression: str) -> None:
    """A list of unknown length may have more combinations than the elements that represent it."""
    assert is_unknown(interpreter(HEADER), expression)


def test_a_combination_is_there_where_its_elements_are() -> None:
    """A combination with a conditional element exists only where the element does; pairs of neighbors are unknown."""
    m = interpreter(HEADER + "a = [1, 2]\nif deep:\n    a.append(3)\n")
    guards = [row.guard for row in containers.iterate(m, value_of(m, "combinations(a, 2)"))]
    deep = truth.of(m, value_of(m, "deep"))
    assert guards == [ALWAYS, deep, deep]
    assert is_unknown(m, "pairwise(a)")


def test_pairs_of_tensors_are_told_apart() -> None:
    """In a loop over pairs, each layer is fed by its own pair."""
    text = "from keras import Input, layers\na, b, c = [layers.Dense(n)(Input((3,))) for n in (1, 2, 3)]\n"
    m = interpreter(HEADER + text + "for pair in pairwise([a, b, c]):\n    layers.Add()(pair)\n")
    assert [edge for edge in flow(m) if edge[1] == "Add"] == [("Dense", "Add")] * 4


@pytest.mark.parametrize("expression", ["product(range(100), range(100))", "combinations(range(100), 3)"])
def test_too_many_rows_are_told(expression: str) -> None:
    """Exceeding the maximum number of combinations is a shortfall."""
    m = interpreter(HEADER)
    assert len(containers.iterate(m, value_of(m, expression))) == MOST_COMBINATIONS
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ITERATIONS]


@pytest.mark.parametrize("text", ["pairwise(sizes)", "pairwise([f(i) for i in sizes])", "zip(sizes, sizes[1:])"])
def test_neighbors_in_a_list_of_unknown_length_are_walked_iteration_by_iteration(text: str) -> None:
    """There is one pair fewer than there are elements."""
    m = interpreter(HEADER)
    first, second, spare = containers.walk(m, value_of(m, text))
    assert [one.iteration and one.iteration.number for one in (first, second, spare)] == [0, 1, 2]
    assert spare.iteration is not None
    assert spare.iteration.is_spare
