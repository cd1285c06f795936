"""Outlines have the same contents as the whole tree, with the same bodies and positions."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable
from pathlib import Path

import libcst as cst
import pytest

from orderlint.graph import Location
from orderlint.text.cells import Cell
from orderlint.text.files import source_from_bytes, source_from_text
from orderlint.text.outline import OutlinedCell, outlined
from tests.text.test_positions import nodes

STDLIB = Path(sysconfig.get_paths()["stdlib"])
SAMPLE = ["argparse.py", "dataclasses.py", "enum.py", "asyncio/streams.py", "logging/__init__.py"]


def outline_of(text: str) -> OutlinedCell:
    """The outline of a text."""
    cell = outlined(source_from_text(text, "net.py")).cells[0]
    assert isinstance(cell, OutlinedCell)
    return cell


def functions(tree: cst.CSTNode) -> list[cst.FunctionDef]:
    """The functions of a tree that are not nested in another one, in order."""
    found: list[cst.FunctionDef] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.FunctionDef):
            found.append(node)
        else:
            stack += reversed(node.children)
    return found


def expressions(cell: Cell, trees: Iterable[cst.CSTNode]) -> list[tuple[tuple[int, int], str]]:
    """The positions and kinds of the expressions under some nodes."""
    return [
        (cell.span(node), type(node).__name__)
        for tree in trees
        for node in nodes(tree)
        if isinstance(node, cst.BaseExpression)
    ]


def statements(trees: Iterable[cst.CSTNode]) -> list[str]:
    """The kinds of the statements under some nodes."""
    kinds = (cst.BaseStatement, cst.BaseSmallStatement)
    return [type(node).__name__ for tree in trees for node in nodes(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("name", SAMPLE)
def test_each_function_has_its_body_and_its_places(name: str) -> None:
    """The functions of real modules have the same parameters, bodies and positions as in the whole tree."""
    source = source_from_bytes((STDLIB / name).read_bytes(), name)
    whole, outline = source.cells[0], outlined(source).cells[0]
    pairs = list(zip(functions(whole.module), functions(outline.module), strict=True))
    assert len(pairs) > 10
    num_blanked = 0
    for one, other in pairs:
        body, found = whole.body(one), outline.body(other)
        assert body is not None
        assert found is not None
        assert one.params.deep_equals(other.params)
        assert statements(body) == statements(found)
        assert whole.locate(one.name) == outline.locate(other.name)
        assert expressions(whole, body) == expressions(outline, found)
        num_blanked += not one.deep_equals(other)
    assert num_blanked > 5


def test_what_stands_outside_functions_has_its_place() -> None:
    """The offsets after a blanked body are those of the text, also after multibyte characters."""
    text = (
        "# größer\n"
        "def block(x, é=1):\n"
        "    '''Straße; a text that is long enough to be blanked out, with those letters: äöü.'''\n"
        "    return f(x, 'größer')\n"
        "y = Dense(8)(block(x))\n"
    )
    cell = outline_of(text)
    [function] = functions(cell.module)
    assert cell.span(function.body.body[0])[0] == text.index("'''")
    body = cell.body(function)
    assert body is not None
    calls = [cell.location(*span) for span, kind in expressions(cell, [*cell.module.body, *body]) if kind == "Call"]
    assert Location("net.py", 5, 5, 5, 23) in calls  # `Dense(8)(block(x))`
    assert Location("net.py", 4, 12, 4, 26) in calls  # `f(x, 'größer')`


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n\treturn first(1) + second(2) + third(3) + fourth(4) + fifth(5) + sixth(6) + seventh(7)\n",
        (
            "class A:\r\n    @wraps(1)\r\n    async def f(self):\r\n        @wraps(2)\r\n        def g(): return call("
            "'a long text that is long enough to be blanked out')\r\n        return g\r\n"
        ),
        (
            "if x:\n  def f(): a = 1; return first(1) + second(2) + third(3) + fourth(4) + fifth(5) + sixth(6);\n"
            "else:\n  def f():\n    return 2\n"
        ),
        (
            "try:\n    pass\nexcept A:\n    def f():\n        # why\n        'doc'\n"
            "        return 'a long text, long enough to be blanked out, and then more of it'\n        # trailing\n"
            "finally:\n    def g(): ...\n"
        ),
    ],
)
def test_layouts(text: str) -> None:
    """The layouts have tabs, Windows newlines, inner decorators, single lines, `if` and `try` blocks, and comments."""
    whole, outline = Cell("net.py", text), outline_of(text)
    assert not whole.module.deep_equals(outline.module), "nothing was blanked out"
    for one, other in zip(functions(whole.module), functions(outline.module), strict=True):
        body, found = whole.body(one), outline.body(other)
        assert body is not None
        assert found is not None
        assert statements(body) == statements(found)
        assert expressions(whole, body) == expressions(outline, found)
        assert [whole.locate(part) for part in body] == [outline.locate(part) for part in found]


def test_what_this_python_does_not_read_is_parsed_whole() -> None:
    """A text with a `print` statement of Python 2 is not outlined, but it is read."""
    text = "def f():\n    print 'a text that is long enough to be blanked out, if only Python could read it'\n    g()\n"
    cell = outline_of(text)
    assert cell.problem is None
    [function] = functions(cell.module)
    assert cell.body(function) == function.body.body
    assert len(function.body.body) == 2


def test_a_text_that_does_not_parse_has_its_problem() -> None:
    """The problem is the same as without an outline."""
    text = "def f(:\n    return 'a text that is long enough to be blanked out, if only Python could read it'\n"
    assert outline_of(text).problem == Cell("net.py", text).problem is not None


def test_a_node_of_another_tree_has_no_place() -> None:
    """As for a whole cell, it is an error of the caller."""
    with pytest.raises(KeyError):
        outline_of("x = 1\n").span(cst.Name("x"))


def test_what_was_parsed_apart_is_told_with_its_place_in_the_outline() -> None:
    """Only requested functions are parsed separately; a cell that was parsed as a whole has none."""
    text = "def f(x):\n    " + "x = x + 1\n    " * 10 + "return x\n\ndef g():\n    " + "pass\n    " * 20 + "return 1\n"
    cell = outline_of(text)
    outlines = functions(cell.module)
    assert list(cell.parsed_apart()) == []
    cell.body(outlines[0])
    ((outline, whole),) = cell.parsed_apart()
    assert outline is outlines[0]
    assert (whole.name.value, len(whole.body.body)) == ("f", 11)
    assert list(source_from_text(text, "net.py").cells[0].parsed_apart()) == []
