"""The Keras classes that a class inherits from."""

from __future__ import annotations

import pytest

from orderlint.source.keras import bases
from orderlint.source.state.frames import ClassObject
from orderlint.source.state.values import External
from tests.source.running import interpreter, value_of

HEADER = """
import keras
from keras import layers
class Plain: pass
class Net(keras.Model): pass
class Deep(Net): pass
class Stack(keras.Sequential): pass
class Part(layers.Layer): pass
class MyDense(layers.Dense): pass
class Strange(mystery): pass
"""


@pytest.mark.parametrize(
    ("name", "kind", "listed"),
    [
        ("Plain", None, None),
        ("Net", "Model", None),
        ("Deep", "Model", None),
        ("Stack", "Sequential", None),
        ("Part", "Layer", None),
        ("MyDense", "Layer", External("keras.layers.Dense")),
        ("Strange", "Unknown", None),
    ],
)
def test_the_kind_of_a_class(name: str, kind: str | None, listed: External | None) -> None:
    """A class has the kind of its bases; a base that is a layer in the catalog is named."""
    m = interpreter(HEADER)
    cls = value_of(m, name)
    assert isinstance(cls, ClassObject)
    assert bases.base_kind(m, cls) == kind
    assert bases.listed_base(m, cls) == listed
