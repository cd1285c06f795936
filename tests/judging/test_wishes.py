"""Wishes: the changes that rules want, in terms of the graph."""

from __future__ import annotations

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.graph import UnitStep
from orderlint.judging.wishes import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, worst
from tests.graphs import path


def test_a_wish_says_in_the_imperative_what_is_to_be_done() -> None:
    """The text of a wish is the title of the repair."""
    dense, relu, norm = path("Dense → ReLU → BN").calls
    act = UnitStep(relu, relu.steps[0])
    assert MoveBefore(norm, act, "changes-model").title == "move `BatchNormalization` before `ReLU`"
    moved = MoveAfter(act, UnitStep(norm, norm.steps[0]), "changes-model")
    assert (moved.title, moved.call) == ("move `ReLU` after `BatchNormalization`", relu)
    assert SetArgument(dense, "use_bias", False, "equivalent").title == "give `Dense` `use_bias=False`"
    assert ReplaceLayer(relu, "ELU", "changes-model").title == "replace `ReLU` with `ELU`"


@pytest.mark.parametrize("kind", RepairKind)
def test_effects_are_the_kinds_of_repairs(kind: RepairKind) -> None:
    """The mildest effect comes first; the effect of several changes is the worst one."""
    assert worst([kind.value]) == kind.value
    assert worst([kind.value, "equivalent"]) == kind.value
    assert worst([kind.value, "changes-model"]) == "changes-model"
