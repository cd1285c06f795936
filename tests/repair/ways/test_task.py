"""A move with the positions of its layers."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.places import common_lines
from orderlint.repair.ways.task import Task
from tests.repair.texts import Case, spot_at


def task(text: str) -> Task:
    return Case(text).task()


def test_the_ends_are_the_linear_layers_and_the_first_and_last() -> None:
    """A layer that only loses its activation is an end, but does not move."""
    one = task("x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\n")
    assert [place.call.layer for place in one.ends] == ["Dense", "BatchNormalization", "BatchNormalization"]
    assert [place.call.layer for place in one.every_place()] == ["BatchNormalization"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("m = Sequential([Dense(8), ReLU(), BatchNormalization()])\n", True),
        ("x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n", False),
        ("m = Sequential([Dense(8), ReLU()])\nm.add(BatchNormalization())\n", False),
    ],
)
def test_layers_of_one_list_are_listed(text: str, wanted: bool) -> None:
    """Both ends are elements of it."""
    assert task(text).is_listed is wanted


def test_a_block_with_another_layer_of_the_path_does_not_move() -> None:
    """The other layer would move, too."""
    one = task("x = Dense(8)(x)\nif c:\n    x = ReLU()(x)\n    x = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n")
    lines = common_lines([one.first.spot, one.last.spot])
    with pytest.raises(Refused, match="cannot move as a whole"):
        one.check_alone(lines.items[lines.places[0]], one.first.call)
    one.check_alone(lines.items[lines.places[-1]], one.last.call)


def test_layers_of_different_functions_are_told_with_their_names() -> None:
    """The reason names both functions."""
    text = "def f(x):\n    return ReLU()(Dense(8)(x))\nx = f(x)\nx = BatchNormalization()(x)\n"
    with pytest.raises(Refused, match=r"different functions \(`f`, the module\)"):
        task(text).check_function()


def test_methods_of_one_name_are_told_with_their_classes() -> None:
    """`call` and `call` would be ambiguous."""
    text = (
        "class A(Layer):\n    def call(self, x):\n        return ReLU()(Dense(8)(x))\n"
        "class B(Layer):\n    def call(self, x):\n        return BatchNormalization()(A()(x))\n"
        "y = B()(Input((4,)))\n"
    )
    with pytest.raises(Refused, match=r"different functions \(`A.call`, `B.call`\)"):
        task(text).check_function()


def test_layers_of_nested_models_are_no_chain_to_rearrange() -> None:
    """They are elements of two models."""
    text = "a = Sequential([Dense(8), ReLU()])\nm = Sequential()\nm.add(a)\nm.add(BatchNormalization())\n"
    with pytest.raises(Refused, match="different models"):
        task(text).check_model()


def test_calls_of_helpers_stand_for_their_layers() -> None:
    """The calls are moved."""
    case = Case("def act(x):\n    return ReLU()(x)\nx = Dense(8)(x)\nx = act(x)\nx = BatchNormalization()(x)\n")
    uses = [spot_at(case.syntax, "act(x)"), spot_at(case.syntax, "BatchNormalization()(x)")]
    one = Task(case.syntax, case.obstacles, case.move(), set(), uses)
    assert [place.spot for place in one.every_place()] == [one.first.spot, one.last.spot] == uses
    one.check_function()
