"""The interpreter: the operations on each kind of value."""

from __future__ import annotations

import inspect

import pytest

from orderlint.source.interpreter import Interpreter
from orderlint.source.state.dispatch import Dispatch
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import External, Layer, Unknown
from tests.source.running import flow, interpreter, is_unknown, python_value, value_of

HEADER = """
from functools import partial
from keras import Input, Sequential, activations, layers
class Plus:
    def __init__(self, n=1): self.n = n
    def __call__(self, k): return self.n + k
    def twice(self, k): return self(k) * 2
def f(k): return k + 1
"""


def test_every_operation_is_bound() -> None:
    """All abstract operations of the machine are implemented, so an interpreter can be constructed."""
    assert not inspect.isabstract(Interpreter)
    assert Machine.__abstractmethods__ == Dispatch.__abstractmethods__ >= {"evaluate", "call", "attribute", "imported"}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("f(1)", 2),
        ("Plus(2)(3)", 5),
        ("Plus().twice(1)", 4),
        ("partial(f, 1)()", 2),
        ("partial(Plus, 2)()(3)", 5),
        ("(lambda k: k)(1)", 1),
        ("len([1])", 1),
        ("[1, 2].pop()", 2),
    ],
)
def test_whatever_can_be_called_is(expression: str, wanted: object) -> None:
    """Functions, classes, objects, methods, partials and builtins are called."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize("callee", ["layers.ReLU()", "activations.get('relu')", "Sequential([layers.ReLU()])"])
def test_layers_models_and_activations_are_applied(callee: str) -> None:
    """Anything that Keras applies to a tensor is recorded."""
    m = interpreter(f"{HEADER}y = {callee}(Input((3,)))\n")
    assert len(flow(m)) == 1


def test_what_cannot_be_called_is_unknown() -> None:
    """Calling a constant or an unknown value gives an unknown value, and no error."""
    m = interpreter(HEADER)
    assert is_unknown(m, "mystery()")
    assert is_unknown(m, "(1)()")


def test_a_choice_is_called_alternative_by_alternative() -> None:
    """`(A if t else B)(x)` calls each alternative under its guard."""
    m = interpreter(f"{HEADER}y = (layers.ReLU if t else layers.ELU)()(Input((3,)))\n")
    one, other = list(m.recorder.edges.values())
    assert one is ~other


def test_attributes_of_keras_and_of_python() -> None:
    """An attribute is looked up in the analyzed code, then in Keras; an unresolved `layers` is that of Keras."""
    m = interpreter(f"{HEADER}class Net(Sequential): pass\nnet = Net()\n")
    assert isinstance(value_of(m, "net.name"), Unknown)
    assert value_of(m, "layers.Dense") == External("keras.layers.Dense")
    assert isinstance(value_of(interpreter("x = helper.layers.Dense(3)\n"), "x"), Layer)
