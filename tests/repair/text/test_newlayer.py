"""The statement for a new layer."""

from __future__ import annotations

import pytest

from orderlint.repair.text.arguments import Comments
from orderlint.repair.text.newlayer import NewLayer
from tests.repair.texts import statements


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        (NewLayer("ReLU()"), "x = ReLU()(x)"),
        (NewLayer("ReLU()", Comments((), "# b")), "x = ReLU()(x)  # b"),
        (NewLayer("ReLU()", Comments(("# a", "# b"), "# c")), "# a\n  # b\n  x = ReLU()(x)  # c"),
        (NewLayer("Activation(\n    f)"), "x = Activation(\n      f)(x)"),
    ],
)
def test_a_statement_holds_the_layer_with_its_comments(layer: NewLayer, wanted: str) -> None:
    """Lines after the first are indented like the place."""
    assert layer.statement("x = {}(x)", "  ", "\n") == wanted


def test_the_place_decides_on_indentation_and_newline() -> None:
    """A new statement has the indentation and newline of the one before it."""
    (item,) = statements("x = Dense(8)(x)\r\n")
    assert NewLayer("ReLU()", Comments(("# a",))).former("x = {}(x)")(item) == "# a\r\nx = ReLU()(x)"
