"""Moving layers that are applied in expressions, by a way for each form."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.ways.flows import (
    after_layer,
    as_callees,
    as_rows,
    as_statements,
    carried_down,
    taken_in,
    taken_out,
)
from orderlint.repair.ways.task import Way
from tests.repair.texts import Case

HEAD = "x = Dense(8)(x)\n"
INLINE = "x = Dense(8, activation='relu')(x)\n"


def moved(way: Way, text: str, code: str = "ORD001") -> str:
    case = Case(text, code)
    draft = Draft()
    way(case.task(), draft)
    return case.changed(draft)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{INLINE}x = BatchNormalization()(x)\n", f"{HEAD}x = BatchNormalization()(x)\nx = Activation('relu')(x)\n"),
        (f"{INLINE}y = BatchNormalization()(x)\n", f"{HEAD}y = BatchNormalization()(x)\ny = Activation('relu')(y)\n"),
        (
            "x = BatchNormalization()(Dense(8, activation='relu')(x))\n",
            "x = Activation('relu')(BatchNormalization()(Dense(8)(x)))\n",
        ),
        (
            f"{INLINE}if c:\n    x = BatchNormalization()(x)\n",
            f"{HEAD}if c:\n    x = BatchNormalization()(x)\nx = Activation('relu')(x)\n",
        ),
    ],
)
def test_an_inline_activation_goes_behind_the_norm(text: str, wanted: str) -> None:
    """As a new statement, around the expression, or after the block of the norm."""
    assert moved(after_layer, text) == wanted


def test_a_norm_in_a_block_must_keep_the_name_of_its_value() -> None:
    """After the block, the value may come from another branch."""
    with pytest.raises(Refused, match="another name"):
        moved(after_layer, f"{INLINE}y = x\nif c:\n    y = BatchNormalization()(x)\n")


def test_a_statement_passes_others_that_hand_the_value_on() -> None:
    """With its comments; statements that do not use the value stay between."""
    text = f"{HEAD}x = ReLU()(x)  # act\nn = 3\n# norm\nx = BatchNormalization()(x)\n"
    assert moved(as_statements, text) == f"{HEAD}# norm\nx = BatchNormalization()(x)\nx = ReLU()(x)  # act\nn = 3\n"


def test_a_statement_moves_past_a_block() -> None:
    """It reads and assigns the same name before and after."""
    text = f"{HEAD}x = Dropout(0.5)(x)\nif c:\n    x = BatchNormalization()(x)\n"
    assert (
        moved(as_statements, text, "ORD002") == f"{HEAD}if c:\n    x = BatchNormalization()(x)\nx = Dropout(0.5)(x)\n"
    )


@pytest.mark.parametrize("text", [f"{HEAD}y = ReLU()(x)\nz = BatchNormalization()(y)\n"])
def test_a_value_that_changes_its_name_does_not_pass(text: str) -> None:
    """The statement that reads it would read another value."""
    with pytest.raises(Refused):
        moved(as_statements, text)


def test_rows_change_their_layers_and_keep_plain_names() -> None:
    """The names of the values stay on their lines."""
    text = f"{HEAD}y = ReLU()(x)  # act\nz = BatchNormalization()(y)\nDense(8)(z)\n"
    assert moved(as_rows, text) == f"{HEAD}y = BatchNormalization()(x)\nz = ReLU()(y)  # act\nDense(8)(z)\n"


def test_rows_take_names_along_that_tell_the_layer() -> None:
    """`relu1` stays the output of the relu, and the last value is read under its new name."""
    text = f"{HEAD}relu1 = ReLU()(x)\nbn1 = BatchNormalization()(relu1)\nDense(8)(bn1)\n"
    wanted = f"{HEAD}bn1 = BatchNormalization()(x)\nrelu1 = ReLU()(bn1)\nDense(8)(relu1)\n"
    assert moved(as_rows, text) == wanted


def test_callees_change_places_in_one_expression() -> None:
    """They keep their own arguments, and other parts of the expression are unchanged."""
    text = "y = 2 * BatchNormalization()(ReLU()(Dense(8)(x)), training=t)\n"
    assert moved(as_callees, text) == "y = 2 * ReLU()(BatchNormalization()(Dense(8)(x), training=t))\n"


def test_a_layer_is_taken_out_of_an_expression() -> None:
    """It becomes a statement after another one."""
    text = "x = Dropout(0.5)(Dense(8)(x))\nx = BatchNormalization()(x)\n"
    wanted = "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = Dropout(0.5)(x)\n"
    assert moved(taken_out, text, "ORD002") == wanted


def test_a_layer_is_taken_into_an_expression() -> None:
    """Its statement is removed, its comments stay above."""
    text = "a = Dense(8)(x)\n# drop\nb = Dropout(0.5)(a)\ny = f(BatchNormalization()(b))\n"
    wanted = "a = Dense(8)(x)\n# drop\ny = f(Dropout(0.5)(BatchNormalization()(a)))\n"
    assert moved(taken_in, text, "ORD002") == wanted


def test_a_layer_is_carried_behind_one_that_gives_the_value_another_name() -> None:
    """It takes and assigns that name; the statements between are unchanged."""
    text = f"{HEAD}x = Dropout(0.5)(x)  # drop\na = BatchNormalization()(x)\nb = ReLU()(a)\n"
    wanted = f"{HEAD}a = BatchNormalization()(x)\nb = ReLU()(a)\nb = Dropout(0.5)(b)  # drop\n"
    assert moved(carried_down, text, "ORD002") == wanted


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}y = Dropout(0.5)(x)\na = BatchNormalization()(y)\n",
        f"{HEAD}x = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n",
        f"{HEAD}x = Dropout(r)(x)\na = BatchNormalization()(x)\nr = 1\nb = ReLU()(a)\n",
        f"{HEAD}if c:\n    x = Dropout(0.5)(x)\na = BatchNormalization()(x)\n",
    ],
    ids=["another name", "the same name", "bound between", "in a block"],
)
def test_nothing_else_is_carried(text: str) -> None:
    """Other ways exist for names that stay or move with their layer."""
    with pytest.raises(Refused):
        moved(carried_down, text, "ORD002")
