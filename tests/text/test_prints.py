"""The `print` statements of Python 2 are masked; the rest of the text does not change."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import source_from_text
from orderlint.text.prints import mask_prints

MASKED = [
    ('print "a"', "(0      )"),
    ("print x", "(0    )"),
    ("print x,", "(0     )"),
    ("print'a'", "(0     )"),
    ('print u"a"', "(0       )"),
    ("print not x", "(0        )"),
    ("print lambda: 1", "(0            )"),
    ('if x: print "a"', "if x: (0      )"),
    ('print "a"; y = 1', "(0      ); y = 1"),
    ("y = 1; print x", "y = 1; (0    )"),
    ('print "a" % (\n    x,\n)', "(0           \n      \n)"),
    ('print \\\n    "a"', "(0     \n      )"),
    ('print "a" \\\r\n    % x', "(0         \r\n      )"),
    ('print "a"  # why', "(0      )  # why"),
    ('def f():\n\tprint "a"', "def f():\n\t(0      )"),
    ('print "a"\nprint "b"\n', "(0      )\n(0      )\n"),
]


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=[text for text, _ in MASKED])
def test_a_statement_becomes_an_expression(text: str, masked: str) -> None:
    """`0` in parentheses replaces the statement; line ends and comments stay."""
    assert mask_prints(text) == masked
    ast.parse(masked)


@pytest.mark.parametrize(
    "text",
    [
        'print("a")',
        'print ("a"), b',
        'print >>log, "a"',
        "print",
        "print = log",
        "print -x",
        "print in names",
        "print is None",
        "x.print",
        "f(\n    print\n)",
        'text = """\nprint "a"\n"""',
        '# print "a"',
        'prints = {"a": print}',
        "printed x",
        "blueprint x",
        'print "a" % (\n    1,\n',
        'print "a")',
    ],
)
def test_what_python_3_reads_stays(text: str) -> None:
    """Code that only looks like a statement stays, and so does a statement with unbalanced brackets."""
    assert mask_prints(text) == text


@given(st.text(st.sampled_from("print x\"'#\n\\;:([])=0 "), max_size=60))
def test_every_text_keeps_its_length_and_lines(text: str) -> None:
    """Offsets stay the same for any text."""
    masked = mask_prints(text)
    assert len(masked) == len(text)
    assert [i for i, character in enumerate(masked) if character == "\n"] == [
        i for i, character in enumerate(text) if character == "\n"
    ]


def test_a_script_of_python_2_is_read() -> None:
    """The tree has everything except the statements, at the lines and columns of the file."""
    cell = source_from_text('print "a"\nx = f(1)\n').cells[0]
    assert cell.problem is None
    assert cell.locate(cell.module.body[1]).line == 2
    assert cell.raw == 'print "a"\nx = f(1)\n'


def test_another_error_is_reported_where_it_is() -> None:
    """If a file does not parse without its `print` statements, the remaining error is reported."""
    cell = source_from_text('print "a"\nexcept Error, e:\n').cells[0]
    assert cell.problem is not None
    assert cell.problem.line == 2


def test_a_text_that_parses_is_left_alone() -> None:
    """A file of Python 3 is not masked."""
    cell = source_from_text("print >>x, 1\n").cells[0]
    assert cell.problem is None
    assert cell.code == cell.text == cell.raw


def test_a_cell_does_not_change_when_it_is_parsed() -> None:
    """The parsed text is another one, of the same length."""
    cell = source_from_text('x = 1\nprint "a", x\n').cells[0]
    before = cell.text
    assert cell.problem is None
    assert cell.text == cell.raw == before
    assert (cell.code, len(cell.code)) == ("x = 1\n(0         )\n", len(before))


def test_check_syntax_agrees() -> None:
    """The quick check of the syntax masks the statements, too."""
    assert source_from_text('print "a"\n').cells[0].check_syntax() is None
