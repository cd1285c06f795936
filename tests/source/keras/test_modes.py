"""Dropouts that are active at inference."""

from __future__ import annotations

import pytest

from orderlint.source.keras import modes
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import Const
from tests.source.running import interpreter

HEADER = """\
import tensorflow as tf
from keras import Input, backend as K, layers, random
x = Input((3,))
def unknown_mode(x, mc, rate): return layers.Dropout(0.5)(x, training=mc)
def default_on(x, mc=True): return layers.Dropout(0.5)(x, training=mc)
def default_off(x, mc=False): return layers.Dropout(0.5)(x, training=mc)
class Told(layers.Layer):
    def call(self, x, training=True): return layers.Dropout(0.5)(x, training=training)
def asks(x, training, rate=0.5):
    return tf.nn.dropout(x, rate) if training else x
def feeds(x, keep): return tf.nn.dropout(x, keep)
def flagged(x, use, rate=0.5):
    return tf.nn.dropout(x, rate) if use else x
"""


def mode_of(code: str, layer: str = "Dropout") -> object:
    m = interpreter(f"{HEADER}{code}\n")
    return next(call.facts.get("training") for call in m.recorder.calls if call.layer.lower() == layer.lower())


@pytest.mark.parametrize(
    "code",
    [
        "layers.Dropout(0.5)(x, training=True)",
        "layers.Dropout(0.5)(x, True)",
        "layers.Dropout(0.5)(x, training=1)",
        "layers.Dropout(0.5)(x, **{'training': True})",
        "layers.Dropout(0.5)(x, training=True if f else None)",
        "default_on(x)",
        "tf.nn.dropout(x, 0.5)",
        "tf.nn.dropout(x, rate=0.5)",
        "K.dropout(x, 0.5)",
        "random.dropout(x, 0.5)",
        "flagged(x, flag)",
    ],
)
def test_some_drop_at_inference(code: str) -> None:
    """Their mode is true on some path, or they are functions without a mode."""
    assert mode_of(code) is True


@pytest.mark.parametrize(
    "code",
    [
        "layers.Dropout(0.5)(x)",
        "layers.Dropout(0.5)(x, training=None)",
        "layers.Dropout(0.5)(x, training=False)",
        "unknown_mode(x, f, 1)",
        "default_off(x)",
        "Told()(x)",
        "asks(x, f)",
        "feeds(x, f)",
    ],
)
def test_others_are_told_the_mode(code: str) -> None:
    """An unknown keep probability may depend on the mode, too."""
    assert mode_of(code) in (None, False)


def test_the_second_argument_of_other_layers_is_no_mode() -> None:
    """The second argument of other layers may be a mask or another input."""
    assert modes.of_layer((), Arguments([Const(1), Const(True)])) == {}
