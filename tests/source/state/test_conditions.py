"""Tests of unknown values, whose guards exclude or imply each other like the tests."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.python import truth
from orderlint.source.state.conditions import Conditions
from orderlint.source.state.values import NONE, Const, Unknown, Unknowns
from tests.source.running import interpreter, value_of


def unknown() -> tuple[Conditions, Unknown]:
    return Conditions(), Unknowns().of("kind")


def test_a_value_equals_one_constant_at_most() -> None:
    """`kind == "max"` and `kind == "avg"` exclude each other."""
    conditions, kind = unknown()
    assert conditions.equal(kind, Const("max")) & conditions.equal(kind, Const("avg")) is NEVER


def test_the_same_test_is_the_same_guard() -> None:
    """A test is one guard wherever it occurs; `1` and `1.0` give the same test."""
    conditions, kind = unknown()
    assert conditions.equal(kind, Const(1)) is conditions.equal(kind, Const(1.0))
    assert conditions.truth(kind) is conditions.truth(kind)


def test_none_is_not_true() -> None:
    """`act is None` implies `not act`, whichever test comes first."""
    conditions, act = unknown()
    assert conditions.equal(act, NONE).implies(~conditions.truth(act))
    conditions, act = unknown()
    is_true = conditions.truth(act)
    assert conditions.equal(act, NONE).implies(~is_true)


def test_a_constant_decides_comparisons() -> None:
    """`rate == 0.5` implies `rate < 1` and `not rate < 0.1`, whichever test comes first."""
    conditions, rate = unknown()
    half = conditions.equal(rate, Const(0.5))
    assert half.implies(conditions.less(rate, 1))
    assert half.implies(~conditions.less(rate, 0.1))


def test_not_positive_is_not_true() -> None:
    """`rate <= 0` is `not rate`, since the numbers in models are not negative."""
    conditions, rate = unknown()
    assert conditions.less(rate, 0, strictly=False) is ~conditions.truth(rate)


def test_a_comparison_that_fails_decides_nothing() -> None:
    """A comparison of a string with a number raises in Python, so it implies nothing."""
    conditions, kind = unknown()
    text = conditions.equal(kind, Const("max"))
    below = conditions.less(kind, 3)
    assert text & below is not NEVER
    assert text & ~below is not NEVER


def test_tests_of_different_unknowns_are_independent() -> None:
    """The value of one unknown implies nothing about another."""
    conditions, unknowns = Conditions(), Unknowns()
    one, other = (conditions.truth(unknowns.of(name)) for name in "ab")
    assert one & ~other is not NEVER
    assert one & other is not NEVER


def test_opaque_tests_are_known_by_their_key() -> None:
    """Opaque tests with the same key are the same test."""
    conditions = Conditions()
    assert conditions.opaque("a") is conditions.opaque("a")
    assert conditions.opaque("a") is not conditions.opaque("b")


@pytest.mark.parametrize(
    ("expression", "is_of_tensors"),
    [
        ("x.shape[1] == 3", True),
        ("K.int_shape(x)[-1] != filters", True),
        ("len(x.shape) < 4", True),
        ("x.shape[1:] == (1, 1, n)", True),
        ("n == 3", False),
        ("n == 3 or x.shape[1] == 3", False),
    ],
)
def test_tests_of_shapes_are_told_apart(expression: str, is_of_tensors: bool) -> None:
    """A test that only depends on the shape of a tensor is marked as such."""
    m = interpreter("from keras import layers, backend as K\nx = layers.Input((8,))\n")
    guard = truth.of(m, value_of(m, expression))
    assert m.conditions.is_of_tensors(guard) is is_of_tensors


def test_one_of_known_words_is_no_other() -> None:
    """If an unknown is one of some strings, it is the last one where it is none of the others."""
    conditions, unknowns = Conditions(), Unknowns()
    word = unknowns.of("word", among=[Const("a"), Const("b")])
    assert conditions.equal(word, Const("c")) is NEVER
    assert conditions.equal(word, Const("a")) | conditions.equal(word, Const("b")) is ALWAYS
    assert conditions.truth(word) is ALWAYS


def test_many_constants_do_not_exclude_each_other_without_end() -> None:
    """Comparing an unknown with hundreds of constants (the letters of a tokenizer) costs each of them only once."""
    conditions = Conditions()
    unknown = Unknowns().of("letter")
    guards = [conditions.equal(unknown, Const(number)) for number in range(300)]
    assert not guards[3].meets(guards[5])
    assert guards[-1].num_terms == 1
