"""Ranges of numbers."""

from __future__ import annotations

import pytest

from orderlint.graph import Limit
from orderlint.source.library import ranges
from orderlint.source.python.containers import MOST_KNOWN
from orderlint.source.state.values import Choice, Const, Sequence
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "import numpy as np\nfrom tqdm import trange\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("range(3)", (0, 1, 2)),
        ("range(2, 9, 3)", (2, 5, 8)),
        ("range(3, 0, -1)", (3, 2, 1)),
        ("trange(2)", (0, 1)),
        ("np.arange(1, 3)", [1, 2]),
        ("np.linspace(0, 1, 3)", [0.0, 0.5, 1.0]),
    ],
)
def test_known_runs_are_written_out(expression: str, wanted: object) -> None:
    """A range with known bounds has the same numbers as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_the_numbers_of_old_python_are_a_run_too() -> None:
    """`xrange` of Python 2 is like `range`."""
    assert ranges.FUNCTIONS["builtins.xrange"] is ranges.FUNCTIONS["builtins.range"]


@pytest.mark.parametrize("expression", ["range(size)", "range(1, 2, 0)", "np.linspace(0, rate, 3)"])
def test_other_runs_are_unknown(expression: str) -> None:
    """A range with an unknown or invalid bound is unknown."""
    assert is_unknown(interpreter(HEADER), expression)


def test_a_run_is_bounded() -> None:
    """Of a range that is longer than any model needs, the first numbers and the last one are known."""
    found = value_of(interpreter(), "range(10 ** 30)")
    assert isinstance(found, Sequence)
    assert len(found.elements) == MOST_KNOWN
    assert found.elements[-1].value == Const(10**30 - 1)


@pytest.mark.parametrize("expression", ["len(range(5000))", "sum(range(5000))"])
def test_what_is_left_out_of_a_run_is_not_counted_wrong(expression: str) -> None:
    """A number that is computed from the whole range is unknown."""
    assert is_unknown(interpreter(), expression)


MAKING = [
    "for i in range(5000):\n    made.append(layers.ReLU())\n",
    "made = [layers.ReLU() for i in range(5000)]\n",
    "made = list(map(layers.Dense, range(5000)))\n",
]


@pytest.mark.parametrize("text", MAKING)
def test_layers_that_are_left_out_are_told(text: str) -> None:
    """Constructing a layer for each number of a range that is too long is a shortfall."""
    m = interpreter(f"from keras import layers\nmade = []\n{text}")
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ITERATIONS]


COUNTING = ["for i in range(5000):\n    total = i\n", "[[i] * 3 for i in range(5000)]\n", "[*map(str, range(5000))]\n"]


@pytest.mark.parametrize("text", COUNTING)
def test_data_that_is_left_out_is_not_worth_a_word(text: str) -> None:
    """No layer depends on the amount of data."""
    assert not interpreter(text).shortfalls


def test_a_bound_of_two_values_gives_two_runs() -> None:
    """`range(2 if deep else 1)` is a choice of two ranges."""
    found = value_of(interpreter(), "range(2 if deep else 1)")
    assert isinstance(found, Choice)
    assert sorted(len(one.elements) for _, one in found.alternatives if isinstance(one, Sequence)) == [1, 2]
