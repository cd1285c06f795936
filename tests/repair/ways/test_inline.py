"""An inline activation is removed from the construction of its layer, wherever it is specified."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.ways.inline import Inline, inline_argument, take_out
from tests.repair.texts import Case, call_at


def taken(text: str, line: int = 1) -> tuple[Inline, str]:
    case = Case(text)
    draft = Draft()
    inline = take_out(draft, case.syntax, call_at(case.graphs, line))
    return inline, case.changed(draft)


PARTIAL = "from functools import partial\nD = partial(Dense, 8, activation='relu')\nprint(D)\n"


@pytest.mark.parametrize(
    ("text", "line", "wanted"),
    [
        ("x = Dense(8, activation='relu')(x)\n", 1, "x = Dense(8)(x)\n"),
        ("x = Dense(8, 'relu')(x)\n", 1, "x = Dense(8)(x)\n"),
        ("x = Dense(8, 'relu', False)(x)\n", 1, "x = Dense(8, None, False)(x)\n"),
        ("x = TimeDistributed(Dense(8, activation='relu'))(x)\n", 1, "x = TimeDistributed(Dense(8))(x)\n"),
        ("o = dict(units=8, activation='relu')\nx = Dense(**o)(x)\n", 2, "o = dict(units=8)\nx = Dense(**o)(x)\n"),
        (
            "o = dict(units=8, activation='relu')\nx = Dense(**o)(x)\ny = Dense(**o)(x)\n",
            2,
            "o = dict(units=8)\nx = Dense(**o)(x)\ny = Dense(**o, activation='relu')(x)\n",
        ),
        (
            f"{PARTIAL}x = D()(x)\n",
            4,
            f"{PARTIAL}x = D(activation=None)(x)\n",
        ),
    ],
)
def test_it_goes_from_where_it_is_given(text: str, line: int, wanted: str) -> None:
    """The call, or a dictionary or `partial` that others use, too, and that stays the same for them."""
    inline, new = taken(text, line)
    assert (inline.code, new) == ("'relu'", wanted)


def test_what_it_reads_is_told() -> None:
    """The names that must be available at the new layer; parameters of a lambda are not included."""
    inline, _ = taken("x = Dense(8, activation=lambda t: relu(t, slope))(x)\n")
    assert inline.names == {"relu", "slope"}
    assert not inline.is_layer
    inline, _ = taken("x = Dense(8, activation=LeakyReLU(0.1))(x)\n")
    assert inline.is_layer


def test_its_comments_come_with_it() -> None:
    """They are about the activation."""
    inline, new = taken("x = Dense(\n    8,\n    # why\n    activation='relu',  # so\n)(x)\n")
    assert inline.comments.every == ("# why", "# so")
    assert new == "x = Dense(\n    8,\n)(x)\n"


def test_an_activation_out_of_sight_is_hopeless() -> None:
    """There is no text to remove."""
    text = "class D(Dense):\n    def __init__(self, n):\n        super().__init__(n, activation='relu')\n"
    with pytest.raises(Hopeless, match="not passed where the layer is constructed"):
        taken(f"{text}x = D(8)(x)\n", 4)


def test_the_argument_alone_can_be_looked_at() -> None:
    """That of a layer with an activation, or of an activation layer."""
    case = Case("x = Dense(8, activation=act)(x)\nx = Activation(other)(x)\nx = Dense(8)(x)\n")
    found = [inline_argument(case.syntax, call_at(case.graphs, line)) for line in (1, 2, 3)]
    tree = case.syntax.trees[0]
    assert [tree.code(node) if node else None for node in found] == ["act", "other", None]
