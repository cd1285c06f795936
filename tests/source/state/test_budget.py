"""How much an analysis may do, and what is told of what it did not do."""

from __future__ import annotations

import pytest

from orderlint.graph import Limit
from orderlint.source.state.budget import (
    MANY_CALLS,
    STEPS_A_CALL,
    STEPS_PER_FILE,
    STEPS_PER_ROOT,
    OutOfBudget,
    OutOfShare,
)
from tests.source.running import interpreter


def test_steps_run_out() -> None:
    """A root that has used its steps ends, a part of it when it has used its share."""
    m = interpreter()
    m._steps_left, m.reserve = 3, 2
    m.tick()
    with pytest.raises(OutOfShare):
        m.tick()
    m._steps_left, m.reserve = 0, 0
    with pytest.raises(OutOfBudget):
        m.tick()


def test_a_root_gets_no_more_than_its_part_of_the_file() -> None:
    """A root has its own steps; what it leaves goes back to the file."""
    m = interpreter()
    before = m._file_steps_left + m._steps_left
    for _ in range(10):
        m.tick()
    m.start_budget()
    assert m._steps_left == min(STEPS_PER_ROOT, before - 10)
    assert m._steps_left + m._file_steps_left == before - 10


def test_tens_of_thousands_of_calls_leave_fewer_steps() -> None:
    """To judge a call takes longer than to find it; some thousands, as public files have them, cost nothing."""
    given = []
    whole = STEPS_PER_FILE // STEPS_A_CALL
    for num_calls in (MANY_CALLS, MANY_CALLS + whole - 1_000, MANY_CALLS + whole):
        m = interpreter()
        m.start_budget(num_calls)
        given.append(m._steps_left)
    assert given[0] == STEPS_PER_ROOT
    assert STEPS_PER_ROOT > given[1] > given[2] == 0


def test_a_shortfall_is_told_once() -> None:
    """The same bound met twice in one function is one shortfall; parts of what is left out as a whole are not told."""
    m = interpreter()
    m.fall_short(Limit.ITERATIONS)
    m.fall_short(Limit.ITERATIONS)

    def fail() -> None:
        m.fall_short(Limit.ALTERNATIVES)
        raise RecursionError

    assert m.attempt(fail) is Limit.NESTING
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ITERATIONS]
