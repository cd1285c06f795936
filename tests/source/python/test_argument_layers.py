"""The layers in arguments."""

from __future__ import annotations

import pytest

from orderlint.source.python import argument_layers
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import Layer
from tests.source.running import interpreter, value_of

HEADER = """
from keras import layers
class Block(layers.Layer):
    def __init__(self, given):
        super().__init__()
        self.given = given
"""


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("layers.ReLU()", ["ReLU"]),
        ("[layers.ReLU(), (layers.Dense(8), 3)]", ["ReLU", "Dense"]),
        ("{'norm': layers.BatchNormalization()}", ["BatchNormalization"]),
        ("layers.ReLU() if flag else layers.ELU()", ["ReLU", "ELU"]),
        ("Block([])", ["Block"]),
        ("layers.ReLU", []),
        ("mystery", []),
    ],
)
def test_layers_are_found_in_arguments_and_their_containers(given: str, names: list[str]) -> None:
    """Layers and objects are found in lists, tuples and dictionaries and on all paths; classes and unknowns are not."""
    m = interpreter(HEADER)
    arguments = Arguments([value_of(m, given)])
    assert [
        one.name if isinstance(one, Layer) else one.cls.name for one in argument_layers.layers_of(m, arguments)
    ] == names
