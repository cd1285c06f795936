"""Expressions: every kind of node has a value."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.source.python import expressions
from orderlint.source.state.values import Choice, Const, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of


@pytest.mark.parametrize(
    "expression",
    [
        "1",
        "1.5",
        "0x10",
        "'a' 'b'",
        "b'a'",
        "f'conv{1 + 1}_{\"a\"}'",
        "f'{1:>3}'",
        "(1, (2,))",
        "[1, *[2, 3]]",
        "{'a': [1]}",
        "1 if True else 2",
        "0 or 3",
        "1 and 2",
        "not 0",
        "[i * 2 for i in range(3) if i != 1]",
        "[i + j for i in [1, 2] for j in [10, 20]]",
        "{k: v for k, v in {'a': 1}.items()}",
        "(lambda a, b=2: a + b)(1)",
        "(n := 3) + n",
        "([n := i for i in (1, 2)], n)",
        "({i: (n := i + j) for i in (1, 2) for j in (3, 4)}, n)",
        "([[n := i + j for j in (3, 4)] for i in (1, 2)], n)",
        "[1, 2][1]",
    ],
)
def test_known_expressions_have_pythons_value(expression: str) -> None:
    """An expression of which all parts are known has the same value as in Python."""
    assert python_value(interpreter(), expression) == eval(expression)  # code of this test


@pytest.mark.parametrize("expression", ["f'{x}'", "f'{1:>{x}}'", "await task", "9" * 5000])
def test_other_expressions_are_unknown(expression: str) -> None:
    """An expression that depends on an unknown value, or takes too long to compute, is unknown."""
    assert is_unknown(interpreter(), expression)


def test_an_undecided_test_gives_a_choice() -> None:
    """`a if t else b` is each value under the guard of its arm; `x or y` is `x` where `x` is true."""
    m = interpreter()
    either = value_of(m, "1 if t else 2")
    assert isinstance(either, Choice)
    assert {value for _, value in either.alternatives} == {Const(1), Const(2)}
    fallback = value_of(m, "act or 'relu'")
    assert isinstance(fallback, Choice)
    assert Const("relu") in [value for _, value in fallback.alternatives]


@pytest.mark.parametrize(
    ("code", "name", "wanted"),
    [
        ("a = b = [1]", "b", [1]),
        ("a = [0, 0]\na[1] = 5", "a", [0, 5]),
        ("a, (b, c) = 1, (2, 3)", "c", 3),
        ("a, *b = 1, 2, 3", "b", [2, 3]),
        ("class C: pass\nc = C()\nc.x = 4", "c.x", 4),
        ("class C: pass\nc = C()\nc.x, d = 4, 5", "d", 5),
    ],
)
def test_targets_are_assigned(code: str, name: str, wanted: object) -> None:
    """Names, attributes, items and nested targets get the value."""
    assert python_value(interpreter(code), name) == wanted


def test_defaults_are_evaluated_where_the_function_is_defined() -> None:
    """A default keeps its value at the time of the definition."""
    m = interpreter("n = 1\ndef f(a=n): return a\nn = 2\n")
    assert python_value(m, "f()") == 1


def test_a_node_without_a_meaning_here_is_unknown() -> None:
    """An expression of a kind that is not modeled is unknown, and no error."""
    m = interpreter()
    assert isinstance(expressions.evaluate(m, cst.Ellipsis()), (Unknown, Const))
