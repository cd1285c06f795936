"""Unknown lists and iterators that lose elements: later tests depend on the remaining length."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import draining, iterations, truth
from orderlint.source.state.values import NONE, Choice, Unknown
from tests.source.running import interpreter, value_of


def unknown(m: Interpreter, name: str) -> Unknown:
    found = value_of(m, name)
    assert isinstance(found, Unknown)
    return found


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ("", 0),
        ("sizes.pop()\n", 1),
        ("sizes.pop(0)\nsizes.popleft()\n", 2),
        ("del sizes[0]\ndel sizes[-1]\n", 2),
        ("sizes.pop('units')\n", 0),  # of a dictionary
        ("next(sizes)\n", 0),  # the list that is iterated over does not change
    ],
)
def test_what_is_taken_is_missing_from_the_length(code: str, taken: int) -> None:
    """The length decreases with each way of removing; the elements of a dictionary are not counted."""
    m = interpreter(code)
    sizes = unknown(m, "sizes")
    left = iterations.linear(draining.length(m, sizes))
    assert left is not None
    assert left[1] == -taken
    assert draining.is_shortened(m, sizes) is (taken > 0)


@pytest.mark.parametrize(("expression", "less"), [("sizes[1:]", 1), ("sizes[:-2]", 2), ("sizes[1:][1:]", 2)])
def test_slices_are_as_much_shorter_as_they_leave_out(expression: str, less: int) -> None:
    """`sizes[1:]` has one element fewer."""
    m = interpreter()
    length = iterations.linear(draining.length(m, unknown(m, expression)))
    assert length is not None
    assert length[1] == -less


def test_each_element_that_is_taken_is_another() -> None:
    """Two calls of `pop` give different values, though both are unknown."""
    m = interpreter("a = sizes.pop()\nb = sizes.pop()\n")
    assert value_of(m, "a") != value_of(m, "b")


def test_a_list_is_empty_when_its_elements_are_taken() -> None:
    """`if sizes:` after `sizes.pop()` tests for a second element, and so does a test of its length."""
    m = interpreter("sizes.pop()\n")
    assert draining.holds(m, unknown(m, "sizes")) is not ALWAYS
    assert draining.holds(m, unknown(m, "sizes")) == truth.of(m, value_of(m, "len(sizes) > 0"))


def test_an_iterator_gives_its_default_at_its_end() -> None:
    """`next(left, None)` is `None` exactly where no element is left."""
    m = interpreter("left = iter(sizes)\na = next(left, None)\n")
    assert draining.has_next(m, unknown(m, "left")) is not ALWAYS
    found = value_of(m, "a")
    assert isinstance(found, Choice)
    assert NONE in {value for _, value in found.alternatives}
