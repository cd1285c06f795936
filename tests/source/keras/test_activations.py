"""Activations that are given as arguments."""

from __future__ import annotations

import pytest

from orderlint.catalog import UNKNOWN, ActivationOf
from orderlint.source.keras import activations
from orderlint.source.state.values import Const
from tests.source.running import interpreter, layers_of, value_of

HEADER = """
import keras
import tensorflow as tf
from keras import activations, layers
def identity(x): return x
def swish(x): return keras.activations.silu(x)
def double(x): return keras.activations.relu(x) + keras.activations.relu(x)
class Snake(layers.Layer):
    def call(self, x): return x + tf.sin(x)
class Nothing:
    def __call__(self, x): return x
class Clipped:
    def __call__(self, x): return layers.ReLU(6.0)(x)
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("'relu'", "relu"),
        ("None", None),
        ("activations.relu", ActivationOf("relu")),
        ("tf.nn.relu", ActivationOf("relu")),
        ("tf.identity", ActivationOf("linear")),
        ("layers.ReLU()", ActivationOf("relu")),
        ("layers.LeakyReLU", ActivationOf("leaky_relu")),
        ("identity", ActivationOf("linear")),
        ("lambda x: x", ActivationOf("linear")),
        ("swish", ActivationOf("silu")),
        ("double", ActivationOf("double")),
        ("lambda x: double(x)", ActivationOf(None)),
        ("keras.activations.get('gelu')", ActivationOf("gelu")),
        ("Snake()", ActivationOf("snake")),
        ("Nothing()", ActivationOf("linear")),
        ("Clipped()", ActivationOf("relu")),
        ("mystery", UNKNOWN),
        ("3", UNKNOWN),
    ],
)
def test_an_argument_is_an_activation(expression: str, wanted: object) -> None:
    """Names, functions, layers and the user's functions are resolved; anything else is unknown."""
    m = interpreter(HEADER)
    assert activations.resolve(m, value_of(m, expression)) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("swish", ActivationOf("silu")),
        ("double", UNKNOWN),
        ("tf.nn.relu", ActivationOf("relu")),
        ("tf.reshape", UNKNOWN),
    ],
)
def test_the_function_of_a_lambda_layer_is_one_only_for_sure(expression: str, wanted: object) -> None:
    """Where a function need not be an activation, only one that certainly is an activation counts."""
    m = interpreter(HEADER)
    assert activations.resolve_exactly(m, value_of(m, expression)) == wanted


def test_probing_a_function_leaves_no_trace() -> None:
    """Inspecting a function does not apply it: no call is recorded, and the path is unchanged."""
    m = interpreter(HEADER)
    before = m.place()
    activations.resolve(m, value_of(m, "swish"))
    assert layers_of(m) == []
    assert m.place() == before


def test_a_parameter_is_its_default() -> None:
    """If an activation is a parameter that no visible call sets, its default is used."""
    m = interpreter(HEADER)
    assert activations.resolve(m, m.unknown("act", Const("relu"))) == "relu"
