"""What models return that show the layers of another."""

from __future__ import annotations

import ast

import pytest

from orderlint.repair.net.displays import Displays
from orderlint.repair.net.lookups import lookups_in

COLLECTED = "found = [one.output for one in net.layers]\n"
LOOP = "found = []\nfor one in net.layers:\n    found.append(one.output)\n"


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        (COLLECTED + "shown = Model(net.input, found)\nmaps = shown.predict(x)\nmaps[2]\n", [(2,)]),
        (COLLECTED + "shown = Model(net.input, found)\nshown(x)[-1]\n", [(-1,)]),
        (COLLECTED + "Model(net.input, found).predict(x)[3]\n", [(3,)]),
        (LOOP + "maps = Model(net.input, found)(x)\nmaps[1]\n", [(1,)]),
        (COLLECTED.replace("layers", "layers[1:]") + "Model(net.input, found)(x)[1]\n", [(1,), (2,)]),
        (COLLECTED + "shown = Model(net.input, found)\nmaps = shown.predict(x)\nmaps = rows\nmaps[2]\n", []),
        (COLLECTED + "maps = net.predict(x)\nmaps[2]\n", []),
        (COLLECTED.replace("output", "name") + "shown = Model(net.input, found)\nshown(x)[2]\n", []),
        ("shown = Model(net.input, found)\nmaps = shown.predict(x)\nmaps[2]\n", []),
    ],
)
def test_an_index_into_what_is_shown_is_one_of_a_layer(text: str, indices: list[tuple[int, ...]]) -> None:
    """Only if the model is one that shows layers."""
    assert [one.indices for one in lookups_in([(None, text)]).by_place] == indices


def test_what_a_model_returns_is_shown_until_its_name_is_assigned_again() -> None:
    """The model whose layers returned it is the one of the loop."""
    displays, net = Displays(), ast.parse("net.layers", mode="eval").body
    displays.collect(ast.Name("one"), net, ast.parse("one.output"))
    maps = ast.Name("maps")
    displays.bind("maps", ast.parse("Model(net.input, found).predict(x)", mode="eval").body)
    assert displays.shown(maps) is not None
    displays.bind("maps", ast.Constant(1))
    assert displays.shown(maps) is None
