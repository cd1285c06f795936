"""Statements move past others, and new ones are inserted."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.ways.statements import adding_statements
from tests.repair.texts import Case


def moved(text: str, code: str = "ORD001") -> str:
    case = Case(f"m = Sequential()\n{text}", code)
    draft = Draft()
    adding_statements(case.task(), draft)
    return case.changed(draft).removeprefix("m = Sequential()\n")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "m.add(Dense(8))\n# act\nm.add(ReLU())\nm.add(BatchNormalization())  # norm\n",
            "m.add(Dense(8))\nm.add(BatchNormalization())  # norm\n# act\nm.add(ReLU())\n",
        ),
        (
            "m.add(Dense(8, activation='relu'))\nm.add(BatchNormalization())\n",
            "m.add(Dense(8))\nm.add(BatchNormalization())\nm.add(Activation('relu'))\n",
        ),
        (
            "m.add(Dense(8, activation='relu'))\nif c:\n    m.add(BatchNormalization())\n",
            "m.add(Dense(8))\nif c:\n    m.add(BatchNormalization())\nm.add(Activation('relu'))\n",
        ),
        (
            "m.add(Dense(8))\nif c:\n    m.add(ReLU())\nm.add(BatchNormalization())\n",
            "m.add(Dense(8))\nm.add(BatchNormalization())\nif c:\n    m.add(ReLU())\n",
        ),
        (
            "m.add(Dense(8))\na = g()\nm.add(ReLU(a))\nm.add(BatchNormalization())\n",
            "m.add(Dense(8))\na = g()\nm.add(BatchNormalization())\nm.add(ReLU(a))\n",
        ),
        (
            "m.add(Dense(8))\nm.add(ReLU()); m.add(BatchNormalization())\n",
            "m.add(Dense(8))\nm.add(BatchNormalization()); m.add(ReLU())\n",
        ),
        (
            "for f in fs:\n    m.add(Dense(8))\n    m.add(ReLU())\n    m.add(BatchNormalization())\n",
            "for f in fs:\n    m.add(Dense(8))\n    m.add(BatchNormalization())\n    m.add(ReLU())\n",
        ),
    ],
)
def test_statements_that_add_layers_change_places(text: str, wanted: str) -> None:
    """With their comments; a block with one layer moves as a whole."""
    assert moved(text) == wanted


def test_the_input_shape_stays_with_the_first_statement() -> None:
    """The input shape is not an argument of the dropout."""
    text = "m.add(Dropout(0.5, input_shape=(8,)))\nm.add(BatchNormalization())\nm.add(Dense(8))\n"
    wanted = "m.add(BatchNormalization(input_shape=(8,)))\nm.add(Dropout(0.5))\nm.add(Dense(8))\n"
    assert moved(text, "ORD002") == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("m.add(Dense(8))\na = 6\nm.add(ReLU(a))\na = 1\nm.add(BatchNormalization(a))\n", "assigned between them"),
        ("m.add(Dense(8))\nm.add(ReLU())\na = g()\nm.add(BatchNormalization(a))\n", "assigned between them"),
        ("for i in r:\n    m.add(BatchNormalization())\n    m.add(Dense(8))\n    m.add(ReLU())\n", "in a loop"),
        ("for l in (Dense(8), ReLU()):\n    m.add(l)\nm.add(BatchNormalization())\n", "one of the layers is in a loop"),
        ("m.add(Dense(8))\nif c:\n    m.add(ReLU())\n    m.add(Dropout(0.5))\nm.add(BatchNormalization())\n", "block"),
    ],
)
def test_what_cannot_pass_is_refused(text: str, reason: str) -> None:
    """A name is assigned again between them, or the block contains another layer."""
    with pytest.raises(Refused, match=reason):
        moved(text)
