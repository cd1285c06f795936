"""The layers of functional models by index."""

from __future__ import annotations

import pytest

from orderlint.source.keras.chains import layers_of
from orderlint.source.state.values import FunctionalModel, Layer
from tests.source.running import interpreter, value_of

HEADER = "from keras import Input, Model, Sequential, layers\nimport tensorflow as tf\ni = Input((3,))\n"


def names(code: str) -> list[str] | None:
    """The names of the layers behind the input of the model `m`."""
    m = interpreter(HEADER + code)
    model = value_of(m, "m")
    assert isinstance(model, FunctionalModel)
    found = layers_of(m, model)
    return None if found is None else [e.value.name for e in found.elements[1:] if isinstance(e.value, Layer)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("m = Model(i, layers.ReLU()(layers.Dense(3)(i)))", ["Dense", "ReLU"]),
        ("x = layers.Dense(3)(i)\nm = Model([i], [x])\nn = Model(i, layers.ReLU()(x))", ["Dense"]),
        ("x = layers.Dense(3)(i)\nm = Model(i, layers.ReLU()(x))\ny = layers.Add()([x, i])", ["Dense", "ReLU"]),
        ("m = Model(i, layers.Dense(3)(i))\nm(Input((3,)))\n", ["Dense"]),
    ],
)
def test_the_layers_of_one_row_are_in_order(code: str, expected: list[str]) -> None:
    """Other uses of the tensors make no difference."""
    assert names(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "m = Model(i, layers.Add()([layers.Dense(3)(i), i]))",
        "x = layers.Dense(3)(i)\nm = Model(i, [x, layers.ReLU()(x)])",
        "m = Model(i, tf.nn.relu(layers.Dense(3)(i)))",
        "d = layers.Dense(3)\nm = Model(i, d(d(i)))",
        "s = Sequential([layers.Dense(3)])\nm = Model(i, s(i))",
        "n = Model(i, layers.Dense(3)(i))\nj = Input((3,))\nm = Model(j, layers.ReLU()(n(j)))",
        "class L(layers.Layer):\n    def call(self, x): return layers.Dense(3)(x)\nm = Model(i, L()(i))",
        "m = Model(i, layers.Dense(3)(i if u else layers.ReLU()(i)))",
        "x = layers.Dense(3)(i)\nm = Model(x, layers.ReLU()(x))",
        "m = Model(i, i)",
    ],
)
def test_of_other_models_the_order_is_not_known(code: str) -> None:
    """The order of other models is unknown: Keras sorts by depth, and counts an operation or a model as one layer."""
    assert names(code) is None
