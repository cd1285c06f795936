"""The last layers of branches move to after the norm that follows."""

from __future__ import annotations

import pytest

from orderlint.judging import MoveAfter
from orderlint.repair.net.moves import move_of
from orderlint.repair.options import options
from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.tails import tails_behind
from tests.repair.texts import Case

NORM = "x = BatchNormalization()(x)\n"


ARMS = "if c:\n    x = Dense(8)(x)\n    x = {}(x)\nelse:\n    x = Dense(9)(x)\n    x = {}(x)\n"


def moved(text: str) -> str:
    case = Case(text)
    option = next(one for one in options(case.violation) if one.leaves_arms)
    wishes = [wish for wish in option.wishes if isinstance(wish, MoveAfter)]
    moves = [move_of(wish, case.obstacles.path(wish.call, wish.anchor.call)) for wish in wishes]
    everywhere = case.violation.everywhere
    return case.changed(tails_behind(case.syntax, case.obstacles, moves, set(), everywhere=everywhere))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "if c:\n    x = Dense(8)(x)\n    x = ReLU()(x)\nelse:\n    x = Dense(9)(x)\n    x = ReLU()(x)\n",
            "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n" + NORM + "x = ReLU()(x)\n",
        ),
        (
            "if c:\n    x = ReLU()(Dense(8)(x))\nelse:\n    x = Dense(9, activation='relu')(x)\n",
            "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n" + NORM + "x = ReLU()(x)\n",
        ),
        (
            "if c:\n    x = Dense(8, activation='relu')(x)\nelse:\n    x = Dense(9, activation='tanh')(x)\n",
            "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n"
            + NORM
            + "if c:\n    x = Activation('relu')(x)\nelse:\n    x = Activation('tanh')(x)\n",
        ),
        (
            ARMS.format("LeakyReLU(0.1)", "LeakyReLU(0.1)"),
            "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n" + NORM + "x = LeakyReLU(0.1)(x)\n",
        ),
        (
            ARMS.format("ReLU()", "ReLU()") + "x = MaxPooling2D()(x)\n",
            "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\nx = MaxPooling2D()(x)\n"
            + NORM
            + "x = ReLU()(x)\n",
        ),
        (
            "x = Dense(8)(x)\nif c:\n    # act\n    x = ReLU()(x)\n",
            "x = Dense(8)(x)\n" + NORM + "if c:\n    # act\n    x = ReLU()(x)\n",
        ),
    ],
)
def test_tails_go_behind_the_norm(text: str, wanted: str) -> None:
    """Once if all branches end alike, otherwise each under its condition."""
    assert moved(text + NORM) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LeakyReLU(0.1)", "LeakyReLU(0.2)"),
        ("ReLU()", "ReLU(max_value=6)"),
        ("ReLU()", "ReLU(name=f(1))"),
        ("Activation('relu')", "ReLU()"),
    ],
)
def test_tails_that_are_not_written_alike_stay_two(one: str, other: str) -> None:
    """The argument may have any effect."""
    both = f"if c:\n    x = {one}(x)\nelse:\n    x = {other}(x)\n"
    linear = "if c:\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n"
    assert moved(ARMS.format(one, other) + NORM) == linear + NORM + both


def test_the_comments_of_tails_that_are_alike_all_come_along() -> None:
    """Those of the first stay in place, the others go above it."""
    text = "if c:\n    # one\n    x = Dense(8)(x)\n    x = ReLU()(x)  # a\n"
    text += "else:\n    x = Dense(9)(x)\n    # two\n    x = ReLU()(x)  # b\n"
    linear = "if c:\n    # one\n    x = Dense(8)(x)\nelse:\n    x = Dense(9)(x)\n"
    assert moved(text + NORM) == f"{linear}{NORM}# two\n# b\nx = ReLU()(x)  # a\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = Dense(8)(x)\nif c:\n    x = Activation(act)(x)\nact = 'tanh'\n", "assigned between"),
        (ARMS.format("ReLU()", "ReLU()") + "x = Dropout(0.5)(x)\n", "other layers are between"),
        (ARMS.format("ReLU()", "ReLU()").replace("(x)\nelse", "(x); y = 1\nelse"), "several statements share a line"),
        (ARMS.format("ReLU()", "ReLU()").replace("x = ReLU", "z = ReLU") + "x = z\n", "not passed directly"),
        (ARMS.replace("{}(x)", "tf.nn.relu(x, name='r')"), "not passed directly"),
        ("x = Dense(8)(x)\nif next(it):\n    x = ReLU()(x)\n", "evaluated twice"),
        ("x = Dense(8)(x)\nif c:\n    x = ReLU()(x)\nc = False\n", "assigned between"),
        (
            "if c:\n    x = Dense(8)(x)\n    x = PReLU()(x)\nelse:\n    x = Dense(9)(x)\n    x = PReLU()(x)\n",
            "its own `PReLU` weights",
        ),
    ],
)
def test_what_would_mean_something_else_there_is_refused(text: str, reason: str) -> None:
    """The condition may have another value there, or weights would be shared."""
    with pytest.raises(Refused, match=reason):
        moved(text + NORM)


LOOP = "for i in range(n):\n    x = Dense(8)(x)\n    if i == n - 1:\n        x = ReLU()(x)  # a\n"


def test_what_the_last_iteration_of_a_loop_ends_with_goes_behind_the_norm() -> None:
    """Only that path leads to the norm, so no condition is needed; the norm may be in a `return`."""
    dense = "for i in range(n):\n    x = Dense(8)(x)\n"
    assert moved(LOOP + NORM) == dense + NORM + "x = ReLU()(x)  # a\n"
    case = "y = BatchNormalization()(x)\n"
    assert moved(LOOP + case) == dense + "# a\ny = ReLU()(BatchNormalization()(x))\n"


def test_a_norm_gets_a_statement_of_its_own_where_what_follows_has_a_condition() -> None:
    """`y = norm(x)` becomes `x = norm(x)`, the branch, and `y = x`."""
    text = "x = Dense(8)(x)\nif c:\n    x = ReLU()(x)\n"
    wanted = "x = Dense(8)(x)\n" + NORM + "if c:\n    x = ReLU()(x)\ny = x\n"
    assert moved(text + "y = BatchNormalization()(x)\n") == wanted


def test_a_value_of_an_iteration_that_is_read_stays_in_the_loop() -> None:
    with pytest.raises(Refused):
        moved(LOOP + "    y = x\n" + NORM)
