"""The names that statements read and bind, and renaming of values."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.graph import Role
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import items_of
from orderlint.repair.text.names import bound_names, is_movable, read_names, rename_after, suggests_layer, uses_after
from orderlint.repair.text.syntax import Spot
from tests.repair.texts import changed, statements, syntax_of, top_items
from tests.running import notebook


@pytest.mark.parametrize(
    ("text", "binds", "reads"),
    [
        ("a = b.c(d=e)", "a", "b e"),
        ("a, (b, *c) = d", "a b c", "d"),
        ("a.b = c", "", "a c"),
        ("a += b", "a", "b"),
        ("for a in b:\n    c = a\n", "a c", "a b"),
        ("with a as b:\n    pass\n", "b", "a"),
        ("import a.b as c", "c", "a"),
        ("from m import a", "a", ""),
        ("def f(a=b):\n    return c\n", "f a", "b c"),
        ("if (a := b):\n    pass\n", "a", "b"),
        ("x[a] = b", "", "x a b"),
    ],
)
def test_names_are_read_and_bound_as_python_does(text: str, binds: str, reads: str) -> None:
    """Attributes and keyword labels are not names; the body of a function counts."""
    node = cst.parse_module(text).body[0]
    assert bound_names(node) >= set(binds.split())
    assert read_names(node) >= set(reads.split())
    assert not bound_names(node) & set("de")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x = a(x)\nx = b(x)\n", True),
        ("x = a(x)\na = 1\n", False),
        ("n = 1\nx = a(n)\n", False),
        ("x = a(x)\nprint(y)\n", True),
        ("x = a(x)\nreturn_ = 1\n", True),
    ],
)
def test_a_statement_passes_what_it_shares_no_name_with(text: str, wanted: bool) -> None:
    """Except the value that each of them takes and returns."""
    first, *others = statements(text)
    assert is_movable(first, others, {"x"}) is wanted


def test_nothing_passes_what_leaves_the_block() -> None:
    """A statement after `return` or `raise` would not be executed."""
    first, last = statements("x = a(x)\nraise E\n")
    assert not is_movable(first, [last], {"x"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x = a(x)\nif n:\n    x = b(x)\n    continue\n", False),
        ("x = a(x)\nif n:\n    break\n", False),
        ("if n:\n    x = a(x)\n    continue\nx = b(x)\n", False),
        ("x = a(x)\nfor i in n:\n    continue\n", True),
        ("x = a(x)\nfor i in n:\n    x = b(x)\nelse:\n    continue\n", False),
        ("x = a(x)\nif n:\n    x = b(x)\n", True),
    ],
)
def test_nothing_passes_a_block_that_may_leave_the_iteration_of_a_loop(text: str, wanted: bool) -> None:
    """A statement above it is executed in each iteration, one below it is not. `break` in an inner loop is allowed."""
    first, last = statements(text)
    assert is_movable(first, [last], {"x"}) is wanted


def test_what_is_added_does_not_pass_what_is_taken_out() -> None:
    """`pop` removes the last layer. That of another model does not matter."""
    added, other, popped = statements("net.add(a)\nstack.pop()\nnet.pop()\n")
    assert is_movable(added, [other], set())
    assert not is_movable(added, [other, popped], set())


@pytest.mark.parametrize(
    ("name", "role", "layer", "wanted"),
    [
        ("bn1", Role.NORM, "BatchNormalization", True),
        ("relu", Role.ACTIVATION, "ReLU", True),
        ("do2", Role.DROPOUT, "Dropout", True),
        ("conv1", Role.LINEAR, "Conv2D", True),
        ("x", Role.NORM, "BatchNormalization", False),
        ("features", Role.LINEAR, "Conv2D", False),
    ],
)
def test_a_name_may_tell_its_layer(name: str, role: Role, layer: str, wanted: bool) -> None:
    """The name would be wrong for another value."""
    assert suggests_layer(name, role, layer) is wanted


def uses(text: str, name: str) -> list[tuple[int, bool]]:
    """The lines on which a name is used after the first statement of a text, and whether it is bound there."""
    syntax = syntax_of(text)
    spot = Spot(syntax.trees[0], top_items(syntax)[0].node)
    found = uses_after(syntax, spot, (name,))
    return [(use.tree.cell.locate(use.node).line, binds) for use, binds in found]


def test_uses_after_a_statement_are_told_in_order() -> None:
    """Uses before it are not included, nor those of a local name in a function."""
    text = "a = f(a)\ng(a)\ndef h(a):\n    a = 1\ndef i():\n    return a\na = 2\n"
    assert uses(text, "a") == [(2, False), (6, False), (7, True)]


def test_uses_in_later_cells_are_uses_after() -> None:
    """Also on the same lines of their cell; uses in earlier cells are not included."""
    syntax = syntax_of(notebook("a = 1", "aa = 1\naaa = 2\na = f()", "g(a)"), "net.ipynb")
    tree = syntax.trees[1]
    spot = Spot(tree, items_of(tree, tree.cell.module)[2].node)
    assert [(use.tree.number, binds) for use, binds in uses_after(syntax, spot, ("a",))] == [(2, False)]


def renamed(text: str) -> str:
    """The text after the value of its first statement, `a`, is renamed to `b`."""
    syntax = syntax_of(text)
    last = top_items(syntax)[0]
    draft = Draft()
    draft.replace(last.tree, *last.core, "b = f()")
    rename_after(draft, syntax, last, "a", "b", [last.node])
    return changed(last.tree, draft)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = f()\ng(a)\nh(a, a=1)\n", "b = f()\ng(b)\nh(b, a=1)\n"),
        ("a = f()\ng(a)\na = 1\ng(a)\n", "b = f()\ng(b)\na = 1\ng(a)\n"),
        ("a = f()\na = g(a)\ng(a)\n", "b = f()\na = g(b)\ng(a)\n"),
        ("a = f()\nif c:\n    g(a)\n", "b = f()\nif c:\n    g(b)\n"),
    ],
)
def test_readers_of_a_value_read_it_under_its_new_name(text: str, wanted: str) -> None:
    """Up to where the old name is assigned again."""
    assert renamed(text) == wanted


def test_what_is_edited_anyway_is_left_to_that() -> None:
    """Two edits of one place would conflict."""
    syntax = syntax_of("a = f()\ng(a)\nh(a)\n")
    last, own, _ = top_items(syntax)
    draft = Draft()
    rename_after(draft, syntax, last, "a", "b", [last.node, own.node])
    assert changed(last.tree, draft) == "a = f()\ng(a)\nh(b)\n"


@pytest.mark.parametrize(
    "text",
    [
        "a = f()\ng(b)\n",
        "a = f()\nb = 1\ng(a)\n",
        "a = f()\nif c:\n    a = 1\ng(a)\n",
        "a = f()\nfor a in xs:\n    g(a)\n",
    ],
)
def test_a_value_that_cannot_be_followed_is_refused(text: str) -> None:
    """The new name is used already, or the old one is assigned on some paths only."""
    with pytest.raises(Refused, match="too many ways"):
        renamed(text)


def test_a_value_of_a_loop_is_not_renamed() -> None:
    """Code above it in the loop may read it in the next iteration."""
    syntax = syntax_of("for i in xs:\n    a = f()\n")
    loop = top_items(syntax)[0]
    assert isinstance(loop.node, cst.For)
    (last,) = items_of(loop.tree, loop.node.body)
    with pytest.raises(Refused):
        rename_after(Draft(), syntax, last, "a", "b", [])
