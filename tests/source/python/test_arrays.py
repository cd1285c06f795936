"""NumPy arrays: arithmetic applies to each number, where a list would be repeated or extended."""

from __future__ import annotations

import pytest

from orderlint.source.python import arrays
from orderlint.source.state.values import Const, ListObject
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "import numpy as np\nones = np.array([1, 2])\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("np.linspace(0, 1, 3) * 2", [0.0, 1.0, 2.0]),
        ("2 * np.arange(3)", [0, 2, 4]),
        ("np.array([16, 32]) // 2", [8, 16]),
        ("np.array((1, 2)) + 1", [2, 3]),
        ("1 - np.linspace(0, 1, 3)", [1.0, 0.5, 0.0]),
        ("np.arange(3) + np.arange(3)", [0, 2, 4]),
        ("np.arange(2) + [5, 6]", [5, 7]),
        ("-np.arange(3)", [0, -1, -2]),
        ("2 ** np.arange(4)", [1, 2, 4, 8]),
        ("np.array([[1, 2], [3, 4]]) * 2", [[2, 4], [6, 8]]),
        ("np.asarray(ones) * 3", [3, 6]),
        ("list(ones) * 2", [1, 2, 1, 2]),
    ],
)
def test_each_number_is_computed(expression: str, wanted: object) -> None:
    """A list of the elements of an array is an ordinary list."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize("expression", ["ones * unknown", "ones + [1, 2, 3]", "ones * np.arange(3)"])
def test_what_does_not_fit_is_unknown(expression: str) -> None:
    """An unknown operand may be an array or a tensor."""
    assert is_unknown(interpreter(HEADER), expression)


def test_an_array_of_a_number_is_the_number() -> None:
    """`np.array(3)` is a number without elements."""
    assert arrays.of_list(interpreter(), Const(3)) == Const(3)


def test_an_array_is_not_lengthened() -> None:
    """`rates += 1` is arithmetic, and does not extend the array."""
    assert python_value(interpreter(HEADER + "ones += 1\n"), "ones") == [2, 3]


def test_what_holds_layers_is_a_list() -> None:
    """`np.array(layers)` has the layers as its elements."""
    m = interpreter(HEADER + "from keras import layers\nheld = np.array([layers.ReLU()])\n")
    found = value_of(m, "held")
    assert isinstance(found, ListObject)
    assert not m.is_array(found)


def test_long_data_is_not_repeated_nobody_knows_how_often() -> None:
    """The presence of each number would be computed again and again."""
    assert is_unknown(interpreter(HEADER + "row = list(range(1000))\n"), "row * n")


def test_sound_that_is_computed_costs_few_steps() -> None:
    """A computed tone has as many samples as the bounds allow."""
    tone = "time = np.linspace(0, 1, 44100)\nfor pitch in pitches:\n    tone = np.sin(2 * np.pi * pitch * time)\n"
    assert interpreter(HEADER + tone).num_steps < 100
