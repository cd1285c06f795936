"""Layers applied in expressions: their arguments, their targets, and swapping them."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.syntax import Spot
from orderlint.repair.ways.flow import Application, application, applications, permute_callees, wrap
from tests.repair.texts import changed, find_call, tree_of
from tests.support import value_of


def applied(text: str, *codes: str) -> list[Application]:
    tree = tree_of(text)
    return applications([Spot(tree, find_call(tree, code)) for code in codes])


@pytest.mark.parametrize(
    ("text", "code", "source", "target", "whole"),
    [
        ("y = f(x)\n", "f(x)", "x", "y", True),
        ("y = self.f(x, training=t)\n", "self.f(x, training=t)", "x", "y", True),
        ("y = f(training=t, inputs=x)\n", "f(training=t, inputs=x)", "x", "y", True),
        ("y = f(x) if c else x\n", "f(x)", "x", "y", False),
        ("y = f(x) if c else z\n", "f(x)", "x", None, False),
        ("y = z = f(x)\n", "f(x)", "x", None, True),
        ("y = g(f(x))\n", "f(x)", "x", None, False),
        ("def h():\n    return f(x)\n", "f(x)", "x", None, True),
        ("y = f(g(x))\n", "f(g(x))", None, "y", True),
    ],
)
def test_an_application_knows_its_data_and_its_target(
    text: str, code: str, source: str | None, target: str | None, whole: bool
) -> None:
    """The name of its argument, the name assigned, and whether the statement does nothing else."""
    (app,) = applied(text, code)
    found = app.target.value if app.target is not None else None
    assert (app.source, found, app.is_whole) == (source, target, whole)


def test_a_chain_takes_each_value_from_the_layer_before() -> None:
    """Nested, or by a name; the data need not be the first argument."""
    nested = applied("y = g(f(x), z)\n", "f(x)", "g(f(x), z)")
    assert nested[1].data is nested[0].node
    named = applied("a = f(x)\ny = g(z, b=a)\n", "f(x)", "g(z, b=a)")
    assert named[1].source == "a"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a = f(x)\ny = g(b)\n", ("f(x)", "g(b)")),
        ("y = g(f(x) + 1)\n", ("f(x)", "g(f(x) + 1)")),
        ("y = f()\n", ("f()",)),
        ("y = f(*xs)\n", ("f(*xs)",)),
    ],
)
def test_what_is_no_chain_is_refused(text: str, codes: tuple[str, ...]) -> None:
    """A value with another consumer, or an unknown value."""
    with pytest.raises(Refused, match="write one layer per line"):
        applied(text, *codes)


def test_only_a_call_is_an_application() -> None:
    """A layer that is not called has no data."""
    tree = tree_of("y = f\n")
    name = next(node for node in tree.parents if isinstance(node, cst.Name) and node.value == "f")
    with pytest.raises(Refused):
        application(Spot(tree, name))


LAYERS = st.lists(st.sampled_from(["f(x)", "g(x, k=1)", "self.h(x)", "i(inputs=x)"]), min_size=2, unique=True)


def calls_of(text: str) -> list[str]:
    """The callees with their other arguments, the innermost first, in the order of data flow."""
    found: list[str] = []
    for node in cst.parse_module(text).body:
        value: cst.BaseExpression = value_of(node)
        inner = []
        while isinstance(value, cst.Call):
            data = next(arg for arg in value.args if arg.keyword is None or arg.keyword.value == "inputs")
            code = cst.Module([]).code_for_node(value)
            inner.append(code.replace(cst.Module([]).code_for_node(data.value), "x"))
            value = data.value
        found += reversed(inner)
    return found


@given(LAYERS, st.booleans(), st.data())
def test_layers_change_places_with_their_arguments(layers: list[str], nested: bool, data: st.DataObject) -> None:
    """Nested or on separate lines; the data flow stays the same."""
    codes = [layers[0]]
    if nested:
        for layer in layers[1:]:
            codes.append(layer.replace("x", codes[-1]))
        text = f"x = {codes[-1]}\n"
    else:
        codes = layers
        text = "".join(f"x = {layer}\n" for layer in layers)
    order = data.draw(st.permutations(range(len(layers))))
    if order == sorted(order):
        return
    chain = applied(text, *codes)
    draft = Draft()
    permute_callees(draft, chain, order)
    assert calls_of(changed(chain[0].tree, draft)) == [layers[at] for at in order]


def test_a_new_layer_goes_around_that_of_a_place() -> None:
    """It is applied to the value of that layer."""
    chain = applied("y = g(f(x), k=1)\n", "f(x)", "g(f(x), k=1)")
    draft = Draft()
    permute_callees(draft, chain, [1, 0], (0, "new"))
    assert changed(chain[0].tree, draft) == "y = f(new(g(x, k=1)))\n"
    draft = Draft()
    wrap(draft, Spot(chain[0].tree, chain[0].node), "new")
    assert changed(chain[0].tree, draft) == "y = g(new(f(x)), k=1)\n"
