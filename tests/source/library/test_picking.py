"""Values that are chosen from a known set."""

from __future__ import annotations

import pytest

from orderlint.source.library.picking import FUNCTIONS
from orderlint.source.state.values import Choice, Const, Unknown
from tests.source.running import interpreter, python_value, value_of

HEADER = "import random\nfrom keras import layers\n"


@pytest.mark.parametrize(
    "expression",
    [
        "hp.Choice('a', ['x', 'y'])",
        "hp.Choice('a', values=('x', 'y'), default='x')",
        "trial.suggest_categorical('a', ['x', 'y'])",
        "random.choice(['x', 'y'])",
    ],
)
def test_one_of_known_constants(expression: str) -> None:
    """The result is a number or string that is one of the given ones."""
    found = value_of(interpreter(HEADER), expression)
    assert isinstance(found, Unknown)
    assert (found.scalar, found.among) == (True, (Const("x"), Const("y")))


def test_what_has_one_name_is_one_value() -> None:
    """A tuner returns the same value for the same name; each random choice is a new value."""
    m = interpreter(HEADER)
    assert value_of(m, "hp.Choice('a', ['x', 'y'])") == value_of(m, "hp.Choice('a', ['x', 'y'])")
    assert value_of(m, "hp.Choice('a', ['x', 'y'])") != value_of(m, "hp.Choice('b', ['x', 'y'])")
    assert value_of(m, "random.choice(['x', 'y'])") != value_of(m, "random.choice(['x', 'y'])")


def test_one_of_some_layers_is_a_choice() -> None:
    """Each class that may be chosen is an alternative."""
    found = value_of(interpreter(HEADER), "random.choice([layers.ReLU, layers.ELU])")
    assert isinstance(found, Choice)
    assert len(found.alternatives) == 2


def test_what_is_fixed_or_alone_is_known() -> None:
    """A fixed value, or the only value, is known."""
    m = interpreter(HEADER)
    assert python_value(m, "(hp.Fixed('a', 3), random.choice(['x']))") == (3, "x")


@pytest.mark.parametrize("expression", ["hp.Int('a', 1, 3)", "trial.suggest_float('a', 0, 1)", "random.choice(known)"])
def test_numbers_are_scalars(expression: str) -> None:
    """A value chosen from a range or from an unknown collection is a scalar."""
    found = value_of(interpreter(HEADER), expression)
    assert isinstance(found, Unknown)
    assert (found.scalar, found.among) == (True, ())


def test_many_values_at_once_are_not_one() -> None:
    """`numpy.random.choice(values, size)` returns an array."""
    found = value_of(interpreter("import numpy as np\n"), "np.random.choice(['x', 'y'], 3)")
    assert isinstance(found, Unknown)
    assert not found.among
    assert "numpy.random.choice" in FUNCTIONS
