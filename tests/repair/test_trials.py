"""Trials of repairs: alone, together, and cell by cell."""

from __future__ import annotations

import pytest

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.repair.planning import Planner
from orderlint.repair.results import Plan
from orderlint.repair.trials import Trials, compatible, edited, edits_of
from orderlint.text.files import SourceError, source_from_text
from tests.judged import standards
from tests.repair.texts import Case
from tests.running import notebook

DEFAULT = standards()
NORM = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"


def plan_of(*edits: Edit) -> Plan:
    """A plan with only its edits."""
    violation = Case(NORM).violation
    return Plan(violation, Fix("title", edits, RepairKind.EQUIVALENT))


def test_plans_with_the_same_edits_are_one_group() -> None:
    """Plans with equal edits are one group; of plans with conflicting edits, the first one is used."""
    one, same = plan_of(Edit(0, 3, "a")), plan_of(Edit(0, 3, "a"))
    other, in_the_way = plan_of(Edit(5, 6, "b")), plan_of(Edit(2, 4, "c"))
    assert [list(group) for group in compatible([one, same, in_the_way, other])] == [[one, same], [other]]
    assert edits_of([one, same, other]) == {Edit(0, 3, "a"), Edit(5, 6, "b")}


def test_a_repair_that_passes_gives_the_state_after_it() -> None:
    """The new state is checked with all rules."""
    trials = Trials(DEFAULT, None)
    state = trials.state(source_from_text(NORM))
    plan = Planner(state.file, state.graphs, DEFAULT).plan(state.violations[0])
    following, problem = trials.tried(state, [[plan]])
    assert problem is None
    assert following is not None
    assert following.violations == []
    assert [one.rule.code for one in following.every] == ["ORD101"]


def test_a_repair_that_does_something_else_does_not_pass() -> None:
    """The fault is returned."""
    trials = Trials(DEFAULT, None)
    state = trials.state(source_from_text(NORM))
    plan = Plan(state.violations[0], Fix("title", (Edit(0, 1, "y"),), RepairKind.EQUIVALENT))
    following, problem = trials.tried(state, [[plan]])
    assert following is None
    assert problem is not None


def test_what_passed_is_not_tried_again_though_others_were_in_between() -> None:
    """The state after it is reused for the next one."""
    trials = Trials(DEFAULT, None)
    state = trials.state(source_from_text(NORM))
    sound = Planner(state.file, state.graphs, DEFAULT).plan(state.violations[0])
    unsound = Plan(state.violations[0], Fix("title", (Edit(0, 1, "y"),), RepairKind.EQUIVALENT))
    following, _ = trials.tried(state, [[sound]])
    assert trials.tried(state, [[unsound]])[0] is None
    assert trials.tried(state, [[sound]])[0] is following is not None


def test_cells_are_edited_each_for_itself() -> None:
    """Cells are edited separately, and the rest of the notebook is unchanged."""
    new = edited(source_from_text(notebook("a = 1", "b = 2"), "n.ipynb"), {Edit(4, 5, "3", 2), Edit(0, 1, "c", 1)})
    assert [cell.text for cell in new.cells] == ["c = 1", "b = 3"]


def test_a_result_that_is_no_text_raises() -> None:
    """A text with a NUL character cannot be read again."""
    with pytest.raises(SourceError):
        edited(source_from_text("a = 1\n"), {Edit(4, 5, "\0")})
