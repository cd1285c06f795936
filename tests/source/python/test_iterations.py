"""Iterations of loops of unknown length: tests for the first and the last iteration hold only there."""

from __future__ import annotations

from itertools import pairwise

import pytest

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import iterations
from orderlint.source.state.values import Const, Unknown
from tests.source.running import flow, interpreter, value_of

HEADER = "from keras import Input, layers\nx = Input((3,))\n"


def unknown(name: str) -> Unknown:
    found = value_of(interpreter(), name)
    assert isinstance(found, Unknown)
    return found


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [("3", ({}, 3)), ("n", ({"n": 1}, 0)), ("n - 1", ({"n": 1}, -1)), ("2 - (n - k)", ({"n": -1, "k": 1}, 2))],
)
def test_sums_are_taken_apart(expression: str, wanted: tuple[dict[str, int], int]) -> None:
    """A sum is a number plus unknown values, each with a factor."""
    m = interpreter()
    parts, number = wanted
    found = iterations.linear(value_of(m, expression))
    assert found == ({value_of(m, name): factor for name, factor in parts.items()}, number)


@pytest.mark.parametrize("expression", ["'a'", "None", "True", "[1]"])
def test_what_is_no_number_is_no_sum(expression: str) -> None:
    """A truth value is not a sum either."""
    assert iterations.linear(value_of(interpreter(), expression)) is None


def test_what_cancels_out_is_gone() -> None:
    """`n + 1 - n` is a number."""
    assert iterations.linear(value_of(interpreter(), "n + 1 - n")) == ({}, 1)


def test_the_first_iteration_is_always_run_and_later_ones_follow_it() -> None:
    """An iteration runs only if all earlier ones have run."""
    m = interpreter()
    n = value_of(m, "n")
    assert isinstance(n, Unknown)
    guards = [iterations.goes_on(m, ((n, 0),), number) for number in range(4)]
    assert guards[0] is ALWAYS
    assert all(later.implies(earlier) for earlier, later in pairwise(guards))
    assert iterations.goes_on(m, ((n, 5),), 3) is ALWAYS  # it has five more iterations than an unknown value


def test_the_count_is_known_in_the_first_iteration_alone() -> None:
    """In later iterations it is an unknown number that differs from the first."""
    m = interpreter()
    n = value_of(m, "n")
    assert isinstance(n, Unknown)
    assert iterations.index(m, ((n, 0),), 2, 0) == Const(2)
    later = iterations.index(m, ((n, 0),), 0, 1)
    assert isinstance(later, Unknown)
    assert iterations.is_positive(later)


def pairs(test: str, loop: str = "for i in range(n)") -> set[tuple[str, str]]:
    """The pairs of successive layers in a loop that applies `ReLU` under a test, else `Dense`."""
    body = f"    if {test}:\n        x = layers.ReLU()(x)\n    else:\n        x = layers.Dense(8)(x)\n"
    return set(flow(interpreter(f"{HEADER}{loop}:\n{body}x = layers.Flatten()(x)\n")))


@pytest.mark.parametrize("test", ["i == 0", "not i", "i < 1"])
def test_the_first_iteration_is_followed_by_others(test: str) -> None:
    """Only the first iteration takes its arm."""
    assert ("ReLU", "ReLU") not in pairs(test)
    assert ("Dense", "ReLU") not in pairs(test)


@pytest.mark.parametrize("test", ["i == n - 1", "i + 1 == n", "not i < n - 1", "n - i == 1", "i >= n - 1"])
def test_the_last_iteration_is_followed_by_none(test: str) -> None:
    """However the last iteration is tested for, its arm leaves the loop, and the other arm does not."""
    found = pairs(test)
    assert ("ReLU", "Dense") not in found
    assert ("ReLU", "Flatten") in found
    assert ("Dense", "ReLU") in found


def test_the_last_element_is_in_the_last_iteration() -> None:
    """`x is xs[-1]` also tests for the last iteration."""
    found = pairs("e is xs[-1]", "for e in xs")
    assert ("ReLU", "Dense") not in found


@pytest.mark.parametrize(
    ("expression", "computed"),
    [("n + 1", True), ("str(n + 1)", True), ("n", False), ("str(n)", False), ("f'{n}_norm'", False), ("3", False)],
)
def test_what_is_computed_of_a_number_is_told_from_the_number(expression: str, computed: bool) -> None:
    """`d[i + 1]` may be `d[i]` of the next iteration, but a key that only contains `i` as text may not."""
    assert iterations.is_computed(value_of(interpreter(), expression)) is computed


def test_outside_of_loops_nothing_is_of_an_iteration() -> None:
    """A value that does not depend on an iteration has no loop."""
    assert iterations.loop_of(interpreter(), unknown("n")) is None
