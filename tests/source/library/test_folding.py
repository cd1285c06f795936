"""Functions that reduce all elements to one value."""

from __future__ import annotations

import pytest

from orderlint.source.library import folding
from orderlint.source.state.values import Choice, Condition, Const
from tests.source.running import flow, interpreter, is_unknown, python_value, value_of


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("len([1, 2])", 2),
        ("len('abc')", 3),
        ("len({'a': 1})", 1),
        ("sum([1, 2], 3)", 6),
        ("any([0, 1])", True),
        ("any([])", False),
        ("all([0, 1])", False),
        ("all([])", True),
    ],
)
def test_known_elements_are_folded(expression: str, wanted: object) -> None:
    """The result for known elements is the same as in Python."""
    assert python_value(interpreter(), expression) == wanted


def test_a_list_of_two_lengths_has_two() -> None:
    """A list that grew on some paths has a length for each path."""
    found = value_of(interpreter("a = [1]\nif deep:\n    a.append(2)\n"), "len(a)")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(1), Const(2)}


def test_what_hangs_on_an_unknown_is_a_condition() -> None:
    """`any` of unknown tests holds where one of the tests does."""
    m = interpreter()
    found = value_of(m, "any([a, b])")
    assert isinstance(found, Condition)
    first = value_of(m, "bool(a)")
    assert isinstance(first, Condition)
    assert first.guard.implies(found.guard)


def test_the_length_of_an_unknown_is_unknown() -> None:
    """The length of an unknown value is unknown."""
    assert is_unknown(interpreter(), "len(blocks)")


def test_a_sum_of_tensors_is_a_merge() -> None:
    """`sum([x, y])` adds the tensors in order."""
    m = interpreter("from keras import Input\ny = sum([Input((3,)), Input((3,))])\n")
    assert flow(m) == [("Input", "Add"), ("Input", "Add")]
    assert "builtins.sum" in folding.FUNCTIONS
