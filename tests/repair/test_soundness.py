"""Of several repairs, those that pass the safety net are found, and the others have their faults as reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.repair.effort import Effort
from orderlint.repair.net.safety import State
from orderlint.repair.planning import Planner
from orderlint.repair.results import Plan
from orderlint.repair.soundness import Soundness, signature
from orderlint.repair.trials import Group, Trial, Trials
from orderlint.text.files import source_from_text
from tests.judged import standards

DEFAULT = standards()
BLOCK = (
    "def f{0}(x):\n    x = Dense(8)(x)\n    x = ReLU()(x)\n    x = BatchNormalization()(x)\n    return Dense(1)(x)\n"
)


def case(count: int, wrong: Sequence[int]) -> tuple[Trials, State, list[Group]]:
    """Functions with a finding each, and a plan for each; those in `wrong` change something else."""
    trials = Trials(DEFAULT, None)
    state = trials.state(source_from_text("".join(BLOCK.format(number) for number in range(count))))
    planner = Planner(state.file, state.graphs, DEFAULT)
    plans = [planner.plan(violation) for violation in state.violations]
    for number in wrong:
        at = state.file.cells[0].text.index(f"f{number}(")
        plans[number] = Plan(plans[number].violation, Fix("title", (Edit(at, at + 1, "g"),), RepairKind.EQUIVALENT))
    return trials, state, [[one] for one in plans]


def test_what_passes_together_is_tried_once() -> None:
    """If all pass together, there is one trial."""
    trials, state, groups = case(3, ())
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == groups
    assert soundness.refused == {}


def test_what_is_wrong_is_refused_and_the_rest_passes() -> None:
    """A wrong repair is identified by the rule and the position of its finding."""
    trials, state, groups = case(4, [2])
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == [groups[0], groups[1], groups[3]]
    assert set(soundness.refused) == {signature(state.violations[2])}


def edited(trials: Trials, state: State, group: Group, old: str, new: str, after: str) -> Group:
    """A plan for the finding of another one that replaces one text by another."""
    text = state.file.cells[0].text
    start = text.index(old, text.index(after))
    return [Plan(group[0].violation, Fix("title", (Edit(start, start + len(old), new),), RepairKind.EQUIVALENT))]


def test_functions_are_searched_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One trial identifies the wrong repairs in half of the functions, and a second one confirms the rest."""
    trials, state, groups = case(12, ())
    for number in range(0, 12, 2):
        groups[number] = edited(trials, state, groups[number], "Dense(8)", "Dense(9)", f"f{number}(")
    made: list[int] = []
    trial = Trials._made

    def counted(trials: Trials, state: State, plans: Sequence[Plan]) -> Trial:
        made.append(len(plans))
        return trial(trials, state, plans)

    monkeypatch.setattr(Trials, "_made", counted)
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == groups[1::2]
    assert set(soundness.refused) == {signature(one[0].violation) for one in groups[::2]}
    assert {fault.text for fault in soundness.refused.values()} == {"the finding would remain"}
    assert made == [12, 6]


def test_what_is_told_of_each_is_what_a_trial_of_it_alone_tells() -> None:
    """The fault is the same as in a trial of the repair alone."""
    trials, state, groups = case(4, ())
    for number, new in enumerate(("", "x = ReLU()(x)\n    x = ReLU(6.0)(x)", "x = ReLU(")):
        groups[number] = edited(trials, state, groups[number], "x = ReLU()(x)", new, f"f{number}(")
    together = Soundness(trials, Effort())
    assert together.of(state, groups) == [groups[3]]
    for group in groups[:3]:
        alone = Soundness(trials, Effort())
        assert alone.of(state, [group]) == []
        key = signature(group[0].violation)
        assert replace(alone.refused[key], graphs=frozenset()) == replace(together.refused[key], graphs=frozenset())


def test_one_that_changes_the_function_of_another_is_found_out() -> None:
    """The repair with the fault is refused, not the one of the function in which the fault occurs."""
    trials, state, groups = case(3, ())
    text = state.file.cells[0].text
    at = text.index("Dense(8)", text.index("f2("))
    fix = groups[0][0].fix
    assert fix is not None
    wrong = Fix("title", (*fix.edits, Edit(at, at, "ReLU()(x)\n    x = ")), fix.kind)
    groups[0] = [replace(groups[0][0], fix=wrong)]
    soundness = Soundness(trials, Effort())
    assert soundness.of(state, groups) == groups[1:]
    assert set(soundness.refused) == {signature(groups[0][0].violation)}


def test_nothing_to_try_is_nothing_sound() -> None:
    """Without plans there are no trials."""
    trials, state, _ = case(1, ())
    assert Soundness(trials, Effort()).of(state, []) == []
