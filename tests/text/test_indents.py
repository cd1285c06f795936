"""Indentation that Python accepts is made regular for libcst; the rest of the text does not change."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from orderlint.text.files import source_from_text
from orderlint.text.indents import even_indents
from orderlint.text.outline import outlined

EVENED = [
    ("if x:\n\ty = 1\n", "if x:\n y = 1\n"),
    ("if x:\r\n\ty = 1\r\n", "if x:\r\n y = 1\r\n"),
    ("if x:\r\ty = 1\r", "if x:\r y = 1\r"),
    ("if x:\n  \ty =\t1\t# a\tb\n", "if x:\n   y =\t1\t# a\tb\n"),
    ('s = """\n\ta"""\n', 's = """\n\ta"""\n'),
    ("if x:\n    y = 1\n", "if x:\n    y = 1\n"),
]


@pytest.mark.parametrize(("text", "evened"), EVENED, ids=[repr(text) for text, _ in EVENED])
def test_the_tabs_of_an_indentation_become_blanks(text: str, evened: str) -> None:
    """Tabs in strings, in comments and between tokens stay."""
    assert even_indents(text) == evened
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(evened))


MIXED = "def f(xs):\n\tfor x in xs:\n  \t\ty = %s\n\t\t\tz = 1\n\treturn y\n" % ("x + " * 30 + "1")


@pytest.mark.parametrize("text", [MIXED.replace("\t\t\tz", "  \t\tz"), MIXED.replace("\t\t\tz = 1\n", "")])
def test_what_python_reads_is_read(text: str) -> None:
    """An indentation need not start with that of the outer block; each node has its position in the file."""
    cell = source_from_text(text, "a.py").cells[0]
    assert cell.problem is None
    loop = cst.ensure_type(cst.ensure_type(cell.module.body[0], cst.FunctionDef).body.body[0], cst.For)
    assert (cell.locate(loop).line, cell.locate(loop).column) == (2, 2)
    assert cell.text[slice(*cell.span(loop.body))].startswith("y = x + x")


def test_the_functions_of_an_outline_are_read() -> None:
    """A module that is only followed may have such an indentation, too."""
    cell = outlined(source_from_text(MIXED.replace("\t\t\tz = 1\n", ""), "a.py")).cells[0]
    body = cell.body(cst.ensure_type(cell.module.body[0], cst.FunctionDef))
    assert body is not None
    assert cell.locate(body[0]).line == 2


@pytest.mark.parametrize(
    "text", ["if x:\n\tif y:\n        z = 1\n", "if x:\n        if y:\n\t    z = 1\n        a = 1\n"]
)
def test_what_python_refuses_is_refused(text: str) -> None:
    """These are blocks whose nesting depends on the width of a tab."""
    problem = source_from_text(text, "a.py").cells[0].problem
    assert problem is not None
    assert "libcst" not in problem.message
