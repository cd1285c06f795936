"""The contents of arguments: layers and tensors are found at any depth."""

from __future__ import annotations

import pytest

from orderlint.source.python.argument_contents import is_given_layers, to_be_filled
from orderlint.source.state.frames import Frame, Function
from tests.source.running import interpreter, value_of

HEADER = """
from keras import Input, Model, Sequential, layers

class Holder:
    def __init__(self, held=None):
        self.held = held

def helper(x):
    return x

def take(x):
    pass
"""


def is_given(text: str, first: str = "") -> bool:
    """Whether a function that is called with this argument gets layers."""
    m = interpreter(HEADER + first)
    function = value_of(m, "take")
    assert isinstance(function, Function)
    frame = Frame(m.store.new_owner(), function.frame.scope, function.cell, function.frame, function)
    m.store.write(frame.uid, "x", value_of(m, text))
    return is_given_layers(m, frame)


@pytest.mark.parametrize(
    "text",
    [
        "layers.ReLU()",
        "Input((3,))",
        "layers.Dense(3)(Input((3,)))",
        "[1, (2, layers.ReLU())]",
        "{'a': {'b': [layers.ReLU()]}}",
        "Holder(Holder([layers.ReLU()]))",
        "Sequential([layers.ReLU()])",
        "layers.ReLU() if unknown else 3",
        "Holder(layers.ReLU()).__init__",
    ],
)
def test_layers_are_found(text: str) -> None:
    """Layers are found in containers and objects, on one of several paths, and as the receiver of a method."""
    assert is_given(text)


@pytest.mark.parametrize(
    "text",
    ["1", "unknown", "[1, 'a', None]", "{'a': {'b': (1, 2)}}", "Holder(Holder(3))", "helper", "Holder", "layers.ReLU"],
)
def test_nothing_else_is(text: str) -> None:
    """Data, unknown values, functions and classes are not layers; functions and classes are judged separately."""
    assert not is_given(text)


@pytest.mark.parametrize("text", ["[]", "Sequential()"])
def test_what_is_there_to_be_filled_is_told(text: str) -> None:
    """A function that is not run to its end may put layers into the container."""
    assert is_given(text)


def test_what_holds_itself_is_looked_at_once() -> None:
    """The search through a list that contains itself ends."""
    assert not is_given("Holder(several)", "several = [1]\nseveral.append(several)\n")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[]", 1),
        ("[layers.ReLU()]", 1),
        ("Sequential()", 1),
        ("Holder([[], 1])", 2),  # the inner one and the outer one
        ("{'a': ([], 1)}", 1),
        ("([] if unknown else 1, 2)", 1),
        ("[1, 2]", 0),
        ("layers.ReLU()", 0),
        ("helper", 0),
    ],
)
def test_lists_that_may_be_filled(text: str, count: int) -> None:
    """Models, empty lists and lists of layers at any depth are found, but not lists of data."""
    m = interpreter(HEADER)
    assert len(to_be_filled(m, [value_of(m, text)])) == count
