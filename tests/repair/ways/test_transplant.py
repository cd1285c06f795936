"""A statement moves into a `with`, or out of the arm of an `if`."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.ways.transplant import transplanted
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
    """Under the condition of its arm; without one where every arm ends so."""
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
    """A condition that may come out differently, or a layer that would be there on some paths only."""
    with pytest.raises(Refused, match=reason):
        moved(text)
