"""Which argument of a constructor is passed to a parameter."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.binding import position


def found(code: str, layer: str, name: str) -> int | None:
    call = cst.parse_expression(code)
    assert isinstance(call, cst.Call)
    return position(call, layer, name)


@pytest.mark.parametrize(
    ("code", "layer", "name", "wanted"),
    [
        ("Dense(8, activation='relu')", "Dense", "activation", 1),
        ("Dense(8, 'relu')", "Dense", "activation", 1),
        ("Dense(8, act)", "Dense", "activation", 1),
        ("Dense(8, keras.activations.relu)", "Dense", "activation", 1),
        ("Dense(8, 'relu', False)", "Dense", "use_bias", 2),
        ("Dense(n, act, bias)", "Dense", "activation", 1),
        ("Dense(n, act, bias)", "Dense", "use_bias", 2),
        ("Dense(8, cfg.init, 'relu')", "Dense", "activation", 2),  # the name in Keras 1
        ("Dense(8, init, relu)", "Dense", "activation", 2),
        ("Dense(8, relu)", "Dense", "activation", 1),
        ("Dense(8, None, 'relu')", "Dense", "activation", 1),  # a name in no version
        ("Dense(8)", "Dense", "activation", None),
        ("Dense(*sizes)", "Dense", "activation", None),
        ("Dense(*sizes, activation='relu')", "Dense", "activation", 1),
        ("Dense(**options)", "Dense", "activation", None),
        ("Activation('relu')", "Activation", "activation", 0),
        ("Mine(8, 'relu')", "Mine", "activation", None),
        ("Mine(activation='relu')", "Mine", "activation", 0),
    ],
)
def test_parameters_are_found_by_name_and_by_place(code: str, layer: str, name: str, wanted: int | None) -> None:
    """The value may be unknown, but after a starred argument the position is unknown, too."""
    assert found(code, layer, name) == wanted


def test_layers_of_keras_1_have_places_of_their_own() -> None:
    """`Convolution2D(8, 3, 3)` takes two sizes before its other arguments."""
    assert found("Convolution2D(8, 3, 3, 'same')", "Convolution2D", "activation") is None
