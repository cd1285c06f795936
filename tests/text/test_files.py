"""Reading files as text and cells: encodings, newlines, unreadable files, and the files that are worth parsing."""

from __future__ import annotations

import codecs
import pickle
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.decoding import LineTable, dominant_newline
from orderlint.text.files import (
    Cell,
    FileKind,
    NodeSite,
    SourceError,
    SyntaxProblem,
    UnparsableError,
    may_hold_models,
    read_source,
    source_from_bytes,
    source_from_text,
)
from tests.support import value_of


def write(folder: Path, data: bytes, name: str = "net.py") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_python_file_is_one_cell(tmp_path: Path) -> None:
    """A `.py` file is one cell without a number, with the path that was given."""
    file = read_source(write(tmp_path, b"x = 1\n"), "src/net.py")
    assert (file.kind, file.path) == (FileKind.PYTHON, "src/net.py")
    assert [(cell.number, cell.text) for cell in file.cells] == [(None, "x = 1\n")]
    assert file.cell(None) is file.cells[0]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("# é\n".encode(), "# é\n", "utf-8"),
        (b"# -*- coding: latin-1 -*-\nname = '\xe9'\n", "name = 'é'", "iso-8859-1"),
        (b"#!/usr/bin/python\r\n# vim: set fileencoding=cp1252 :\r\nname = '\x80'\r\n", "name = '€'", "cp1252"),
        ("# coding: gbk\nname = '层'\n".encode("gbk"), "name = '层'", "gbk"),
        (b"# coding: latin-1\rname = '\xe9'\r", "name = 'é'", "iso-8859-1"),
        (b"name = 1\n\n# coding: latin-1\n", "name = 1", "utf-8"),
    ],
    ids=["utf-8", "first line", "second line", "many bytes a character", "lone carriage returns", "third line"],
)
def test_a_coding_comment_is_honored(tmp_path: Path, data: bytes, text: str, encoding: str) -> None:
    """As in Python, a coding comment is in one of the first two lines, else the encoding is UTF-8."""
    file = read_source(write(tmp_path, data))
    assert text in file.text
    assert file.decoded.encoding == encoding
    assert file.to_bytes(file.text) == data


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """Columns count from after the mark, and the mark is written back."""
    data = codecs.BOM_UTF8 + b"x = 1\n"
    file = read_source(write(tmp_path, data))
    assert file.text == "x = 1\n"
    assert file.to_bytes("y = 1\n") == codecs.BOM_UTF8 + b"y = 1\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = 1\ny\0 = 2\n", "NUL byte in line 2"),
        (b"x = '\xe9'\n", "not valid utf-8: byte 0xe9 in line 1; save it as UTF-8"),
        (b"# coding: ascii\nx = '\xe9'\n", "not valid ascii: byte 0xe9 in line 2; correct the coding comment"),
        (b"# coding: uft-8\n", "names an unknown encoding, `uft-8`; did you mean `utf-8`?"),
        (b"# coding: klingon\n", "an unknown encoding, `klingon`; name one that Python knows, such as utf-8"),
        (b"# coding: hex\n00\n", "`hex`, named in a coding comment, is not a text encoding"),
        (b"# coding: undefined\n", "undefined encoding"),
        (
            codecs.BOM_UTF8 + b"# coding: latin-1\n",
            "contradicts the byte order mark, which says UTF-8; delete the comment",
        ),
        ("x = 1".encode("utf-16"), "encoded in UTF-16, which Python does not read"),
        ("x = 1".encode("utf-32"), "encoded in UTF-32, which Python does not read"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path: Path, data: bytes, message: str) -> None:
    """The message says what is wrong, and where."""
    with pytest.raises(SourceError) as caught:
        read_source(write(tmp_path, data))
    assert message in caught.value.message


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A missing file and a folder raise the same kind of error, with the reason of the operating system."""
    with pytest.raises(SourceError, match="no such file or folder"):
        read_source(tmp_path / "missing.py")
    with pytest.raises(SourceError, match="a folder, expected a file"):
        read_source(tmp_path)
    with pytest.raises(SourceError, match="null"):
        read_source("a\0b.py")


def test_text_in_memory_is_read_like_a_file() -> None:
    """A mark at the start is removed, a NUL character is an error, and the path decides the kind."""
    assert source_from_text("\ufeffx = 1").text == "x = 1"
    assert source_from_text('{"cells": []}', "a.IPYNB").kind is FileKind.NOTEBOOK
    assert source_from_bytes(b"x", "a.pyw").kind is FileKind.PYTHON
    with pytest.raises(SourceError, match="NUL character in line 2"):
        source_from_text("x\n\0")


def test_a_character_the_encoding_lacks_cannot_be_written() -> None:
    """A repair never writes a file that cannot be read again."""
    file = source_from_bytes(b"# coding: latin-1\n", "a.py")
    with pytest.raises(SourceError, match=r"'€' cannot be written in iso-8859-1"):
        file.to_bytes("# coding: latin-1\n# €\n")


@pytest.mark.parametrize(
    ("text", "newline"), [("a\nb\n", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\r", "\r"), ("a", "\n")]
)
def test_the_newline_of_a_file_is_what_most_lines_end_with(text: str, newline: str) -> None:
    """New lines get the same newline."""
    assert dominant_newline(text) == newline
    assert source_from_text(text).newline == newline


@given(st.text(alphabet="ab\r\n\f\v\x1c\x85\u2028\U0001f600"))
def test_lines_are_counted_as_editors_count_them(text: str) -> None:
    """Only `\\n`, `\\r\\n` and a single `\\r` end a line; every offset has one place, and every place its offset."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    table = LineTable(text)
    assert len(table) == len(lines)
    places = [table.position(offset) for offset in range(len(text) + 1)]
    assert [table.offset(*place) for place in places] == list(range(len(text) + 1))
    assert places[-1] == (len(lines), len(lines[-1]) + 1)


