"""The number of layers before and after those of a move."""

from __future__ import annotations

import pytest

from orderlint.repair.ways.counting import Counts, counts_of
from tests.repair.texts import Case

NET = "x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\n"


@pytest.mark.parametrize(
    ("before", "behind", "counts"),
    [
        ("", "", Counts(0, 0, True)),
        ("x = Dense(8)(i)\n", "x = Dense(1)(x)\n", Counts(1, 1, True)),
        ("x = Dense(8)(i)\nx = Dense(8)(x)\n", "", Counts(2, 0, True)),
        ("s = Sequential([Dense(8), Dense(8)])\nx = s(i)\n", "", Counts(1, 0, True)),
        ("s = Sequential([Dense(8), Dense(8)])\nx = Dense(8)(s(i))\n", "", Counts(2, 0, True)),
        ("x = Dense(8)(i)\nx = Dense(8)(x)\ny = Dense(8)(i)\n", "x = Add()([x, y])\n", Counts(1, 1, False)),
        ("j = Input((8,))\ny = Dense(8)(j)\nx = Dense(8)(i)\n", "x = Add()([x, y])\n", Counts(0, 1, False)),
        ("y = x = Dense(8)(i)\n", "x = Add()([x, y])\n", Counts(1, 1, True)),
        ("z = Dense(2)(Dense(2)(Input((8,))))\nx = Dense(8)(i)\n", "", Counts(1, 0, True)),
    ],
)
def test_layers_around_are_counted(before: str, behind: str, counts: Counts) -> None:
    """The minimum number: a nested model counts as one, and of parallel layers only the first is certain."""
    case = Case(f"i = Input((8,))\nx = i\n{before}{NET}{behind}")
    assert counts_of(case.syntax, case.obstacles, case.move()) == counts


@pytest.mark.parametrize("before", ["Dense(8), Dense(8), ", "Sequential([Dense(8), Dense(8)]), Dense(8), "])
def test_a_list_in_a_list_is_a_model_in_a_model(before: str) -> None:
    case = Case(f"m = Sequential([{before}Dense(8, activation='relu'), BatchNormalization()])\n")
    assert counts_of(case.syntax, case.obstacles, case.move()) == Counts(2, 0, True)


def test_layers_are_added_to_one_model() -> None:
    """Layers that are added to another model are not counted."""
    inner = "s = Sequential()\ns.add(Dense(8))\ns.add(Dense(8))\nm = Sequential()\nm.add(s)\nm.add(Dense(4))\n"
    case = Case(f"{inner}m.add(Dense(8, activation='relu'))\nm.add(BatchNormalization())\n")
    assert counts_of(case.syntax, case.obstacles, case.move()).before == 2


def test_the_layers_of_a_custom_layer_are_in_that() -> None:
    text = (
        "class Block(Layer):\n    def __init__(self):\n        self.a = Dense(8)\n        self.b = Dense(8)\n"
        "        self.act = ReLU()\n        self.bn = BatchNormalization()\n"
        "    def call(self, x):\n        return self.bn(self.act(self.b(self.a(x))))\n"
    )
    case = Case(text)
    assert counts_of(case.syntax, case.obstacles, case.move()) == Counts(0, 0, False)
