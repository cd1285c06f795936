"""The bounds of an analysis, and the report of what was left out."""

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
    """A root that has used its steps ends, and a part of a root ends when it has used its share."""
    m = interpreter()
    m._steps_left, m.reserve = 3, 2
    m.tick()
    with pytest.raises(OutOfShare):
        m.tick()
    m._steps_left, m.reserve = 0, 0
    with pytest.raises(OutOfBudget):
        m.tick()


def test_a_root_gets_no_more_than_its_part_of_the_file() -> None:
    """A root has its own steps; the steps that it does not use return to the file."""
    m = interpreter()
    before = m._file_steps_left + m._steps_left
    for _ in range(10):
        m.tick()
    m.start_budget()
    assert m._steps_left == min(STEPS_PER_ROOT, before - 10)
    assert m._steps_left + m._file_steps_left == before - 10


def test_tens_of_thousands_of_calls_leave_fewer_steps() -> None:
    """Judging a call takes longer than finding it; a few thousand calls, as in public files, cost nothing."""
    given = []
    whole = STEPS_PER_FILE // STEPS_A_CALL
    for num_calls in (MANY_CALLS, MANY_CALLS + whole - 1_000, MANY_CALLS + whole):
        m = interpreter()
        m.start_budget(num_calls)
        given.append(m._steps_left)
    assert given[0] == STEPS_PER_ROOT
    assert STEPS_PER_ROOT > given[1] > given[2] == 0


def test_a_shortfall_is_told_once() -> None:
    """The same bound is reported once for each function; parts of a function that is left out are not reported."""
    m = interpreter()
    m.fall_short(Limit.ITERATIONS)
    m.fall_short(Limit.ITERATIONS)

    def fail() -> None:
        m.fall_short(Limit.ALTERNATIVES)
        raise RecursionError

    assert m.attempt(fail) is Limit.NESTING
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ITERATIONS]
