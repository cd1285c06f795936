"""Layers constructed from their configurations."""

from __future__ import annotations

import pytest

from orderlint.source.keras import serialized
from orderlint.source.state.values import NONE, Layer
from tests.source.running import interpreter, value_of

HEADER = "from keras import layers\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("layers.deserialize({'class_name': 'Dense', 'config': {'units': 8}})", "Dense"),
        ("layers.deserialize({'class_name': 'ReLU'})", "ReLU"),
        ("layers.Dropout.from_config({'rate': 0.5})", "Dropout"),
        ("layers.Dropout.from_config(given)", "Dropout"),
    ],
)
def test_the_class_is_known(text: str, name: str) -> None:
    """The class of the layer is known even if its configuration is not."""
    made = value_of(interpreter(HEADER), text)
    assert isinstance(made, Layer)
    assert made.name == name


@pytest.mark.parametrize("text", ["given", "{'class_name': given}", "{'class_name': 'Mine'}", "{}"])
def test_another_class_is_not(text: str) -> None:
    """An unknown class gives no layer."""
    m = interpreter(HEADER)
    site = m.site(m.frame.cell.module)
    assert serialized.layer(m, value_of(m, text), site) is None
    assert serialized.from_config(m, "keras.layers.Mine", NONE, site) is None
