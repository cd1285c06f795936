"""The argument that a call passes for a parameter."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.parameters import Argument, argument_of, parameter_of
from tests.repair.texts import changed, find_call, syntax_of


def handed(text: str, code: str, name: str = "act") -> tuple[Argument | None, str]:
    """The argument of a call, and the call with `None` instead."""
    syntax = syntax_of(f"{text}{code}\n")
    tree = syntax.trees[0]
    function = next(node for node in tree.parents if isinstance(node, cst.FunctionDef))
    found = argument_of(tree, tree, function, find_call(tree, code), name)
    if found is None:
        return None, ""
    draft = Draft()
    found.replace(draft, "None")
    return found, changed(tree, draft).splitlines()[-1]


F = "def f(x, act='relu', *, k=1):\n    pass\n"
MAKER = "class C:\n    def __init__(self, x, act):\n        pass\n"
METHOD = "class C:\n    def f(self, x, act):\n        pass\n"


@pytest.mark.parametrize(
    ("text", "call", "value", "replaced"),
    [
        (F, "f(x, 'elu')", "'elu'", "f(x, None)"),
        (F, "f(x, act='elu')", "'elu'", "f(x, act=None)"),
        (F, "f(x)", "'relu'", "f(x, act=None)"),
        ("def f(self, act):\n    pass\n", "f(c, 'elu')", "'elu'", "f(c, None)"),
        (F, "m.f(x, 'elu')", "'elu'", "m.f(x, None)"),
        (MAKER, "C(x, 'elu')", "'elu'", "C(x, None)"),
        (METHOD, "c.f(x, 'elu')", "'elu'", "c.f(x, None)"),
    ],
)
def test_the_value_is_the_calls_or_the_default(text: str, call: str, value: str, replaced: str) -> None:
    """By position, by name, or not passed; the `self` of a method is implicit."""
    found, new = handed(text, call)
    assert found is not None
    assert (found.code, new) == (value, replaced)


@pytest.mark.parametrize("call", ["f(*xs)", "f(**options)"])
def test_stars_hide_what_is_handed_over(call: str) -> None:
    """A starred argument may be passed to any parameter."""
    assert handed(F, call)[0] is None


def test_a_function_without_the_parameter_is_handed_nothing() -> None:
    """Nor does a function without parameters that is called as a method."""
    assert handed("def f():\n    pass\n", "c.f()")[0] is None
    assert handed("def f(self, x):\n    pass\n", "c.f(x)")[0] is None


def test_a_layer_is_told_from_other_values() -> None:
    """A layer needs no `Activation` around it."""
    found, _ = handed(F, "f(x, LeakyReLU(0.1))")
    assert found is not None
    assert found.is_layer
    assert not handed(F, "f(x, make())")[0].is_layer  # type: ignore[union-attr]


def test_parameters_of_every_kind_are_found() -> None:
    """Positional-only and keyword-only parameters."""
    function = cst.parse_module("def f(a, /, b, *, c): pass\n").body[0]
    assert isinstance(function, cst.FunctionDef)
    assert [parameter_of(function, name) is not None for name in "abcd"] == [True, True, True, False]
