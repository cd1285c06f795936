"""The origins of the elements of a list."""

from __future__ import annotations

import ast

import pytest

from orderlint.repair.net.sources import Sources, is_list, sources_of


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "names", "calls"),
    [
        ("stack", {"stack"}, set()),
        ("self.stack", {"self.stack"}, set()),
        ("build(8)", set(), {"build"}),
        ("[*stem, Dense(8), *blocks(n)]", {"stem"}, {"blocks"}),
        ("stem + [Dense(8)]", {"stem"}, set()),
        ("stem if deep else blocks()", {"stem"}, {"blocks"}),
        ("stack[:-1]", {"stack"}, set()),
        ("model.layers[:-1]", {"model.layers"}, set()),
        ("[one for one in stack]", {"stack"}, set()),
        ("list(reversed(stack))", {"stack"}, set()),
        ("Sequential(stack)", {"stack"}, set()),
        ("Sequential(layers=blocks())", set(), {"blocks"}),
        ("[generator, head()]", set(), set()),
        ("8", set(), set()),
    ],
)
def test_lists_are_followed_and_elements_are_not(text: str, names: set[str], calls: set[str]) -> None:
    """Concatenated lists are followed; a nested model in a list is a separate part."""
    assert sources_of(expression(text)) == Sources(frozenset(names), frozenset(calls))


@pytest.mark.parametrize("text", ["[a]", "(a, b)", "a + [b]", "[a for a in b]", "a[1:]", "list(a)"])
def test_an_expression_may_tell_that_it_is_a_list(text: str) -> None:
    """The form of an expression may show that it is a list."""
    assert is_list(expression(text))


@pytest.mark.parametrize("text", ["a", "a[1]", "a(b)", "a + b"])
def test_others_may_be_anything(text: str) -> None:
    """Other expressions are not known to be lists."""
    assert not is_list(expression(text))
