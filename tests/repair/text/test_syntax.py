"""The syntax around a node, and the lines of a cell."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Location
from orderlint.repair.text.syntax import Syntax, bare_name, dotted_name
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.repair.texts import find, syntax_of, tree_of


def test_a_node_is_asked_for_what_stands_around_it() -> None:
    """From the innermost to the module."""
    tree = tree_of("def f():\n    if a:\n        g(b + 1)\n")
    node = find(tree, "b")
    call = tree.around(node, cst.Call)
    assert call is not None
    assert tree.code(call) == "g(b + 1)"
    assert isinstance(tree.small_statement(node), cst.Expr)
    assert list(tree.ancestors(node))[-1] is tree.cell.module
    assert tree.holds(call, node)
    assert tree.holds(node, node)
    assert not tree.holds(node, call)


def test_a_function_is_around_its_body_alone() -> None:
    """Its decorators and defaults are evaluated outside."""
    tree = tree_of("@dec(a)\ndef f(x=b):\n    return lambda: c\n")
    assert tree.function(find(tree, "a")) is None
    assert tree.function(find(tree, "b")) is None
    assert isinstance(tree.function(find(tree, "c")), cst.Lambda)


def test_parentheses_belong_to_the_full_span() -> None:
    """The full span of an expression includes them, its span does not."""
    tree = tree_of("f(((a)))\n")
    node = find(tree, "a")
    assert isinstance(node, cst.BaseExpression)
    assert tree.code(node) == "((a))"
    assert tree.text[slice(*tree.span(node))] == "a"


NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(st.tuples(st.sampled_from(["a = 1", "  # c", ""]), NEWLINES), max_size=5), st.integers(0, 40))
def test_lines_are_those_of_python(lines: list[tuple[str, str]], offset: int) -> None:
    """With all newlines: the start, the end and the next line of an offset agree with `splitlines`."""
    text = "".join(line + newline for line, newline in lines)
    tree = tree_of("")
    tree.text = text
    offset = min(offset, len(text))
    if text[offset - 1 : offset] == "\r" and text[offset : offset + 1] == "\n":
        return  # between the two characters of a newline
    start, found = 0, text.splitlines(keepends=True) or [""]
    for line in found:
        if start <= offset < start + len(line):
            bare = line.rstrip("\r\n")
            assert tree.line_start(offset) == start
            assert tree.line_end(offset) == start + len(bare)
            assert tree.next_line(offset) == start + len(line)
            assert tree.ending(offset) == line[len(bare) :] == tree.newline_at(offset)
            assert tree.indent(offset) == bare[: len(bare) - len(bare.lstrip())]
        start += len(line)


def test_a_call_is_found_by_its_place_in_this_file_alone() -> None:
    """A layer that is in another file has no node here."""
    file = source_from_text("x = Dense(8)(x)\n", "net.py")
    (graph,) = analyze(file)
    syntax = Syntax(file)
    spot, same = syntax.spot(graph.calls[0].place), syntax.anywhere(graph.calls[0].place)
    assert spot is not None
    assert same is not None
    assert spot.tree is same.tree is syntax.trees[0]
    assert spot.tree.code(spot.node) == "Dense(8)(x)"
    assert (spot.span, spot.order) == ((4, 15), (0, 4))
    assert syntax_of("x = Dense(8)(x)\n").spot(graph.calls[0].place) is None


def test_the_node_of_a_place_in_another_file_can_be_read() -> None:
    """In a separate tree; `None` for a place without a node."""
    (graph,) = analyze(source_from_text("x = Dense(8)(x)\n", "net.py"))
    syntax = syntax_of("y = 1\n")
    spot = syntax.anywhere(graph.calls[0].place)
    assert spot is not None
    assert spot.tree.code(spot.node) == "Dense(8)(x)"
    assert spot.tree not in syntax.trees
    assert syntax.anywhere(Location("net.py", 1, 1, 1, 2)) is None
    assert syntax.anywhere(None) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from m import a, b as c\nfrom n import *\nimport d.e\nimport d.e as f\n", "a c d f"),
        ("def f(a, *b, c=x, **d):\n    class G:\n        h = i.j = 1\n", "f a b c d G h"),
        ("a, (b, *c) = d[e] = 1\nf: int\ng += 1\nfor h, i in j: del k\n", "a b c f g h i k"),
        ("with x as a, y as (b, c): pass\ntry: pass\nexcept E as d: pass\nif (e := 1): pass\n", "a b c d e"),
        ("match x:\n    case [a, *b] as c: pass\n    case D(e=f): pass\n", "a b c f"),
        ("[a for a in b]\nlambda c: d\n", "c"),
    ],
)
def test_names_that_are_bound_anywhere_are_known(text: str, wanted: str) -> None:
    """By any statement, also a nested one; variables of a comprehension are in its own scope."""
    assert set(tree_of(text).binding) == set(wanted.split())


def test_shared_names_are_known() -> None:
    """With the `global` or `nonlocal` statement."""
    tree = tree_of("def f():\n    global a, b\n    def g():\n        nonlocal a\n")
    assert {name: len(nodes) for name, nodes in tree.sharing.items()} == {"a": 2, "b": 1}


@pytest.mark.parametrize(("code", "wanted"), [("a", "a"), ("a.b.c", "a.b.c"), ("a().b", None), ("1", None)])
def test_names_are_written_out(code: str, wanted: str | None) -> None:
    """Names and attributes of names; other expressions have none."""
    node = cst.parse_expression(code)
    assert dotted_name(node) == wanted
    assert bare_name(node) == (wanted if wanted == "a" else None)
