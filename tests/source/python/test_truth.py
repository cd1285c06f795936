"""Truth values and comparisons as guards."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import truth
from orderlint.source.state.values import Condition
from tests.source.running import interpreter, python_value, value_of

HEADER = "from keras import layers\nimport keras\na = [1, 2]\nd = {'x': 1}\n"


def guard(m: Interpreter, expression: str) -> Guard:
    return truth.of(m, value_of(m, expression))


@pytest.mark.parametrize(
    "expression",
    [
        "1 == 1.0",
        "1 < 2 <= 2",
        "'a' != 'b'",
        "None is None",
        "'a' in ['a', 'b']",
        "'x' in d",
        "'b' in 'abc'",
        "3 not in a",
        "a == [1, 2]",
        "(1, 2) == (1, 2)",
        "layers.ReLU == keras.layers.ReLU",
        "not []",
        "a and d",
        "layers.ReLU",
        "not None or x",
        "True == True",
    ],
)
def test_what_is_known_is_decided(expression: str) -> None:
    """A comparison of known values holds where it holds in Python, and its negation never."""
    m = interpreter(HEADER)
    assert guard(m, expression) is ALWAYS
    assert guard(m, f"not ({expression})") is NEVER


@pytest.mark.parametrize("expression", ["'a' < 1", "layers.ReLU() == 'relu'", "[1] == [1, 2]", "1 in 2"])
def test_what_cannot_be_does_not_hold(expression: str) -> None:
    """Values of different kinds are not equal, and a comparison that raises never holds."""
    assert guard(interpreter(HEADER), expression) is NEVER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kind == 'max'", "'max' == kind"),
        ("size < other", "other > size"),
        ("size <= other", "not size > other"),
        ("size != 3", "not size == 3"),
        ("flag", "not not flag"),
        ("flag", "bool(flag)"),
        ("act is None", "act == None"),
        ("kind in ('max', 'avg')", "kind == 'max' or kind == 'avg'"),
        ("1 < size < 3", "size > 1 and 3 > size"),
        ("(a < b) == True", "a < b"),
    ],
)
def test_tests_that_say_the_same_are_one_guard(one: str, other: str) -> None:
    """However a test is written, it is the same guard, so that branches on it agree."""
    m = interpreter()
    assert guard(m, one) is guard(m, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("kind == 'max'", "kind == 'avg'"), ("act is None", "act"), ("size == 3", "size > 4"), ("a is b", "a is not b")],
)
def test_tests_that_exclude_each_other_do(one: str, other: str) -> None:
    """Tests that exclude each other have guards that exclude each other."""
    m = interpreter()
    assert guard(m, one) & guard(m, other) is NEVER


def test_a_list_is_true_where_it_has_an_element() -> None:
    """A list that is filled on some paths is true on these paths."""
    m = interpreter("a = []\nif deep:\n    a.append(1)\n")
    assert guard(m, "a") is guard(m, "deep")


def test_what_is_left_of_a_list_of_unknown_length() -> None:
    """Without its first element the list is empty exactly where it has no second element."""
    m = interpreter("left = list(sizes)\nrest = left[1:]\n")
    left = guard(m, "rest")
    assert left not in (ALWAYS, NEVER)
    assert guard(m, "rest != []") is left
    assert guard(m, "[] == rest") is ~left
    assert guard(m, "len(rest) > 0") is left
    assert guard(m, "left[2:]").implies(left)
    assert guard(m, "rest + [8]") is ALWAYS
    assert guard(m, "[] == []") is ALWAYS


def test_each_alternative_is_compared_under_its_guard() -> None:
    """`pool == 'max'` holds where `pool` was set to `'max'`."""
    m = interpreter("pool = 'max' if deep else 'avg'\n")
    assert guard(m, "pool == 'max'") is guard(m, "deep")
    assert guard(m, "pool == 'none'") is NEVER


MANY = f"many = {[f'n{i}' for i in range(400)]}\nif deep:\n    many.append('late')\n"


def test_one_of_many_constants_is_one_test() -> None:
    """Membership in a long list needs one atom, not one for each element, and agrees with other tests."""
    m = interpreter(MANY)
    within = guard(m, "name in many")
    assert within.mask.bit_count() <= 4
    assert guard(m, "name not in many") & within is NEVER
    assert guard(m, "name == 'n7'").implies(within)
    assert guard(m, "name == 'other'") & within is NEVER
    assert (guard(m, "name == 'late'") & guard(m, "deep")).implies(within)
    assert guard(m, "name == 'late'") & ~guard(m, "deep") & within is NEVER


def test_what_was_asked_before_is_told_by_the_one_test() -> None:
    """The order of the tests makes no difference."""
    m = interpreter(MANY)
    seventh, other = guard(m, "name == 'n7'"), guard(m, "name == 'other'")
    within = guard(m, "name in many")
    assert seventh.implies(within)
    assert other & within is NEVER


def test_a_constant_among_many() -> None:
    """A known element is found without testing whether an earlier unknown element is equal to it."""
    m = interpreter("import os\nwords = [os.environ['a'], *[str(n) for n in range(100)]]\n")
    assert python_value(m, "'7' in words") is True
    assert isinstance(value_of(m, "'seven' in words"), Condition)
