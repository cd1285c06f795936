"""Running code under guards: each path runs as if the others did not exist."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.interpreter import Interpreter
from orderlint.source.state.machine import Machine
from orderlint.source.state.refusals import Refusal
from orderlint.source.state.values import MISSING, NONE, Choice, Const, Value
from tests.source.running import interpreter


def setting(m: Interpreter, name: str, value: object) -> Value:
    m.store.write(m.frame.uid, name, Const(value))
    return Const(value)


def read(m: Interpreter, name: str) -> Value:
    return m.read(m.frame.uid, name)


def test_a_machine_without_an_interpreter_is_not_made() -> None:
    """The interpreter implements the abstract methods, which evaluate and execute."""
    with pytest.raises(TypeError, match="abstract"):
        Machine(None, None)  # type: ignore[abstract, arg-type]


def test_arms_do_not_see_each_other() -> None:
    """Each arm starts with the store as it was before all arms."""
    m = interpreter("x = 0")
    g = m.conditions.opaque("g")
    seen = []

    def arm(value: int) -> Value:
        seen.append(read(m, "x"))
        return setting(m, "x", value)

    found = m.under([(g, lambda: arm(1)), (~g, lambda: arm(2))])
    assert seen == [Const(0), Const(0)]
    assert found == read(m, "x") == Choice(((g, Const(1)), (~g, Const(2))))
    assert m.path is ALWAYS


def test_an_arm_that_is_not_reached_is_not_run() -> None:
    """On a path that excludes one arm, only the other arm is run, without a fork."""
    m = interpreter()
    g = m.conditions.opaque("g")
    m.path = g
    assert m.under([(g, lambda: Const(m.store.depth)), (~g, lambda: Const("never"))]) == Const(0)


def test_a_path_that_leaves_is_gone_after_the_branch() -> None:
    """The code after a branch that returns in one arm is run for the other arm only."""
    m = interpreter()
    g = m.conditions.opaque("g")

    def leave() -> Value:
        m.path = NEVER
        return NONE

    m.under([(g, leave), (~g, lambda: NONE)])
    assert m.path is ~g


def test_errors_that_are_caught_refuse_nothing() -> None:
    """An error ends the root unless it is raised in a `try`."""
    m = interpreter("x = 0")
    test = m.conditions.opaque("test")
    m.refuse(unless=test)
    with m.entering(m.frame):
        m.caught = True
        m.refuse()
    assert list(m.refusals) == [Refusal(ALWAYS, test)]


def test_in_order_runs_the_rest_without_the_paths_that_left() -> None:
    """After a path has left, the writes of the rest hold on the other paths; if none is left, the rest is not run."""
    m = interpreter("x = 0")
    g = m.conditions.opaque("g")

    def leave_where(guard: object) -> None:
        m.path = m.path & ~g if guard is g else NEVER

    m.in_order(
        [lambda: leave_where(g), lambda: setting(m, "x", 1), lambda: leave_where(None), lambda: setting(m, "x", 2)]
    )
    m.path = ALWAYS
    assert read(m, "x") == Choice(((~g, Const(1)), (g, Const(0))))


def test_when_leaves_the_rest_alone() -> None:
    """`when` has an effect only under the guard."""
    m = interpreter("x = 0")
    g = m.conditions.opaque("g")
    m.when(g, lambda: setting(m, "x", 1))
    assert read(m, "x") == Choice(((g, Const(1)), (~g, Const(0))))


def test_each_runs_once_for_each_alternative_that_can_be() -> None:
    """The alternatives of a value are visited in turn, each under its guard, except those that the path excludes."""
    m = interpreter()
    g = m.conditions.opaque("g")
    value = Choice(((g, Const(1)), (~g, Const(2))))
    assert m.each(value, lambda one: one) == value
    m.path = g
    assert m.each(value, lambda one: one) == Const(1)


def test_what_is_written_into_an_unknown_object_is_read_from_it() -> None:
    """Two unknown values with the same key are the same object."""
    m = interpreter()
    first, second = m.unknown("net"), m.unknown("net")
    assert m.owner_of(first) == m.owner_of(second)
    assert m.read(m.owner_of(first), "x") is MISSING
