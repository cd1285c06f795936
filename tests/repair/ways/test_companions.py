"""The repairs of the companion rules: adding an argument, replacing a class."""

from __future__ import annotations

import pytest

from orderlint.judging import ReplaceLayer, SetArgument
from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.companions import replace_layer, set_argument
from tests.repair.texts import Case, call_at


def argument(text: str, name: str = "use_bias", value: bool | None = False, line: int = 1) -> str:
    """The text with an argument added to the layer on a line."""
    case = Case(text)
    return case.changed(set_argument(case.syntax, SetArgument(call_at(case.graphs, line), name, value, "equivalent")))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x = Dense(8)(x)\n", "x = Dense(8, use_bias=False)(x)\n"),
        ("x = Dense(8, use_bias=True)(x)\n", "x = Dense(8, use_bias=False)(x)\n"),
        ("x = Dense(8, 'relu', True)(x)\n", "x = Dense(8, 'relu', False)(x)\n"),
        ("x = Dense(units=8, bias=True)(x)\n", "x = Dense(units=8, bias=True, use_bias=False)(x)\n"),
        ("x = TimeDistributed(Dense(8))(x)\n", "x = TimeDistributed(Dense(8, use_bias=False))(x)\n"),
    ],
)
def test_an_argument_is_given_where_the_layer_is_constructed(text: str, wanted: str) -> None:
    """It replaces the current value, or is added as a keyword, also inside a wrapper."""
    assert argument(text) == wanted


def test_an_argument_can_be_taken_away() -> None:
    """The value `None` removes it."""
    assert argument("x = Dense(8, use_bias=True)(x)\n", value=None) == "x = Dense(8)(x)\n"


def test_an_argument_that_may_be_given_already_is_refused() -> None:
    """The file mentions its name, and the call has starred arguments."""
    with pytest.raises(Refused, match="may be among the arguments"):
        argument("o = load('use_bias')\nx = Dense(8, **o)(x)\n", line=2)


def replaced(text: str, layer: str, line: int = 1) -> str:
    case = Case(text)
    wish = ReplaceLayer(call_at(case.graphs, line), layer, "changes-model")
    return case.changed(replace_layer(case.syntax, wish))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x = Dropout(0.5)(x)\n", "x = SpatialDropout2D(0.5)(x)\n"),
        ("x = keras.layers.Dropout(0.5)(x)\n", "x = keras.layers.SpatialDropout2D(0.5)(x)\n"),
    ],
)
def test_a_class_is_replaced_in_the_spelling_of_the_file(text: str, wanted: str) -> None:
    """Its arguments stay."""
    assert replaced(text, "SpatialDropout2D") == wanted


def test_the_class_it_replaces_must_be_named_there() -> None:
    """An alias may be used elsewhere, too."""
    with pytest.raises(Refused, match="another name"):
        replaced("D = Dropout\nx = D(0.5)(x)\n", "SpatialDropout2D", line=2)
