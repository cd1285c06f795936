"""Other readers of the values between the layers of a chain."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.reads import check_readers
from tests.repair.texts import Case

NET = "a = Dense(8)(x)\nb = ReLU()(a)\n{}c = BatchNormalization()(b)\n{}"


def check(between: str = "", after: str = "") -> None:
    check_readers(Case(NET.format(between, after)).task())


@pytest.mark.parametrize(
    ("between", "after"),
    [
        ("", ""),
        ("print(b)\n", ""),
        ("n = b.shape\n", "m = K.f(b.shape[1])\n"),
        ("", "b = 1\nshow(b)\n"),
        ("", "def f(b):\n    return b\n"),
        ("", "show(a)\n"),
    ],
)
def test_a_chain_that_is_read_by_nobody_else_may_change(between: str, after: str) -> None:
    """Shapes, `print`, other values of that name, and values before the chain do not count."""
    check(between, after)


@pytest.mark.parametrize(
    ("between", "after"), [("show(b)\n", ""), ("", "show(b)\n"), ("", "if c:\n    b = 1\nshow(b)\n")]
)
def test_a_value_that_is_read_elsewhere_may_not(between: str, after: str) -> None:
    """Within or after the chain, on some path at least; the reason has the line."""
    with pytest.raises(Refused, match=r"`b` is also read in line \d"):
        check(between, after)


def test_a_value_that_is_kept_may_not_change() -> None:
    """Any code may read an attribute or an item."""
    text = "a = Dense(8)(x)\nself.b = ReLU()(a)\nc = BatchNormalization()(self.b)\n"
    with pytest.raises(Refused, match=r"`self\.b` would have a different value"):
        check_readers(Case(text).task())


def test_a_path_that_leaves_the_chain_is_an_obstacle() -> None:
    """Under a condition, the value has another consumer before the chain ends."""
    text = (
        "x = Dense(8)(x)\nx = ReLU()(x)\nif c:\n    y = Dense(8)(x)\nelse:\n    x = BatchNormalization()(x)\n"
        "    y = Dense(9)(x)\n"
    )
    with pytest.raises(Refused, match="is used differently in line 4, under a condition"):
        check_readers(Case(text).task())
