"""The expressions that read the outputs of layers."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.source import analyze
from orderlint.source.python.readings import free_names, reads_all_variables
from orderlint.text.files import source_from_text


def read_in(text: str) -> list[tuple[str, list[str]]]:
    """The expressions in a function that read values, from the top, each with the layers of its value."""
    head = "from keras.layers import *\n\ndef f(x, show):\n    x = Dense(8)(x)\n"
    analysis = analyze(source_from_text(head + text, "net.py"))
    return [
        (cst.Module([]).code_for_node(node), sorted({call.layer for _, call in calls}))
        for node, calls in analysis.readings.items()
        if isinstance(node, cst.BaseExpression)
    ][1:]


@pytest.mark.parametrize(
    ("text", "expression", "layers"),
    [
        ("    show(x)\n", "x", ["Dense"]),
        ("    n = x.shape\n", "x", ["Dense"]),
        ("    show(lambda: x)\n", "x", ["Dense"]),
        ("    show(locals())\n", "locals()", ["Dense"]),
        ("    raise ValueError(x)\n", "x", ["Dense"]),
        ("    show(ReLU()(x))\n", "ReLU()(x)", ["ReLU"]),
    ],
)
def test_each_expression_is_noted_with_what_it_may_give(text: str, expression: str, layers: list[str]) -> None:
    """Each expression is recorded with its possible values, also in functions that are called later."""
    assert (expression, layers) in read_in(text)


def test_the_names_that_a_function_does_not_bind() -> None:
    """Parameters, variables, and the names of attributes and keywords are left out."""
    function = cst.ensure_type(
        cst.parse_statement("def f(a, *b):\n    c = a.d\n    return g(e=h, i=c)\n"), cst.FunctionDef
    )
    assert sorted(name.value for name in free_names(function)) == ["g", "h"]


def test_what_may_read_all_variables() -> None:
    """A few builtins may read all variables."""
    assert reads_all_variables(cst.parse_expression("locals()"))
    assert not reads_all_variables(cst.parse_expression("show(x)"))


def test_a_star_import_within_a_function() -> None:
    """Python 2 allows a star import in a function."""
    function = cst.ensure_type(
        cst.parse_statement("def f():\n    from os import *\n    global y\n    y = x\n"), cst.FunctionDef
    )
    assert {"x", "y"} <= {name.value for name in free_names(function)}