def test_a_place_outside_the_text_is_moved_into_it() -> None:
    """A parser may report a place after the end of a file."""
    table = LineTable("ab\nc")
    assert [table.offset(*place) for place in [(0, 5), (9, 1), (2, 9)]] == [0, 4, 4]


def test_a_cell_that_does_not_parse_has_a_problem_and_no_module() -> None:
    """The problem is the same for each way of asking for it."""
    file = source_from_text("x = (\n", "a.py")
    cell = file.cells[0]
    assert cell.check_syntax() == cell.problem == SyntaxProblem(1, 5, "'(' was never closed")
    assert file.problems == (cell.problem,)
    with pytest.raises(UnparsableError) as caught:
        _ = cell.module
    assert caught.value.problem is cell.problem


def test_a_cell_that_parses_has_no_problem() -> None:
    """It has none either if only its syntax was checked."""
    assert source_from_text("x = 1").cells[0].check_syntax() is None
    assert source_from_text("x = 1").problems == ()


def test_a_site_is_equal_for_the_same_node_of_the_same_cell() -> None:
    """Sites are keys, so two paths have the same place for one expression."""
    cell = Cell("a.py", "f(x)")
    call = cst.ensure_type(value_of(cell.module.body[0]), cst.Call)
    assert NodeSite(cell, call) == NodeSite(cell, call)
    assert len({NodeSite(cell, call), NodeSite(cell, call), NodeSite(cell, call.func)}) == 2
    assert NodeSite(cell, call).location() == cell.locate(call)


def test_a_problem_can_be_sent_to_another_process() -> None:
    """Findings are made from problems, in whichever process the file was read."""
    problem = source_from_text("x = (").cells[0].problem
    assert pickle.loads(pickle.dumps(problem)) == problem


@pytest.mark.parametrize(
    "data",
    [
        b"import keras",
        b"from tensorflow.keras import layers as L",
        b"x = BatchNormalization()(x)",
        b"Dropout(0.5)",
        b"model = Sequential()",
        b"model.add(Convolution2D(3, 3, 3))",
    ],
)
def test_what_names_keras_or_a_layer_may_hold_a_model(data: bytes) -> None:
    """Pasted snippets count, too: they name layers without imports."""
    assert may_hold_models(data)


def test_names_of_the_users_own_layers_count() -> None:
    """A file may only have a layer from the configuration."""
    data = b"x = ConvBlock(8)(x)"
    assert not may_hold_models(data)
    assert may_hold_models(data, ["mylib.blocks.ConvBlock"])


def test_other_files_are_not_worth_parsing() -> None:
    """Scanning the bytes first saves time in a large repository."""
    assert not may_hold_models(b"import os\n\ndef main():\n    print('hello')\n")


@pytest.mark.parametrize("name", ["unicode_escape", "utf-7"])
def test_an_encoding_that_would_write_the_rest_in_another_way_is_not_written(name: str) -> None:
    """`unicode_escape` writes newlines as escapes, so all code would be in the comment of the first line."""
    file = source_from_bytes(f"# coding: {name}\nx = '~'\n".encode(), "a.py")
    with pytest.raises(SourceError, match=f"cannot be written in {name} without other changes"):
        file.to_bytes(file.text + "y = 2\n")


def test_what_a_codec_cannot_write_is_no_failure_of_orderlint() -> None:
    """`idna` cannot encode labels of more than 63 characters, and before Python 3.13 raises another kind of error."""
    file = source_from_bytes(b"# coding: idna\nx = 1\n", "a.py")
    with pytest.raises(SourceError, match="cannot be written in idna"):
        file.to_bytes(file.text + "é" * 80)
