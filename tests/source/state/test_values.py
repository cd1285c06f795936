"""Abstract values: constants and unknown values."""

from __future__ import annotations

from orderlint.source import Project, analyze
from orderlint.source.state.values import Const, Unknown
from orderlint.text.files import source_from_text
from tests.source.running import interpreter, value_of


def test_a_bool_is_no_number() -> None:
    """`True` and `1` are different constants; `1` and `1` are equal."""
    assert Const(True) != Const(1)
    assert Const(1) == Const(1)


def test_unknowns_of_one_key_are_one() -> None:
    """The same computation on the same unknown values gives the same unknown value; another one gives another."""
    m = interpreter("def f(a, b):\n    pass\n")
    a, b = m.fresh("a"), m.fresh("b")
    assert m.unknown(("sum", a, b)) == m.unknown(("sum", a, b))
    assert m.unknown(("sum", a, b)) != m.unknown(("sum", b, a))


def test_analyses_that_are_alive_at_once_do_not_meet() -> None:
    """A parallel analysis does not change the unknown values of this one."""
    text = "def make():\n    return other()\nx = make()\ny = make()\n"
    m = interpreter(text)
    x = value_of(m, "x")
    analyze(source_from_text("a = unknown_name\nb = another\nc = third\n"), Project())
    fresh = m.fresh("another")
    assert isinstance(x, Unknown)
    assert fresh != x
    assert value_of(m, "x") == x
