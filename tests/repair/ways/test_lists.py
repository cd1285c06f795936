"""Moving layers that are elements of lists."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.ways.lists import as_expressions, in_one_list
from orderlint.repair.ways.task import Way
from tests.repair.texts import Case


def moved(way: Way, text: str, code: str = "ORD001") -> str:
    case = Case(text, code)
    draft = Draft()
    way(case.task(), draft)
    return case.changed(draft)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Sequential([Dense(8), ReLU(), BatchNormalization()])\n",
            "Sequential([Dense(8), BatchNormalization(), ReLU()])\n",
        ),
        (
            "m = Sequential([\n    Dense(8, activation='relu'),  # d\n    BatchNormalization(),\n])\n",
            "m = Sequential([\n    Dense(8),  # d\n    BatchNormalization(),\n    Activation('relu'),\n])\n",
        ),
        (
            "m = Sequential([Dense(8), ReLU(), Flatten(), Identity(), BatchNormalization()])\n",
            "m = Sequential([Dense(8), Flatten(), Identity(), BatchNormalization(), ReLU()])\n",
        ),
    ],
)
def test_elements_of_one_list_change_places(text: str, wanted: str) -> None:
    """A new one is inserted after them."""
    assert moved(in_one_list, text) == wanted


COMPOSE = """\
def compose(*layers):
    def applied(x):
        for layer in layers:
            x = layer(x)
        return x
    return applied


"""


def test_arguments_of_what_takes_any_number_change_places() -> None:
    """Like elements of a list."""
    text = f"{COMPOSE}y = compose(Dense(8, activation='relu'), BatchNormalization())(x)\n"
    wanted = f"{COMPOSE}y = compose(Dense(8), BatchNormalization(), Activation('relu'))(x)\n"
    assert moved(in_one_list, text) == wanted


def test_arguments_that_have_names_do_not() -> None:
    """Arguments for separate parameters are not elements."""
    text = COMPOSE.replace("*layers", "*, a, b").replace("in layers", "in [a, b]")
    case = Case(f"{text}y = compose(a=Dense(8, activation='relu'), b=BatchNormalization())(x)\n")
    assert not case.task().is_listed


def test_the_input_shape_stays_with_the_first_element() -> None:
    """The input shape is not an argument of the dropout."""
    text = "m = Sequential([Dropout(0.5, input_shape=(8,)), BatchNormalization(), Dense(8)])\n"
    wanted = "m = Sequential([BatchNormalization(input_shape=(8,)), Dropout(0.5), Dense(8)])\n"
    assert moved(in_one_list, text, "ORD002") == wanted


def test_layers_in_a_list_and_in_statements_change_their_expressions() -> None:
    """Each position in the text keeps its form."""
    text = "m = Sequential([Dense(8), Dropout(0.5)])\nm.add(BatchNormalization())\nm.add(Dense(8))\n"
    wanted = "m = Sequential([Dense(8), BatchNormalization()])\nm.add(Dropout(0.5))\nm.add(Dense(8))\n"
    assert moved(as_expressions, text, "ORD002") == wanted


def test_a_new_layer_fits_into_no_other_list() -> None:
    """The position of a new layer would be ambiguous."""
    with pytest.raises(Refused, match="different lists"):
        moved(as_expressions, "m = Sequential([Dense(8, activation='relu')])\nm.add(BatchNormalization())\n")
