"""A statement moves into a `with`, or out of a branch of an `if`."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.ways.transplant import out_of_loop, transplanted
from tests.repair.texts import Case


def moved(text: str, code: str = "ORD002") -> str:
    case = Case(text, code)
    draft = Draft()
    transplanted(case.task(), draft)
    return case.changed(draft)


DENSE, NORM = "x = Dense(8)(x)\n", "x = BatchNormalization()(x)\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"{DENSE}if c:\n    x = Dropout(0.5)(x)  # d\n    n = 1\n{NORM}",
            f"{DENSE}if c:\n    n = 1\n{NORM}if c:\n    x = Dropout(0.5)(x)  # d\n",
        ),
        (
            f"{DENSE}if c:\n    a = 1\n    x = Dropout(0.5)(x)\nelse:\n    a = 2\n    x = Dropout(0.5)(x)\n{NORM}",
            f"{DENSE}if c:\n    a = 1\nelse:\n    a = 2\n{NORM}x = Dropout(0.5)(x)\n",
        ),
        (
            f"{DENSE}x = Dropout(0.5)(x)\nwith s:\n    {NORM}    n = 1\n",
            f"{DENSE}with s:\n    {NORM}    x = Dropout(0.5)(x)\n    n = 1\n",
        ),
    ],
)
def test_a_statement_goes_next_to_another(text: str, wanted: str) -> None:
    """Under the condition of its branch, or without one if each branch ends with it."""
    assert moved(text) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{DENSE}if next(it):\n    x = Dropout(0.5)(x)\n    n = 1\n{NORM}", "evaluated twice"),
        (f"{DENSE}if c:\n    x = Dropout(0.5)(x)\n    c = 0\n{NORM}", "assigned between"),
        (f"{DENSE}x = Dropout(0.5)(x)\nif c:\n    {NORM}    n = 1\n", "cannot move as a whole"),
    ],
)
def test_what_would_not_mean_the_same_there_is_refused(text: str, reason: str) -> None:
    """The condition may have another value there, or the layer would be there on some paths only."""
    with pytest.raises(Refused, match=reason):
        moved(text)


LOOP = "for i in range(n):\n    x = Dense(8)(x)\n    if i == n - 1:\n        x = Dropout(0.5)(x)  # d\n"


def taken_out(text: str) -> tuple[str, bool]:
    case = Case(text, "ORD002")
    draft = Draft()
    out_of_loop(case.task(), draft)
    return case.changed(draft), draft.leaves_loop


def test_what_the_last_iteration_applies_goes_behind_the_loop() -> None:
    """Without the condition for the iteration, and with its comment."""
    dense = "for i in range(n):\n    x = Dense(8)(x)\n"
    assert taken_out(LOOP + NORM) == (dense + NORM + "x = Dropout(0.5)(x)  # d\n", True)
    wanted = dense + "# d\ny = Dropout(0.5)(BatchNormalization()(x))\n"
    assert taken_out(LOOP + "y = BatchNormalization()(x)\n") == (wanted, True)


@pytest.mark.parametrize(
    "text",
    [
        LOOP.replace("0.5", "i / 10") + NORM,
        LOOP + "    y = x\n" + NORM,
        LOOP + "y = x\n" + NORM,
        LOOP + "else:\n    n = 0\n" + NORM,
    ],
)
def test_a_layer_that_belongs_to_its_iteration_stays_in_the_loop(text: str) -> None:
    """It reads variables of the loop, or its value is read before the norm."""
    with pytest.raises(Refused):
        taken_out(text)
