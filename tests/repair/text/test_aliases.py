"""Names that refer to another object, or to a method of one."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.aliases import method_of, object_of
from tests.repair.texts import syntax_of


def found(text: str, name: str = "add") -> str | None:
    """The object or method that the last use of a name refers to."""
    syntax = syntax_of(text)
    tree = syntax.trees[0]
    uses = [node for node in tree.parents if isinstance(node, cst.Name) and node.value == name]
    return method_of(syntax, tree, max(uses, key=tree.span), {"add", "append"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("add = model.add\nadd(x)\n", "model.add"),
        ("add, fit = model.add, model.fit\nadd(x)\n", "model.add"),
        ("add = self.layers.append\nadd(x)\n", "self.layers.append"),
        ("add = model.add\ndef f():\n    add(x)\n", "model.add"),
        ("add = a.add\ndef f():\n    add = b.add\n    add(x)\n", "b.add"),
        ("add = model.add\nadd = model.add\nadd(x)\n", "model.add"),
    ],
)
def test_a_name_stands_for_the_method_it_is_bound_to(text: str, wanted: str) -> None:
    """Names of the function are looked up before those of the file; the assignment may have other targets."""
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["add = a.add\nadd = b.add\nadd(x)\n", "add = model.fit\nadd(x)\n", "add = f()\nadd(x)\n", "add(x)\n"],
)
def test_what_is_not_certain_stands_for_nothing(text: str) -> None:
    """Names with several methods, another method or no method, and unbound names."""
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = b = S()\nb\n", "a"),
        ("a = S()\nb = a\nc = b\nc\n", "a"),
        ("self.model = b = S()\nb\n", "self.model"),
        ("a = S()\ndef f():\n    b = a\n    b\n", "a"),
        ("a = S()\nb = a\ndef f():\n    b\n", "a"),
        ("a = S()\nb = a\nb = S()\nb\n", "b"),
        ("a = b\nb = a\nb\n", "b"),
        ("b\n", "b"),
    ],
)
def test_names_of_one_object_are_told_alike(text: str, wanted: str) -> None:
    """The object is identified by its first name; a name that is bound twice or never identifies itself."""
    syntax = syntax_of(text)
    tree = syntax.trees[0]
    uses = [node for node in tree.parents if isinstance(node, cst.Name)]
    last = max(uses, key=tree.span)
    assert object_of(syntax, tree, last, last.value) == wanted
