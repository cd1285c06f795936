"""Functions and methods from outside of the analyzed code."""

from __future__ import annotations

import pytest

from orderlint.source.state.values import Activation, Layer, Tensor, Unknown, Weight
from tests.source.running import flow, interpreter, is_unknown, layers_of, python_value, value_of

HEADER = """
import keras
import tensorflow as tf
import numpy as np
from keras import Input, Model, Sequential, layers
x = Input((3,))
"""


@pytest.mark.parametrize(
    "expression",
    [
        "tf.shape(x)",
        "keras.backend.int_shape(x)",
        "np.random.normal(3)",
        "x.get_shape()",
        "tf.size(x)",
        "x.set_shape(3)",
    ],
)
def test_looking_at_a_tensor_is_no_step_of_the_network(expression: str) -> None:
    """Facts about a tensor and random numbers are scalars; nothing is recorded."""
    m = interpreter(HEADER)
    found = value_of(m, expression)
    assert isinstance(found, Unknown)
    assert found.scalar
    assert layers_of(m) == ["Input"]


def test_weights_are_weights() -> None:
    """Arithmetic with a weight does not merge two branches of the network."""
    m = interpreter(f"{HEADER}w = tf.Variable(1.0)\ny = x * w\n")
    assert isinstance(value_of(m, "w"), Weight)
    assert [role.value for role in m.recorder.calls[-1].roles] == ["pass"]


@pytest.mark.parametrize(
    ("expression", "role"),
    [
        ("x * tf.constant(2.0)", "pass"),
        ("tf.sqrt(tf.constant(2.0)) * x", "pass"),
        ("x / tf.math.sqrt(tf.cast(tf.shape(x)[-1], tf.float32))", "pass"),
        ("tf.add(x, tf.ones((3,)))", "pass"),
        ("x * tf.exp(x)", "merge"),
        ("x + tf.constant(x)", "merge"),
        ("x * elsewhere.constant(2.0)", "merge"),
        ("x * tf.sqrt(unknown)", "merge"),
    ],
)
def test_constants_are_no_part_of_the_network(expression: str, role: str) -> None:
    """A value computed only from numbers is a number."""
    m = interpreter(f"{HEADER}import elsewhere\ny = {expression}\n")
    assert [one.value for one in m.recorder.calls[-1].roles] == [role]


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("keras.activations.get('relu')", "relu"),
        ("keras.activations.get(None)", "linear"),
        ("keras.activations.get(a)", None),
    ],
)
def test_activations_are_got_by_name(expression: str, name: str | None) -> None:
    """`activations.get` certainly returns an activation, which may be unknown."""
    found = value_of(interpreter(HEADER), expression)
    assert isinstance(found, Activation)
    assert found.name == name


def test_layers_and_inputs_are_made() -> None:
    """Calling the name of a layer constructs the layer; `Input` is a boundary without inputs."""
    m = interpreter(HEADER)
    assert isinstance(value_of(m, "layers.Dense(3)"), Layer)
    assert isinstance(value_of(m, "x"), Tensor)
    assert flow(m) == []


def test_a_clone_is_its_model() -> None:
    """`clone_model` returns a model with the same layers."""
    m = interpreter(f"{HEADER}s = Sequential([layers.Dense(3)])\nc = keras.models.clone_model(s)\n")
    assert value_of(m, "c") == value_of(m, "s")


def test_another_function_on_a_tensor_is_a_boundary() -> None:
    """An unknown function on a tensor is a boundary."""
    m = interpreter(f"{HEADER}y = tf.mystery(x)\nz = x.mystery()\n")
    assert flow(m) == [("Input", "mystery"), ("Input", "mystery")]


def test_methods_of_models() -> None:
    """`add`, `pop`, `get_layer` and `call` do what they do in Keras."""
    m = interpreter(f"{HEADER}s = Sequential([layers.Dense(3), layers.ELU()])\ns.add(layers.ReLU())\ns.pop()\n")
    names = [
        layer.name for layer in (value_of(m, f"s.get_layer(index={i})") for i in (0, 1)) if isinstance(layer, Layer)
    ]
    assert names == ["Dense", "ELU"]
    value_of(m, "s.call(x)")
    assert layers_of(m) == ["Input", "Dense", "ELU"]


def test_layers_added_to_a_model_that_is_not_in_view() -> None:
    """`model.add(layer)` of an unknown model is kept, and the visible part of the model is judged."""
    m = interpreter(f"{HEADER}model.add(layers.Dense(3))\nmodel.add(layers.ReLU())\n")
    assert len(m.models) == 1
    assert len(m.elements(m.models[0].uid)) == 2


def test_methods_of_python_are_pythons() -> None:
    """A method of a list, dictionary or string is looked up in the library."""
    m = interpreter(HEADER)
    assert python_value(m, "'a,b'.split(',')") == ["a", "b"]
    assert python_value(m, "(lambda a: a).__call__(3)") == 3
    assert is_unknown(m, "mystery.load()")
