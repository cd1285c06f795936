"""The names of functions in reasons that mention several."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.functions import distinct_names
from tests.repair.texts import tree_of


def told(text: str) -> list[str]:
    tree = tree_of(text)
    functions = [node for node in tree.parents if isinstance(node, (cst.FunctionDef, cst.Lambda))]
    return distinct_names([(tree, node) for node in functions])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f():\n    pass\ndef g():\n    pass\n", ["`f`", "`g`"]),
        ("def f():\n    pass\n\n@twice\ndef f():\n    pass\n", ["`f` in line 1", "`f` in line 5"]),
        ("class A:\n    def call(self): pass\nclass B:\n    def call(self): pass\n", ["`A.call`", "`B.call`"]),
        ("def f(): pass\nclass A:\n    def f(self): pass\n", ["`A.f`", "`f`"]),
        ("def f():\n    def f(): pass\n", ["`f` in line 1", "`f` in line 2"]),
        ("a = lambda: 1\nb = lambda: 2\n", ["a lambda in line 1", "a lambda in line 2"]),
        ("a = lambda: 1\n", ["a lambda"]),
    ],
)
def test_no_two_functions_have_one_name(text: str, names: list[str]) -> None:
    """Methods are qualified by their class, and other functions with equal names by their line."""
    assert told(text) == names


def test_the_module_is_named_once() -> None:
    """Layers at the top level of a module are in one function."""
    tree = tree_of("x = 1\n")
    assert distinct_names([(tree, None), (tree, None)]) == ["the module"]
