"""Positions of nodes, compared with Python's `ast`, and with libcst's slower positions."""

from __future__ import annotations

import ast
import re
import sys
import sysconfig
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider

from orderlint.graph import Location
from orderlint.text.cells import Cell
from orderlint.text.positions import node_spans
from tests.support import value_of

STDLIB = Path(sysconfig.get_paths()["stdlib"])
SAMPLE = ["argparse.py", "heapq.py", "webbrowser.py", "this.py", "pickle.py", "textwrap.py", "ast.py"]

Place = tuple[int, int, int, int]


def nodes(root: cst.CSTNode) -> list[cst.CSTNode]:
    found, stack = [], [root]
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(node.children)
    return found


def call_places(cell: Cell) -> list[Place]:
    """The positions of the calls in a cell."""
    locations = [cell.locate(node) for node in nodes(cell.module) if isinstance(node, cst.Call)]
    return sorted((at.line, at.column, at.end_line, at.end_column) for at in locations)


def python_call_places(text: str) -> list[Place]:
    """The positions in Python's `ast`, which counts columns from 0, in UTF-8 bytes."""
    lines = re.split(r"\r\n?|\n", text)

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode()) + 1

    return sorted(
        (node.lineno, column(node.lineno, node.col_offset), end, column(end, node.end_col_offset or 0))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and (end := node.end_lineno)
    )


def test_a_call_has_its_line_and_column() -> None:
    """Lines and columns count from 1; the end is after the last character."""
    cell = Cell("net.py", "x = 1\nx = Dense(\n    8,\n)(x)  # comment\n", 3)
    call = value_of(cell.module.body[1])
    assert cell.locate(call) == Location("net.py", 2, 5, 4, 5, 3)
    assert cell.text[slice(*cell.span(call))] == "Dense(\n    8,\n)(x)"


def test_columns_count_code_points() -> None:
    """A character outside of the basic plane is one column, and so is a tab."""
    cell = Cell("net.py", "\tif".replace("\tif", "π = '\U0001f600'; y = f(π)"))
    assert call_places(cell) == [(1, 14, 1, 18)]


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nf(b)\r\n",
        "a\rf(b)\r",
        "a\nf(b)\r\ng(\r  b)\rh(c)\n",
        "\ff(b)\n",
        "if a:\n    b\n\f    c(d)\n    \f    e(f)\n",
        "\\\nf(b)\n\\\ng(c)\n",
        "try:\n    pass\nexcept f(X) :\n    g(b)\nh()\n",
        "x = '''\u2028\x0c\x1c\r\n'''; f(x)\n",
        "f(g(h)) .i ( j ) [k](l)\n",
        "(f)(\n  (g)\n)\n",
        "print(f'{f(a)} {g(b)!r:>{h(c)}}')\n",
        "class A(B, metaclass=C(d)):\n    @e(f)\n    def g(self, h=i(j)): return k(l)\n",
        "f(b)",
        "f(b)\n   ",
        "f(b)\n# end",
    ],
)
def test_positions_are_those_of_python(text: str) -> None:
    """Positions are correct for every kind of newline and space, also where libcst drops a character."""
    if "f'" in text and sys.version_info < (3, 12):
        pytest.skip("this Python places what stands in f-strings elsewhere")
    assert call_places(Cell("a.py", text)) == python_call_places(text)


@pytest.mark.parametrize("name", SAMPLE)
def test_positions_in_real_files_are_those_of_python(name: str) -> None:
    """The files are from the standard library; one of them has a space that libcst drops."""
    text = (STDLIB / name).read_text(encoding="utf-8")
    places = call_places(Cell(name, text))
    expected = python_call_places(text)
    if sys.version_info < (3, 12):  # its positions in f-strings are wrong, so only their number is compared
        assert len(places) == len(expected)
        assert len(set(places) - set(expected)) < len(places) / 10
    else:
        assert places == expected


@pytest.mark.parametrize("name", ["heapq.py", "textwrap.py"])
def test_every_node_stands_where_libcst_says(name: str) -> None:
    """The spans of all nodes are those of `PositionProvider`."""
    text = (STDLIB / name).read_text(encoding="utf-8")
    cell = Cell(name, text)
    expected = MetadataWrapper(cell.module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node in nodes(cell.module):
        at, range_ = cell.locate(node), expected[node]
        start, end = range_.start, range_.end
        assert (at.line, at.column, at.end_line, at.end_column) == (
            start.line,
            start.column + 1,
            end.line,
            end.column + 1,
        )


BLANKS = st.text(alphabet=" \t\f", max_size=2)
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "'é'", "1"]),
    lambda inner: st.one_of(
        st.builds("{}{}({}{})".format, st.sampled_from(["f", "self.g", "(h)"]), BLANKS, BLANKS, inner),
        st.builds("{}({})({})".format, st.just("Dense"), inner, inner),
        st.builds("[{},{}{}]".format, inner, BLANKS, inner),
        st.builds("({}\r\n + {})".format, inner, inner),
    ),
    max_leaves=6,
)
LINES = st.builds(
    lambda before, expression, newline: f"{before}x = {expression}{newline}",
    st.sampled_from(["", "\f", "\n", "# é\n", "if a:\r\n \f \tpass\n"]),
    EXPRESSIONS,
    st.sampled_from(["\n", "\r\n", "\r", " ;\n", "  # c\n"]),
)


@given(st.lists(LINES, min_size=1, max_size=4).map("".join))
def test_positions_are_those_of_python_on_any_code(text: str) -> None:
    """The code is random expressions, with random spaces and newlines."""
    assert call_places(Cell("a.py", text)) == python_call_places(text)


def test_every_node_has_a_span_in_the_text_it_came_from() -> None:
    """This holds for any newlines and indentation; the span of the root is the text without outer comments."""
    text = "if a:\r\n\tb = (c)\r\n"
    module = cst.parse_module(text)
    spans = node_spans(module, text)
    assert set(spans) == set(nodes(module))
    names = {node.value: text[slice(*span)] for node, span in spans.items() if isinstance(node, cst.Name)}
    assert names == {"a": "a", "b": "b", "c": "c"}
