"""Operators, and opaque calls."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.graph import Role
from orderlint.source.python import operations
from orderlint.source.state.values import Const, Tensor, Unknown
from tests.source.running import flow, interpreter, is_unknown, layers_of, python_value, value_of

HEADER = "from keras import Input, layers\nx = Input((3,))\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("1 + 2 * 3", 7),
        ("7 // 2 % 2", 1),
        ("2 ** 10", 1024),
        ("-3", -3),
        ("'a' + 'b'", "ab"),
        ("'%s' % 3", "3"),
        ("'ab' * 2", "abab"),
        ("[1] + [2]", [1, 2]),
        ("(1,) + (2,)", (1, 2)),
        ("[1, 2] * 2", [1, 2, 1, 2]),
        ("2 * [1]", [1, 1]),
        ("{'a': 1} | {'b': 2}", {"a": 1, "b": 2}),
    ],
)
def test_known_operands_are_computed(expression: str, wanted: object) -> None:
    """The result for known operands is the same as in Python."""
    assert python_value(interpreter(), expression) == wanted


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "'a' + 1", "2 ** (10 ** 9)", "'a' * (10 ** 9)", "1 @ 2", "'a' * 9_000 * 9_000", "7 ** 64 ** 9"],
)
def test_what_raises_or_is_too_large_is_unknown(expression: str) -> None:
    """An operation that raises, or needs too much memory, is not computed."""
    assert is_unknown(interpreter(), expression)


@pytest.mark.parametrize("start", ["n = 'ab'", "n = 7", "n = b'ab'"])
@pytest.mark.parametrize("step", ["n = n + n", "n = n * n if isinstance(n, int) else n * 2", "n += n", "n = n ** 2"])
def test_what_grows_with_each_iteration_becomes_unknown(start: str, step: str) -> None:
    """Strings and numbers that are doubled or squared in each of forty iterations need too much memory or time."""
    m = interpreter(f"{start}\n" + f"{step}\n" * 40)
    found = value_of(m, "n")
    assert isinstance(found, Unknown) or (isinstance(found, Const) and found.value == 7 * 2**40)


def test_a_list_that_is_longer_than_any_is_repeated_once() -> None:
    """The list does not become empty."""
    m = interpreter("row = [0] * 9_000 + [1] * 9_000\n")
    assert python_value(m, "(row * 2)[-1]") == 1


def test_a_list_is_repeated_at_least_once() -> None:
    """`[block] * n` with an unknown `n` contains the block at least once."""
    m = interpreter("a = [7] * n\n")
    assert python_value(m, "a[0]") == 7


@pytest.mark.parametrize(
    ("expression", "layer", "role"),
    [
        ("x + y", "Add", Role.MERGE),
        ("x - y", "Subtract", Role.MERGE),
        ("x * y", "Multiply", Role.MERGE),
        ("x * 2", "Multiply", Role.PASS),
        ("x / 255.", "Divide", Role.PASS),
        ("-x", "Negative", Role.PASS),
        ("x @ y", "operator @", Role.BOUNDARY),
        ("x + unknown", "Add", Role.MERGE),
    ],
)
def test_arithmetic_of_tensors(expression: str, layer: str, role: Role) -> None:
    """Two tensors are merged, arithmetic with a number passes the tensor on, and another operator is a boundary."""
    m = interpreter(f"{HEADER}y = Input((3,))\n")
    assert isinstance(value_of(m, expression), Tensor)
    assert (m.recorder.calls[-1].layer, *m.recorder.calls[-1].roles) == (layer, role)


def test_the_tensors_of_a_value_come_with_their_guards() -> None:
    """A choice of two tensors is fed by each under its guard."""
    m = interpreter(f"{HEADER}y = layers.ReLU()(x) if deep else x\n")
    (one, first), (other, second) = operations.tensors(m, value_of(m, "y"))
    assert {first, second} == {0, 1}
    assert one is ~other


def test_a_call_that_cannot_be_looked_into_is_a_boundary() -> None:
    """A call with tensors is recorded; without tensors its result is unknown, and equal for equal arguments."""
    m = interpreter(f"{HEADER}y = mystery(x)\na = mystery(1)\nb = mystery(1)\nc = mystery(2)\n")
    assert flow(m) == [("Input", "call")]
    assert m.recorder.calls[1].roles == (Role.BOUNDARY,)
    assert value_of(m, "a") == value_of(m, "b") != value_of(m, "c")


def test_what_may_be_a_tensor() -> None:
    """A recorded tensor may be one, and so may an unknown value that is not known to be a number; a constant is not."""
    m = interpreter(HEADER)
    assert operations.is_tensorish(m, value_of(m, "x"))
    assert operations.is_tensorish(m, value_of(m, "[1, x]"))
    assert operations.is_tensorish(m, value_of(m, "features"))
    assert not operations.is_tensorish(m, Const(1))
    assert not operations.is_tensorish(m, m.fresh("number", scalar=True))
    assert not operations.is_tensorish(m, m.unknown("rate", Const(0.5)))


def test_operators_are_named_by_their_sign() -> None:
    """A binary operator and its augmented form have the same sign."""
    assert operations.symbol(cst.Add()) == operations.symbol(cst.AddAssign()) == "+"


def test_long_chains_of_operators_are_walked() -> None:
    """A chain of a thousand operators needs no deep recursion."""
    m = interpreter()
    assert python_value(m, " + ".join(["1"] * 1000)) == 1000
    assert layers_of(m) == []
    assert isinstance(value_of(m, "a + b"), Unknown)


def test_operators_of_a_class_are_its_methods() -> None:
    """An operator between objects of the analyzed code calls the corresponding method."""
    m = interpreter(
        "class A:\n    def __init__(self, n): self.n = n\n    def __rshift__(self, n): return A(self.n + n)\n"
    )
    assert python_value(m, "(A(1) >> 2 >> 3).n") == 6
    assert is_unknown(m, "A(1) | 2")
