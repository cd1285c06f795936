"""Finding the layers of a model: `get_layer`."""

from __future__ import annotations

import pytest

from orderlint.source.keras.parts import get_layer
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import Const, Layer, SequentialModel
from tests.source.running import interpreter, is_unknown, value_of

HEADER = """
from keras import Input, Model, Sequential, layers
i = Input((3,))
d = layers.Dense(3, name="d")
m = Model(i, layers.ReLU(name="r")(d(i)))
s = Sequential([layers.Dense(4, name="d"), layers.ReLU()])
class N(Model):
    def __init__(self):
        i = Input((3,))
        super().__init__(i, layers.Dense(5, name="d")(i))
class S(Sequential):
    def __init__(self):
        super().__init__([layers.Dense(6, name="d")])
class L(Model):
    def __init__(self):
        super().__init__()
        self.d = layers.Dense(7, name="d")
n, k, o = N(), S(), L()
"""


@pytest.mark.parametrize(
    ("model", "units"), [("m", 3), ("s", 4), ("n", 5), ("k", 6)], ids=["functional", "sequential", "own", "own_row"]
)
def test_a_layer_by_its_name(model: str, units: int) -> None:
    """The layer with that name in the model is found, even if other layers have the same name."""
    m = interpreter(HEADER)
    for call in (f"{model}.get_layer('d')", f"{model}.get_layer(name='d')"):
        layer = value_of(m, call)
        assert isinstance(layer, Layer)
        assert layer.given["units"] == Const(units)


@pytest.mark.parametrize("call", ["m.get_layer('x')", "m.get_layer(some)", "o.get_layer('d')", "m.get_layer()"])
def test_a_layer_that_is_not_in_view(call: str) -> None:
    """An unknown or missing name, or an unknown model, gives an unknown layer."""
    assert is_unknown(interpreter(HEADER), call)


def test_one_name_of_two_layers() -> None:
    """If two layers may have the name, the result is unknown."""
    text = "\nif mystery:\n    s = Sequential([layers.Dense(3, name='e')])\n    s.add(layers.ReLU(name='e'))\n"
    assert is_unknown(interpreter(HEADER + text), "s.get_layer('e')")


def test_by_index() -> None:
    """The layer of a `Sequential` at an index is found."""
    m = interpreter(HEADER)
    model = value_of(m, "s")
    assert isinstance(model, SequentialModel)
    layer = get_layer(m, model, Arguments([], {"index": Const(1)}))
    assert isinstance(layer, Layer)
    assert layer.name == "ReLU"
