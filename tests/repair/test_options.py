"""The options for a repair; the wish of the rule is first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderlint.judging import MoveAfter, MoveBefore
from orderlint.repair.options import options
from tests.repair.texts import Case


def test_the_wish_comes_first_and_the_other_way_to_the_same_order_last() -> None:
    """A norm moves up, or the activation moves down after it."""
    case = Case("x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n")
    first, last = options(case.violation)
    assert first.wishes == (case.violation.wish,)
    (wish,) = last.wishes
    assert isinstance(wish, MoveAfter)
    assert (wish.moved.name, wish.anchor.name) == ("ReLU", "BatchNormalization")
    assert last.leaves_arms
    assert not first.leaves_arms


def test_each_wish_alone_may_do_where_paths_differ() -> None:
    """Each wish alone may suffice if paths differ, and comes after all of them together."""
    text = "if c:\n    x = Dense(8, activation='relu')(x)\nelse:\n    x = Dense(9)(x)\n    x = ReLU()(x)\n"
    case = Case(f"{text}x = BatchNormalization()(x)\n")
    sizes = [len(option.wishes) for option in options(case.violation)]
    assert sizes == [2, 1, 1, 2]


def test_a_dropout_may_stop_on_its_way() -> None:
    """A dropout may stop after the last norm or activation it can reach, the farthest first."""
    case = Case(
        "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\nx = Dense(8)(x)\n", "ORD002"
    )
    anchors = []
    for option in options(case.violation):
        (wish,) = option.wishes
        if option.opens_block:
            continue
        assert isinstance(wish, MoveAfter)
        anchors.append((wish.anchor.name, wish.effect))
    assert anchors == [("ReLU", "same-inference"), ("BatchNormalization", "same-inference")]


def test_a_dropout_may_go_before_its_linear_layer() -> None:
    """If only `pass` layers are between them. This comes after the wish, and before the earlier stops."""
    case = Case(
        "x = Conv2D(8, 3)(x)\nx = AveragePooling2D()(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n"
        "x = ReLU()(x)\nx = Dense(8)(x)\n",
        "ORD002",
    )
    found = [(option.wishes[0].title, option.opens_block) for option in options(case.violation)]
    assert found == [
        ("move `Dropout` after `ReLU`", False),
        ("move `Dropout` before `Conv2D`", True),
        ("move `Dropout` after `BatchNormalization`", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x = Dense(8)(x)\nx = Reshape((4, 2))(x)\nx = SpatialDropout1D(0.5)(x)\nx = BatchNormalization()(x)\n",
        "x = Dense(8, activation='relu')(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n",
        "x = LSTM(8)(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n",
    ],
    ids=["channels of another shape", "activated before", "no linear layer"],
)
def test_a_dropout_stays_behind_what_its_masks_do_not_fit_and_behind_activations(text: str) -> None:
    """Before the linear layer, it would drop something else."""
    found = [option for option in options(Case(text, "ORD002").violation) if option.opens_block]
    assert found == []


def test_without_a_wish_there_is_no_option() -> None:
    """The rule has the reason instead."""
    case = Case("x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\n")
    assert isinstance(case.violation.wish, MoveBefore)
    assert list(options(replace(case.violation, wish=None))) == []
