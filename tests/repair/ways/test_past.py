"""A layer moves past a call of a helper that contains the layer it should be next to."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.past import past_call
from tests.repair.texts import Case

HELPER = "def bn(x):\n    x = BatchNormalization()(x)\n    return x\n"
DENSE = "x = Dense(8)(x)\n"


def moved(text: str, code: str = "ORD002") -> str:
    case = Case(HELPER + text, code)
    return case.changed(past_call(case.syntax, case.obstacles, case.move())).removeprefix(HELPER)


def test_a_statement_passes_the_call_with_its_comments() -> None:
    """The value has no other consumers."""
    drop = "x = Dropout(0.5)(x)  # drop\n"
    assert moved(f"{DENSE}{drop}x = bn(x)\n{DENSE}") == f"{DENSE}x = bn(x)\n{drop}{DENSE}"


@pytest.mark.parametrize(
    "text",
    [
        f"{DENSE}y = Dropout(0.5)(x)\nx = bn(y)\n{DENSE}",
        f"{DENSE}x = Dropout(0.5)(x)\ny = bn(x)\n{DENSE}",
        f"{DENSE}x = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n{DENSE}",
        f"{DENSE}for i in range(2):\n    x = Dropout(0.5)(x)\nx = bn(x)\n{DENSE}",
        f"{DENSE}if flag:\n    x = ReLU()(x)\n    x = Dropout(0.5)(x)\nx = bn(x)\n{DENSE}",
        f"{DENSE}if (y := x) is not None:\n    x = Dropout(0.5)(x)\nx = bn(x)\n{DENSE}",
    ],
)
def test_a_value_that_does_not_go_straight_through_is_refused(text: str) -> None:
    """The name changes, or the layer is not in a helper."""
    with pytest.raises(Refused):
        moved(text)


def test_what_goes_up_does_not_pass_a_call_that_holds_more_before_it() -> None:
    """The normalization would be before the linear layer, too."""
    act = "def act(x):\n    x = ReLU()(x)\n    return x\n"
    norm = "x = BatchNormalization()(x)\n"
    case = Case(f"{act}{DENSE}x = act(x)\n{norm}")
    assert case.changed(past_call(case.syntax, case.obstacles, case.move())) == f"{act}{DENSE}{norm}x = act(x)\n"
    block = act.replace("    x = ReLU", "    x = Dense(8)(x)\n    x = ReLU")
    case = Case(f"{block}{DENSE}x = act(x)\n{norm}")
    with pytest.raises(Refused):
        past_call(case.syntax, case.obstacles, case.move())
