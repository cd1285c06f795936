"""Functions whose result is irrelevant to a network."""

from __future__ import annotations

from orderlint.source.library.opaque import FUNCTIONS
from orderlint.source.state.values import NONE, Unknown
from tests.source.running import flow, interpreter, value_of


def test_printing_takes_nothing_from_the_network() -> None:
    """Printing a tensor does not use it."""
    m = interpreter("from keras import Input\nx = Input((3,))\nprint(x)\nid(x)\n")
    assert flow(m) == []


def test_results_are_no_tensors() -> None:
    """The result of these functions is a scalar, an object, or `None`."""
    m = interpreter()
    assert value_of(m, "print(1)") == NONE
    found = value_of(m, "open('x')")
    assert isinstance(found, Unknown)
    assert found.scalar
    assert "builtins.open" in FUNCTIONS
