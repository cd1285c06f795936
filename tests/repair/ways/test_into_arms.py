"""An inline activation moves to after the norms in branches, and to the start of branches without a norm."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.into_arms import into_arms
from tests.repair.texts import Case

DENSE, PLAIN = "x = Dense(8, activation='relu')(x)\n", "x = Dense(8)(x)\n"
NORM, DROP, ACT = "x = BatchNormalization()(x)\n", "x = Dropout(0.5)(x)\n", "x = Activation('relu')(x)\n"


def moved(text: str) -> str:
    case = Case(text)
    return case.changed(into_arms(case.syntax, case.obstacles, case.move(), set()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"{DENSE}if c:\n    {NORM}else:\n    # drop\n    {DROP}",
            f"{PLAIN}if c:\n    {NORM}    {ACT}else:\n    {ACT}    # drop\n    {DROP}",
        ),
        (
            f"{DENSE}if c:\n    {NORM}elif d:\n    {DROP}x = Dense(1)(x)\n",
            f"{PLAIN}if c:\n    {NORM}    {ACT}elif d:\n    {ACT}    {DROP}else:\n    {ACT}x = Dense(1)(x)\n",
        ),
        (
            f"{DENSE}if c:\n    if d:\n        {NORM}    {DROP}x = Dense(1)(x)\n",
            f"{PLAIN}if c:\n    if d:\n        {NORM}    {ACT}    {DROP}else:\n    {ACT}x = Dense(1)(x)\n",
        ),
        (
            (
                "m = Sequential()\nm.add(Dense(8, activation='relu'))\n"
                "if c:\n    m.add(BatchNormalization())\nelse:\n    m.add(Dropout(0.5))\n"
            ),
            (
                "m = Sequential()\nm.add(Dense(8))\n"
                "if c:\n    m.add(BatchNormalization())\n    m.add(Activation('relu'))\n"
                "else:\n    m.add(Activation('relu'))\n    m.add(Dropout(0.5))\n"
            ),
        ),
        (
            f"def f(x, c):\n    {DENSE}    if c:\n        return BatchNormalization()(x)\n    {DROP}    return x\n",
            (
                f"def f(x, c):\n    {PLAIN}    if c:\n        return Activation('relu')(BatchNormalization()(x))\n"
                f"    {ACT}    {DROP}    return x\n"
            ),
        ),
        (
            f"def f(x, c):\n    {DENSE}    if c:\n        return BatchNormalization()(x)\n    raise ValueError(c)\n",
            (
                f"def f(x, c):\n    {PLAIN}    if c:\n        return Activation('relu')(BatchNormalization()(x))\n"
                "    raise ValueError(c)\n"
            ),
        ),
    ],
)
def test_every_arm_applies_the_activation(text: str, wanted: str) -> None:
    """After the norm, or before the other layers of a branch; in a new `else` if none may be executed."""
    assert moved(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        f"{DENSE}{NORM}",
        f"{DENSE}if c: {NORM}else: {DROP}",
        f"{DENSE}y = x.shape\nif c:\n    {NORM}else:\n    {DROP}",
        f"{DENSE}if len(x.shape) > 2:\n    {NORM}else:\n    {DROP}",
        f"{DENSE}for _ in range(n):\n    if c:\n        {NORM}    else:\n        {DROP}",
    ],
)
def test_a_value_that_does_not_go_straight_into_arms_is_left(text: str) -> None:
    """Other statements read it, or the branches are in a loop."""
    with pytest.raises(Refused):
        moved(text)
