"""A move is made in the idiom of the layers."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways import flows, lists, statements, transplant
from orderlint.repair.ways.rearrange import rearrange, ways_of
from orderlint.repair.ways.task import Idiom, Way
from tests.repair.texts import Case


def test_the_way_that_changes_least_is_tried_first() -> None:
    """Each module with ways is found, and each way has a different rank."""
    found = sorted((*flows.WAYS[Idiom.APPLIED], *transplant.WAYS[Idiom.APPLIED]))
    assert len({rank for rank, _ in found}) == len(found)
    assert tuple(way for _, way in found) == ways_of(Idiom.APPLIED)
    assert (found[0][1], found[-1][1]) == (flows.as_statements, transplant.transplanted)


@pytest.mark.parametrize(
    ("idiom", "ways"),
    [
        (Idiom.LISTED, [lists.in_one_list]),
        (Idiom.ADDED, [statements.adding_statements, transplant.transplanted, lists.as_expressions]),
        (Idiom.MIXED, [lists.as_expressions]),
        (Idiom.INLINE, [flows.after_layer]),
    ],
)
def test_the_ways_of_the_other_idioms(idiom: Idiom, ways: list[Way]) -> None:
    """They are registered, too; the module that tries them imports none of them."""
    assert list(ways_of(idiom)) == ways


def test_a_module_of_its_own_adds_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its `WAYS` are registered; two ways with equal rank are an error."""
    monkeypatch.setattr(lists, "WAYS", {**lists.WAYS, Idiom.LISTED: ((5, flows.as_rows), *lists.WAYS[Idiom.LISTED])})
    assert ways_of.__wrapped__(Idiom.LISTED) == (flows.as_rows, lists.in_one_list)
    monkeypatch.setattr(lists, "WAYS", {Idiom.ADDED: ((10, flows.as_rows),)})
    with pytest.raises(ValueError, match="two ways have the rank 10"):
        ways_of.__wrapped__(Idiom.ADDED)


def moved(text: str, code: str = "ORD001") -> str:
    case = Case(text, code)
    return case.changed(rearrange(case.syntax, case.obstacles, case.move(), set()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Sequential([Dense(8), ReLU(), BatchNormalization()])\n",
            "Sequential([Dense(8), BatchNormalization(), ReLU()])\n",
        ),
        (
            "m = Sequential()\nm.add(Dense(8))\nm.add(ReLU())\nm.add(BatchNormalization())\n",
            "m = Sequential()\nm.add(Dense(8))\nm.add(BatchNormalization())\nm.add(ReLU())\n",
        ),
        (
            "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n",
            "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n",
        ),
        ("x = BatchNormalization()(ReLU()(Dense(8)(x)))\n", "x = ReLU()(BatchNormalization()(Dense(8)(x)))\n"),
        (
            "x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n",
            "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n",
        ),
    ],
)
def test_each_idiom_has_its_way(text: str, wanted: str) -> None:
    """A list, statements that add or apply layers, nested calls, and an activation that is already there."""
    assert moved(text) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("m = Sequential([Dense(8), ReLU()])\nx = BatchNormalization()(m(x))\n", "in a list of layers, the other"),
        ("x = Dense(8)(x)\nfor i in n:\n    x = ReLU()(x)\nx = BatchNormalization()(x)\n", "loop"),
        (
            "x = Dense(8)(x)\nx = ReLU()(x)\nx = x + 0\nx = x * 2\ny = f(x=BatchNormalization()(x))\n",
            "`x` is also read in line 3",
        ),
    ],
)
def test_what_no_way_can_make_is_refused_with_a_reason(text: str, reason: str) -> None:
    """The reason is that of the way that got furthest."""
    with pytest.raises(Refused, match=reason):
        moved(text)


def test_names_given_to_layers_are_noted_only_where_the_move_is_made() -> None:
    """Otherwise two repairs in one class could choose the same name."""
    text = (
        "class Net(Model):\n    def __init__(self):\n        self.fc = Dense(8, activation='relu')\n"
        "        self.bn = BatchNormalization()\n    def call(self, x):\n        return self.bn(self.fc(x))\n"
    )
    case = Case(text)
    taken: set[str] = set()
    rearrange(case.syntax, case.obstacles, case.move(), taken)
    assert taken == {"Net.act"}
