"""An inline activation becomes a layer."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.ways.splitting import split_off
from tests.repair.texts import Case, spot_at

NET = """class Net(Model):
    def __init__(self, f):
        self.fc = Dense(8, activation={})
        self.bn = BatchNormalization()
    def call(self, x):
        return self.bn(self.fc(x))
"""


def split(text: str, at: str) -> tuple[str, str]:
    """The new layer for the activations of the first finding, and the text without them."""
    case = Case(text)
    move = case.move()
    draft = Draft()
    layer = split_off(draft, case.syntax, move.linears, move.calls[-1], spot_at(case.syntax, at), set())
    return layer.code, case.changed(draft)


@pytest.mark.parametrize(
    ("activation", "layer"),
    [("'relu'", "Activation('relu')"), ("LeakyReLU(0.1)", "LeakyReLU(0.1)"), ("tf.nn.relu", "Activation(tf.nn.relu)")],
)
def test_a_layer_stays_itself_and_anything_else_is_wrapped(activation: str, layer: str) -> None:
    """In the style of the file."""
    text = f"x = Dense(8, activation={activation})(x)\nx = BatchNormalization()(x)\n"
    assert split(text, "BatchNormalization()(x)") == (layer, "x = Dense(8)(x)\nx = BatchNormalization()(x)\n")


def test_in_a_subclass_the_layer_is_an_attribute() -> None:
    """It is constructed after the layer it is taken from."""
    code, text = split(NET.format("'relu'"), "self.bn(self.fc(x))")
    assert code == "self.act"
    assert "        self.fc = Dense(8)\n        self.act = Activation('relu')\n" in text


def test_several_layers_lose_one_activation() -> None:
    """One layer is made if the activations are equal; otherwise there is no repair."""
    text = (
        "if c:\n    x = Dense(8, activation='relu')(x)\nelse:\n    x = Dense(9, activation='{}')(x)\n"
        "x = BatchNormalization()(x)\n"
    )
    code, new = split(text.format("relu"), "BatchNormalization()(x)")
    assert code == "Activation('relu')"
    assert "activation" not in new
    with pytest.raises(Hopeless, match="different activations"):
        split(text.format("tanh"), "BatchNormalization()(x)")


def test_what_an_activation_reads_must_be_known_where_it_goes() -> None:
    """A local name of another function is not."""
    text = (
        "def make():\n    f = get()\n    return Dense(8, activation=lambda t: f(t))\n"
        "fc = make()\nx = fc(x)\nx = BatchNormalization()(x)\n"
    )
    with pytest.raises(Hopeless, match="`f`, which its activation uses"):
        split(text, "BatchNormalization()(x)")
