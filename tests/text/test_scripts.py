"""The syntax of Python 2 and IPython is masked in scripts; the rest of the text does not change."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import source_from_text
from orderlint.text.scripts import mask_script

MASKED = [
    ("%matplotlib inline", "0                 "),
    ("%pylab --no-import-all", "0                     "),
    ("!ls *.py", "0       "),
    ("if x:\n    !ls\n    y = 1", "if x:\n    0  \n    y = 1"),
    ("%%time\nx = 1", "0     \nx = 1"),
    ("files = !ls", "files = __ "),
    ("%time net = build()", "0;    net = build()"),
    ("!wget a \\\n    b", "0        \n     "),
    ('%pwd\nprint "a"', "0   \n(0      )"),
    ("!echo don't\nprint x", "0          \n(0    )"),
]


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=[text for text, _ in MASKED])
def test_a_magic_becomes_an_expression(text: str, masked: str) -> None:
    """An expression and spaces replace it, and line ends stay."""
    assert mask_script(text) == masked
    ast.parse(masked)


@pytest.mark.parametrize(
    "text",
    [
        'x = ("%d"\n% 3)',
        'x = "%d" \\\n% 3',
        'text = """\n%matplotlib inline\n"""',
        "# %matplotlib inline",
        "x != y",
        "f'{x!r}'",
        "ls -l",
        "/f x",
        ", x",
        "x?",
    ],
)
def test_the_rest_stays(text: str) -> None:
    """Magics inside of lines stay, and so does other syntax of IPython, which may be a mistake."""
    assert mask_script(text) == text


@given(st.text(alphabet="%!x =\n\"'#()\\", max_size=40))
def test_a_text_keeps_its_length_and_lines(text: str) -> None:
    """Offsets stay the same."""
    masked = mask_script(text)
    assert len(masked) == len(text)
    assert [at for at, character in enumerate(masked) if character == "\n"] == [
        at for at, character in enumerate(text) if character == "\n"
    ]


def test_a_script_that_parses_is_left_alone() -> None:
    """A percent sign at the start of a line is an operator there."""
    text = 'x = (\n    5\n    % 3\n)\nprint("%d" % x)\n'
    (cell,) = source_from_text(text, "net.py").cells
    assert cell.code == text
