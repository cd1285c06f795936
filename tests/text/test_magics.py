"""The syntax that IPython adds to Python is masked, and all offsets stay the same."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import Cell
from orderlint.text.magics import mask_magics
from orderlint.text.parsing import parse


def without_trailing_blanks(text: str | None) -> str | None:
    return None if text is None else "\n".join(line.rstrip(" ") for line in text.split("\n"))


@pytest.mark.parametrize(
    ("cell", "masked"),
    [
        ("!ls", "0"),
        ("%matplotlib inline\nx = 1", "0\nx = 1"),
        ("!!ls\n%%\ny", "0\n0\ny"),
        ("?print\nprint?\nnp.array??\n%time?", "0\n0\n0\n0"),
        ("x = np.mean?", "0"),
        (",f a b\n;f a b\n/f a b", "0\n0\n0"),
        ("if a:\n    !pip install keras && \\\n      echo done\nb", "if a:\n    0\n\nb"),
        ("class A:\n\tdef f(self):\n\t\t%load x", "class A:\n\tdef f(self):\n\t\t0"),
        ("if colab: !pip install keras\ny", "if colab: 0\ny"),
        ("files = !ls *.py  # all\ny", "files = __\ny"),
        ("a, b = %sql select a \\\n  from b\ny", "a, b = __\n\ny"),
        ("x: list = !ls\ny += !ls", "x: list = __\ny += __"),
        ("x = !", "x = _"),
        ("!echo \"it's\nx = 'a'", "0\nx = 'a'"),
        ("pip install keras\ncd ..\nx = 1", "0\n0\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%capture out\n!ls\n\nx = 1", "\n0\n\nx = 1"),
        ("%%time\n%%capture\nx = 1", "\n\nx = 1"),
        ("# keras\n%%backend jax\nx = 1", "# keras\n\nx = 1"),
        ("\n\n%%somemagic\nx = 1", "\n\n\nx = 1"),
    ],
)
def test_magics_and_shell_lines_are_masked(cell: str, masked: str) -> None:
    """Each is replaced by a statement and spaces at the same place."""
    assert without_trailing_blanks(mask_magics(cell)) == masked
    assert not isinstance(parse(masked), tuple)


@pytest.mark.parametrize(
    ("cell", "masked"),
    [
        ("%time model = build(8)", "0;    model = build(8)"),
        ("if a:\n    %time model.fit(\n        x)\nb", "if a:\n    0;    model.fit(\n        x)\nb"),
        ("model = %time build(8)", "model =       build(8)"),
        ("%time for x in y: f(x)", "0"),
        ("%time -n 3 f(x)", "0"),
        ("%timeit f(x)", "0"),
    ],
)
def test_timed_python_stays_python(cell: str, masked: str) -> None:
    """`%time` runs its statement in the notebook, so a model that it builds counts."""
    assert without_trailing_blanks(mask_magics(cell)) == masked


@pytest.mark.parametrize(
    "cell",
    [
        "%%bash\nls",
        "%%html\n<b>",
        "%%HTML\n<b>",
        "%%javascript\nx = 1",
        "%%writefile net.py\nx = 1",
        "%%R\nx <- 1",
        "%%sql\nselect 1",
        "%%python2\nx = 1",
        "\n# run in a shell\n%%script sh\nls",
        "%%time\n%%bash\nls",
        "%%!\nls",
        "%%somelanguage\nSELECT * FROM x",
    ],
)
def test_cells_in_another_language_are_left_out(cell: str) -> None:
    """The same holds for cells that write files, and for cells with an unknown magic that are not Python."""
    assert mask_magics(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n     % b)",
        "print('%d' % x, 'why?')  # really?",
        '"""\n!ls\n%time\n"""',
        "x != 3; x %= 4",
        "y = {'a': 1}; z = x[1:]",
        "f = lambda a: a % 3",
        "x = f'{a!r:>{b}}'",
        "ls = 3\ncat = ls\nrun(ls)",
        "model.summary();",
        "x = a \\\n  % b",
        "await f()",
        "@dataclass\nclass A: pass",
        "x = '''\n?\n'''",
        "",
        "\n\n",
    ],
)
def test_python_stays_as_it_is(cell: str) -> None:
    """Examples are operators at the start of a continuation line, question marks in strings, and some names."""
    assert mask_magics(cell) == cell


@pytest.mark.parametrize("cell", ["x = ??", "Conv2D(??, 3)", "f(a, !b)", "print 'a'", "%%time\nx = ("])
def test_what_the_kernel_refuses_stays_wrong(cell: str) -> None:
    """A placeholder or a typo is not a magic: the cell does not parse, and the user gets the error."""
    masked = mask_magics(cell)
    assert masked is not None
    assert isinstance(parse(masked), tuple)


def test_open_brackets_do_not_make_the_work_grow() -> None:
    """The search of each `%time` for the end of its statement is bounded."""
    masked = mask_magics("%time f(\n" * 2_000)
    assert masked == "0       \n" * 2_000


def test_the_indentation_of_the_first_line_is_taken_off() -> None:
    """IPython does the same; columns stay the same, since a form feed replaces the last space."""
    cell = Cell("a.ipynb", mask_magics("\n    x = f(a)\n    if x:\n        g(b)\n    !ls\n") or "", 1)
    assert cell.problem is None
    tree = ast.parse(cell.text)
    assert [type(statement).__name__ for statement in tree.body] == ["Assign", "If", "Expr"]
    call = cell.module.body[1].body.body[0].body[0].value  # type: ignore[union-attr]
    at = cell.locate(call)
    assert (at.line, at.column, at.end_column) == (4, 9, 13)


LINES = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "!ls 'a",
            "%time f(x)",
            "if a:",
            "    !ls",
            "    y = !ls",
            "    f(x)",
            "f(a,",
            "  b)",
            "x?",
            "'''",
            "# c'",
            "%%time",
            "x = %m \\",
            "\tz",
            "",
            "pip install x",
        ]
    ),
    max_size=7,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_masking_keeps_every_length(lines: list[str], newline: str) -> None:
    """Lines and their lengths stay the same for any cell, so offsets in the masked text are offsets in the cell."""
    cell = newline.join(lines)
    masked = mask_magics(cell)
    if masked is not None:
        assert [len(line) for line in masked.split("\n")] == [len(line) for line in cell.split("\n")]
        assert [line.endswith("\r") for line in masked.split("\n")] == [
            line.endswith("\r") for line in cell.split("\n")
        ]


@given(st.text(alphabet="!%?/,;= ab'\"\\\n\r\t#(){}:", max_size=60))
def test_no_cell_makes_masking_fail(cell: str) -> None:
    """Any text is masked or left out, without an error."""
    masked = mask_magics(cell)
    assert masked is None or len(masked) == len(cell)
