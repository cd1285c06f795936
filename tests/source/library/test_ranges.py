"""Runs of numbers."""

from __future__ import annotations

import pytest

from orderlint.source.library.ranges import LONGEST_RANGE
from orderlint.source.state.values import Choice, Sequence
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "import numpy as np\nfrom tqdm import trange\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("range(3)", (0, 1, 2)),
        ("range(2, 9, 3)", (2, 5, 8)),
        ("range(3, 0, -1)", (3, 2, 1)),
        ("trange(2)", (0, 1)),
        ("np.arange(1, 3)", (1, 2)),
        ("np.linspace(0, 1, 3)", [0.0, 0.5, 1.0]),
    ],
)
def test_known_runs_are_written_out(expression: str, wanted: object) -> None:
    """A run between known bounds has Python's numbers."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize("expression", ["range(size)", "range(1, 2, 0)", "np.linspace(0, rate, 3)"])
def test_other_runs_are_unknown(expression: str) -> None:
    """A run to an unknown or impossible bound is unknown."""
    assert is_unknown(interpreter(HEADER), expression)


def test_a_run_is_bounded() -> None:
    """A longer run than any model needs ends early."""
    found = value_of(interpreter(), "range(10 ** 9)")
    assert isinstance(found, Sequence)
    assert len(found.elements) == LONGEST_RANGE


def test_a_bound_of_two_values_gives_two_runs() -> None:
    """`range(2 if deep else 1)` is one run or the other."""
    found = value_of(interpreter(), "range(2 if deep else 1)")
    assert isinstance(found, Choice)
    assert sorted(len(one.elements) for _, one in found.alternatives if isinstance(one, Sequence)) == [1, 2]
