"""The input shape of a model stays on its first layer when another layer becomes the first."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Hopeless
from orderlint.repair.ways.inputs import moved_inputs
from orderlint.repair.ways.places import place_of
from tests.repair.texts import Case, call_at


def swapped(first: str, second: str, code: str = "ORD002") -> tuple[str, str] | None:
    """The code of two swapped layers of a model, the first of which had an input shape."""
    case = Case(f"m = Sequential([\n    {first},\n    {second},\n])\n", code)
    old, new = (place_of(case.syntax, call_at(case.graphs, line)) for line in (2, 3))
    return moved_inputs(case.obstacles, old, new, (old.spot.span, new.spot.span))


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (
            "Dropout(0.5, input_shape=(8,))",
            "BatchNormalization()",
            ("Dropout(0.5)", "BatchNormalization(input_shape=(8,))"),
        ),
        ("Dropout(0.5, input_dim=8)", "BatchNormalization()", ("Dropout(0.5)", "BatchNormalization(input_shape=(8,))")),
        (
            "Dropout(0.5, batch_input_shape=(4, 8))",
            "BatchNormalization(axis=1)",
            ("Dropout(0.5)", "BatchNormalization(axis=1, batch_input_shape=(4, 8))"),
        ),
    ],
)
def test_the_shape_goes_to_the_layer_that_comes_first(first: str, second: str, wanted: tuple[str, str]) -> None:
    """As an argument that each layer accepts."""
    assert swapped(first, second) == wanted


@pytest.mark.parametrize(
    ("first", "second"),
    [("Dropout(0.5)", "BatchNormalization()"), ("Dropout(0.5, batch_size=4)", "BatchNormalization()")],
)
def test_without_a_shape_both_stay_as_they_are(first: str, second: str) -> None:
    """Other arguments stay with their layer."""
    assert swapped(first, second) is None


def test_behind_another_layer_a_shape_says_nothing() -> None:
    """Only the first layer has one."""
    case = Case("m = Sequential([\n    Dense(8),\n    Dropout(0.5, input_shape=(8,)),\n    BatchNormalization(),\n])\n")
    old, new = (place_of(case.syntax, call_at(case.graphs, line)) for line in (3, 4))
    assert moved_inputs(case.obstacles, old, new, (old.spot.span, new.spot.span)) is None


def test_a_layer_that_is_made_elsewhere_can_take_none() -> None:
    """It may be used in other places, too."""
    case = Case(
        "bn = BatchNormalization()\nm = Sequential([\n    Dropout(0.5, input_shape=(8,)),\n    bn,\n])\n", "ORD002"
    )
    old = place_of(case.syntax, call_at(case.graphs, 3))
    with pytest.raises(Hopeless, match="give the model an `Input`"):
        moved_inputs(case.obstacles, old, None, (old.spot.span, old.spot.span))
