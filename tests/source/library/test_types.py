"""The types of values."""

from __future__ import annotations

import pytest

from orderlint.source.library import types
from orderlint.source.state.values import Condition, External
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = """
import collections.abc
import keras
import numbers
import types
from keras import Input, Model, Sequential, layers
import tensorflow as tf
i = Input((3,))
class Base: pass
class Net(Base, Model): pass
net = Net()
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("bool([])", False),
        ("bool('x')", True),
        ("isinstance('a', str)", True),
        ("isinstance(1, (str, int))", True),
        ("isinstance([1], (tuple, dict))", False),
        ("isinstance([1], (tuple, list))", True),
        ("isinstance(net, Base)", True),
        ("isinstance(net, Model)", True),
        ("isinstance(net, Sequential)", False),
        ("isinstance(layers.ReLU(), layers.Layer)", True),
        ("isinstance(layers.ReLU(), layers.Dense)", False),
        ("isinstance(Input((3,)), tf.Tensor)", True),
        ("isinstance(keras.Model(i, i), keras.Model)", True),
        ("isinstance(keras.Model(i, i), (str, list))", False),
        ("isinstance(Sequential(), Model)", True),
        ("isinstance(layers.ReLU(), collections.abc.Callable)", True),
        ("isinstance(layers.ReLU, type)", True),
        ("isinstance(layers.ReLU, (str, layers.Layer))", False),
        ("isinstance(Net, type)", True),
        ("isinstance(lambda x: x, types.FunctionType)", True),
        ("isinstance(lambda x: x, type)", False),
        ("isinstance(0.5, numbers.Number)", True),
        ("isinstance('a', numbers.Number)", False),
        ("callable(3)", False),
        ("callable(layers.ReLU())", True),
    ],
)
def test_what_is_known_is_decided(expression: str, wanted: bool) -> None:
    """A known value is an instance of its own types only."""
    assert python_value(interpreter(HEADER), expression) is wanted


def test_what_an_unknown_is_agrees_with_its_value() -> None:
    """`isinstance(act, str)` implies `act is not None`."""
    m = interpreter()
    text, none = value_of(m, "isinstance(act, str)"), value_of(m, "act is None")
    assert isinstance(text, Condition)
    assert isinstance(none, Condition)
    assert text.guard.implies(~none.guard)


def test_a_type_is_that_of_the_value() -> None:
    """`type(x)` of an object is its class, and of a constant its Python type."""
    m = interpreter(HEADER)
    assert value_of(m, "type(net)") == value_of(m, "Net")
    assert value_of(m, "type(1)") == External("builtins.int")
    assert "builtins.type" in types.FUNCTIONS


def test_the_type_of_a_layer_is_its_class() -> None:
    """A layer of Keras has its class in the catalog; a layer of the file has its class in the file."""
    m = interpreter(f"{HEADER}class ReLU(layers.ReLU): pass\n")
    assert value_of(m, "type(layers.ReLU())") == External("keras.layers.ReLU")
    assert value_of(m, "type(ReLU())") is value_of(m, "ReLU")
    assert is_unknown(m, "type(getattr(layers, f'Conv{n}D')(8, 3))")
    assert types.class_of(m, value_of(m, "[1]")) == External("builtins.list")
