"""Statements: every kind has its effect on the paths that reach it."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.python import statements, truth
from orderlint.source.state.frames import Function
from orderlint.source.state.values import Choice, Const
from tests.source.running import by_python, flow, interpreter, layers_of, python_value, value_of

HEADER = "from keras import Input, layers\nx = Input((3,))\n"


@pytest.mark.parametrize(
    "code",
    [
        "a = 1; a += 2",
        "a: int = 3",
        "a = [1]\na += (2,)",
        "a = {'x': 1}\na |= {'y': 2}",
        "if 1 < 2:\n    a = 1\nelif True:\n    a = 2\nelse:\n    a = 3",
        "a = 1\nif a == 2: a = 5\nelse: a = 6",
        "a = [1, 2]\ndel a[0]",
        "a = {'x': 1, 'y': 2}\ndel a['x'], a['y']",
        "def f():\n    return 4\na = f()",
        "with open('/dev/null') as f:\n    a = 1",
        "try:\n    import os\n    a = 1\nexcept ImportError:\n    a = 2",
        "a = 0\ntry:\n    pass\nfinally:\n    a = 3",
    ],
)
def test_known_statements_do_what_python_does(code: str) -> None:
    """A statement without unknown values has the same effect as in Python."""
    assert python_value(interpreter(f"{code}\n"), "a") == by_python(code, "a")


def test_an_undecided_branch_runs_both_arms() -> None:
    """Afterwards a variable has the value of each arm; a layer is applied under the guard of its arm."""
    m = interpreter(f"{HEADER}if deep:\n    y = layers.ReLU()(x)\nelse:\n    y = x\n")
    assert isinstance(value_of(m, "y"), Choice)
    assert m.recorder.calls[1].guard is not ALWAYS
    assert m.path is ALWAYS


def test_an_exception_may_be_raised() -> None:
    """The handler of a `try` may run instead of the body, which then has no effect."""
    found = value_of(interpreter("a = 0\ntry:\n    a = load()\n    a = 1\nexcept E:\n    a = 2\n"), "a")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(1), Const(2)}


def test_an_assertion_holds_afterwards() -> None:
    """After `assert deep` only the path on which it holds continues; an assertion that cannot hold is ignored."""
    m = interpreter()
    m.run(cst.parse_statement("assert deep"))
    assert m.path is not ALWAYS
    before = m.path
    m.run(cst.parse_statement("assert not deep"))
    assert m.path is before


WIDE = "(a or b) and (c or d) and (e or f) and (g or h)"


@pytest.mark.parametrize("check", [f"assert {WIDE}", f"if not ({WIDE}):\n    raise ValueError\n"])
def test_a_check_of_many_conditions_is_noted_and_not_said_of_what_follows(check: str) -> None:
    """The path does not change; the failing combinations are removed when the graph is made."""
    m = interpreter()
    m.run(cst.parse_module(check).body[0])
    assert m.path is ALWAYS
    assert [refusal.unless is not NEVER for refusal in m.refusals] == [True]


def test_a_check_of_many_conditions_that_is_caught_is_said_of_what_follows() -> None:
    """A check that is caught is not an error, so the path gets its condition instead."""
    m = interpreter(f"x = 1\ntry:\n    assert {WIDE}\n    x = 2\nexcept AssertionError:\n    pass\n")
    assert not m.refusals
    assert value_of(m, "x") != Const(2)


def test_a_check_that_cannot_pass_raises() -> None:
    """The number of conditions makes no difference."""
    m = interpreter()
    m.path = m.path & ~m.conditions.opaque("a") & ~m.conditions.opaque("b")
    held = truth.holds(m, cst.parse_expression(WIDE))
    m.path = ~held
    m.run(cst.parse_module(f"if not ({WIDE}):\n    raise ValueError\n").body[0])
    assert m.path is NEVER


def test_raise_and_return_leave() -> None:
    """The code after them is not reached."""
    m = interpreter()
    m.run(cst.parse_statement("raise E"))
    assert m.path is NEVER


def test_the_main_part_is_kept_for_last() -> None:
    """The code under `if __name__ == "__main__"` is not run with the module, but its `else` is."""
    m = interpreter(f"{HEADER}if __name__ == '__main__':\n    layers.ReLU()(x)\nelse:\n    layers.ELU()(x)\n")
    assert layers_of(m) == ["Input", "ELU"]
    assert len(m.mains) == 1


def test_a_boundary_whose_value_is_dropped_is_no_part_of_the_network() -> None:
    """`show(x)` does not change the network; `y = show(x)` does."""
    assert flow(interpreter(f"{HEADER}show(x)\n")) == []
    assert flow(interpreter(f"{HEADER}y = show(x)\n")) == [("Input", "call")]


def test_decorators_make_kinds_of_methods() -> None:
    """Methods have the kind that their decorator gives them; a setter does not replace its property."""
    m = interpreter("class C:\n    @property\n    def a(self): return 1\n    @a.setter\n    def a(self, v): pass\n")
    found = value_of(m, "C.a")
    assert isinstance(found, Function)
    assert found.wrapper == "property"


def test_every_statement_takes_a_step() -> None:
    """The number of steps is bounded: each statement counts."""
    m = interpreter()
    before = m._steps_left
    statements.run(m, cst.parse_statement("pass"))
    assert m._steps_left < before


def test_a_statement_without_a_meaning_here_does_nothing() -> None:
    """`pass`, `global` at the top level and a type alias have no effect."""
    m = interpreter("pass\nglobal a\na = 1\n")
    assert python_value(m, "a") == 1
