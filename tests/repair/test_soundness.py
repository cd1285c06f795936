"""Of several repairs, those that pass the safety net are found, and the others keep what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.repair.effort import Effort
from orderlint.repair.net.safety import State
from orderlint.repair.planning import Planner
from orderlint.repair.results import Plan
from orderlint.repair.soundness import Soundness, signature
from orderlint.repair.trials import Group, Trials
from orderlint.text.files import source_from_text
from tests.judged import standards

DEFAULT = standards()
BLOCK = (
    "def f{0}(x):\n    x = Dense(8)(x)\n    x = ReLU()(x)\n    x = BatchNormalization()(x)\n    return Dense(1)(x)\n"
)


def case(count: int, wrong: Sequence[int]) -> tuple[Trials, State, list[Group]]:
    """Functions with a finding each, and a plan for each; those with the numbers in `wrong` change something else."""
    trials = Trials(DEFAULT, None)
    state = trials.state(source_from_text("".join(BLOCK.format(number) for number in range(count))))
    planner = Planner(state.file, state.graphs, DEFAULT)
    plans = [planner.plan(violation) for violation in state.violations]
    for number in wrong:
        at = state.file.cells[0].text.index(f"f{number}(")
        plans[number] = Plan(plans[number].violation, Fix("title", (Edit(at, at + 1, "g"),), RepairKind.EQUIVALENT))
    return trials, state, [[one] for one in plans]


def test_what_passes_together_is_tried_once() -> None:
    """Nothing is refused then."""
    trials, state, groups = case(3, ())
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == groups
    assert soundness.refused == {}


def test_what_is_wrong_is_refused_and_the_rest_passes() -> None:
    """It is known by the rule and the place of its finding."""
    trials, state, groups = case(4, [2])
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == [groups[0], groups[1], groups[3]]
    assert set(soundness.refused) == {signature(state.violations[2])}


def test_nothing_to_try_is_nothing_sound() -> None:
    """No trial is counted."""
    trials, state, _ = case(1, ())
    assert Soundness(trials, Effort()).of(state, []) == []
