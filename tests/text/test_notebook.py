"""Reading notebooks as cells, and writing cells back."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import FileKind, SourceError, SourceFile, source_from_text
from orderlint.text.notebook import replace_sources
from tests.support import value_of


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def read(value: object) -> SourceFile:
    return source_from_text(json.dumps(value), "a.ipynb")


@pytest.mark.parametrize("more", ["[[]]", "[{}]", "[1, 1]"])
def test_a_notebook_of_too_many_values_is_refused_before_it_is_read(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, objects and the elements of both count: otherwise a short text could fill the memory."""
    text = '{"cells": [], "metadata": {"x": %s}}'
    monkeypatch.setattr("orderlint.text.notebook._MOST_VALUES", len("{[,{["))
    assert source_from_text(text % "[1]", "a.ipynb").cells == ()
    with pytest.raises(SourceError, match="the notebook contains more than 5 values; clear its outputs"):
        source_from_text(text % more, "a.ipynb")


@pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="a Python without this limit (before 3.10.7)")
def test_a_number_that_python_does_not_read_is_refused() -> None:
    """Python limits the number of digits that it converts."""
    with pytest.raises(SourceError, match="a number in it has 5,000 digits, expected at most 4,300"):
        source_from_text(f'{{"cells": [], "x": {"9" * 5000}}}', "a.ipynb")


def test_cells_are_counted_over_all_kinds() -> None:
    """The number of a cell is its position in the notebook, including text cells and cells in other languages."""
    file = read(notebook(markdown("# Title"), code("x = 1"), code("%%bash\nls"), code(["a\n", "b"])))
    assert file.kind is FileKind.NOTEBOOK
    assert [(cell.number, cell.text) for cell in file.cells] == [(2, "x = 1"), (4, "a\nb")]


def test_format_3_has_worksheets() -> None:
    """Its cells count over all worksheets, and their source is called `input`."""
    first = {
        "cells": [{"cell_type": "heading", "source": "T", "level": 1}, {"cell_type": "code", "input": ["a\n", "b"]}]
    }
    second = {"cells": [{"cell_type": "code", "input": "c", "language": "python"}], "metadata": {}}
    file = read({"metadata": {"name": ""}, "nbformat": 3, "worksheets": [first, second]})
    assert [(cell.number, cell.text) for cell in file.cells] == [(2, "a\nb"), (3, "c")]


def test_a_location_names_the_cell_and_the_line_in_it() -> None:
    """Lines count from 1 in each cell."""
    file = read(notebook(markdown(""), code("!ls\nx = f(a)")))
    call = value_of(file.cells[0].module.body[1])
    at = file.cells[0].locate(call)
    assert (at.path, at.cell, at.line, at.column) == ("a.ipynb", 2, 2, 5)


def test_a_cell_that_does_not_parse_is_a_problem_of_its_own() -> None:
    """The other cells are checked."""
    file = read(notebook(code("x = ("), code("y = 1"), code("exec 'a'")))
    assert [(problem.cell, problem.line) for problem in file.problems] == [(1, 1), (3, 1)]
    assert file.cell(2).problem is None
    with pytest.raises(KeyError):
        file.cell(4)


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"kernelspec": {"name": "conda-env-r", "language": "R"}},
        {"kernelspec": {"name": "julia-1.9"}},
        {"language_info": {"name": "scala"}},
        {"language_info": {"name": "R"}, "kernelspec": {"name": "conda-env-r"}},
    ],
)
def test_notebooks_in_other_languages_have_no_cells(metadata: dict[str, Any]) -> None:
    """The kernel or the language in the metadata decides."""
    assert read(notebook(code("x <- 1"), **metadata)).cells == ()


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "conda-env-tf-gpu", "display_name": "TF"}},
        {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}},
        {"language_info": {"name": "ipython"}},
        {"language_info": {"name": "pyspark"}},
        {"language_info": {"name": "sos"}, "kernelspec": {"name": "sos", "language": "sos"}},
        {"language_info": {"name": ""}},
    ],
)
def test_python_notebooks_are_known_by_many_names(metadata: dict[str, Any]) -> None:
    """A notebook without a language is Python, too."""
    assert len(read(notebook(code("x = 1"), **metadata)).cells) == 1


def test_single_cells_may_be_in_another_language() -> None:
    """Editors store the language in the metadata of the cell, and format 3 in the cell."""
    sql = code("select 1", metadata={"vscode": {"languageId": "sql"}})
    python = code("x = 1", metadata={"vscode": {"languageId": "python"}})
    assert [cell.number for cell in read(notebook(sql, python, code("y", language="ruby"))).cells] == [2]
    r = code("x <- 1", metadata={"kernel": "R"})
    assert [cell.number for cell in read(notebook(r, code("x = 1", metadata={"kernel": "Python3"}))).cells] == [2]


@pytest.mark.parametrize("editor", [None, {}, {"languageId": None}, {"languageId": ""}, {"languageId": ["sql"]}])
def test_a_cell_whose_language_is_not_known_is_python(editor: object) -> None:
    """The value that an editor has stored may be anything."""
    assert len(read(notebook(code("x = 1", metadata={"vscode": editor}))).cells) == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the file is empty; save a notebook in it, or exclude it"),
        (
            "{",
            "its JSON is broken in line 1, column 2 (expecting property name enclosed in double quotes); save it",
        ),
        ('{"cells": [\n{"cell_type": "code" "source": ""}]}', "its JSON is broken in line 2, column 22"),
        ("<<<<<<< HEAD\n{}", "its JSON is broken in line 1, column 1 (expecting value); resolve the merge conflict"),
        ("[" * 100_000, "its JSON is nested too deeply"),
        ('{"a": ' + "1" * 10_000 + "}", "not a notebook"),
        ([], "the notebook is a list, expected an object"),
        (3, "the notebook is a number, expected an object"),
        ({}, "it has neither `cells` nor `worksheets`; save it again from Jupyter"),
        ({"cells": None}, "`cells` is null, expected a list"),
        ({"cells": [3]}, "cell 1 is a number, expected an object"),
        ({"cells": [{}]}, "the `cell_type` of cell 1 is null, expected a string"),
        ({"cells": [{"cell_type": "code"}]}, "cell 1 has no `source`; save it again from Jupyter"),
        (notebook(code("x"), code(3)), "the `source` of cell 2 is a number, expected a string or a list of strings"),  # type: ignore[arg-type]
        (notebook(code(["x", None])), "the `source` of cell 1 is a list that does not only contain strings"),  # type: ignore[list-item]
        (notebook(code("x", metadata=[])), "`metadata` of cell 1 is a list, expected an object"),
        ({"cells": [], "metadata": "x"}, "`metadata` is a string, expected an object"),
        (notebook(code("x"), kernelspec=True), "`kernelspec` is a boolean, expected an object"),
        ({"worksheets": {}}, "`worksheets` is an object, expected a list"),
        ({"worksheets": [None]}, "worksheet 1 is null, expected an object"),
        ({"worksheets": [{"cells": 1}]}, "`cells` of worksheet 1 is a number, expected a list"),
    ],
)
def test_a_broken_notebook_is_refused_with_the_reason(value: object, message: str) -> None:
    """The message says what is wrong, and in which cell or where in the JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    with pytest.raises(SourceError) as caught:
        source_from_text(text, "a.ipynb")
    assert message in caught.value.message


def test_half_characters_are_masked() -> None:
    """JSON may escape half of a surrogate pair, which no parser reads, so a question mark replaces it."""
    file = read(notebook(code("x = '\ud83d'; y = 1")))
    assert file.cells[0].problem is None
    assert len(file.cells[0].text) == len(file.cells[0].raw)


def test_a_nul_character_is_a_problem_of_its_cell() -> None:
    """JSON may escape such a character."""
    file = read(notebook(code("x = 1\0"), code("y")))
    assert [problem.cell for problem in file.problems] == [1]


INDENTED = """{
 "cells": [
  {
   "cell_type": "code",
   "source": [
    "from keras import layers  # caf\\u00e9\\n",
    "x = layers.Dropout(0.5)(x)\\n",
    "x = layers.Dense(8)(x)\\n",
    "y = \\"<\\/script>\\""
   ],
   "outputs": [{"data": [1.0, 1E5], "text": "\\u00e9"}],
   "metadata": {}
  },
  {"metadata": {}, "source": "a\\nb\\u00e9\\nc", "cell_type": "code"}
 ], "nbformat": 4,
 "metadata": {}
}
"""


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return [(old.strip(), new.strip()) for old, new in pairs if old != new]


def test_only_changed_lines_of_source_change() -> None:
    """Key order, indentation, numbers and the last newline stay the same; escapes are written as before."""
    source = source_from_text(INDENTED, "a.ipynb").cell(1).raw
    new = replace_sources(INDENTED, {1: source.replace("Dense(8)", "Dense(9, name='é')")})
    expected = ('"x = layers.Dense(8)(x)\\n",', "\"x = layers.Dense(9, name='\\u00e9')(x)\\n\",")
    assert changed_lines(INDENTED, new) == [expected]


def test_lines_change_places_with_their_separators() -> None:
    """Swapping two lines keeps the layout of the list."""
    lines = source_from_text(INDENTED, "a.ipynb").cell(1).raw.splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    new = replace_sources(INDENTED, {1: "".join(lines)})
    assert [old for old, _ in changed_lines(INDENTED, new)] == [
        '"x = layers.Dropout(0.5)(x)\\n",',
        '"x = layers.Dense(8)(x)\\n",',
    ]
    assert source_from_text(new, "a.ipynb").cell(1).raw == "".join(lines)


def test_a_source_in_one_string_stays_in_one_string() -> None:
    """Its other lines keep their escapes."""
    new = replace_sources(INDENTED, {2: "a\nbé\nd"})
    assert changed_lines(INDENTED, new) == [
        ('{"metadata": {}, "source": "a\\nb\\u00e9\\nc", "cell_type": "code"}',
         '{"metadata": {}, "source": "a\\nb\\u00e9\\nd", "cell_type": "code"}')
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ('{"cells":[{"source":["a\\n","b"]}]}', "a\nc\nb", '{"cells":[{"source":["a\\n","c\\n","b"]}]}'),
        ('{"cells": [{"source": ["a"]}]}', "b\na", '{"cells": [{"source": ["b\\n", "a"]}]}'),
        ('{"cells": [{"source": ["a\\n", "b"]}]}', "", '{"cells": [{"source": []}]}'),
        ('{"cells": [{"source": []}]}', "a", '{"cells": [{"source": ["a"]}]}'),
        ('{"cells": [{"source": ["é\\n"]}]}', "ü\n", '{"cells": [{"source": ["ü\\n"]}]}'),
        ('{"cells": [{"source": "a", "source": "b"}]}', "c", '{"cells": [{"source": "a", "source": "c"}]}'),
        ('{"cells": [{"source": ["a", "\\n", "b"]}]}', "a\nc", '{"cells": [{"source": ["a", "\\n", "c"]}]}'),
        (
            '{\n "cells": [\n  {\n   "source": []\n  }\n ]\n}',
            "a\nb",
            '{\n "cells": [\n  {\n   "source": [\n    "a\\n",\n    "b"\n   ]\n  }\n ]\n}',
        ),
        ('{"worksheets": [{}, {"cells": [{"input": "a"}]}]}', "b", '{"worksheets": [{}, {"cells": [{"input": "b"}]}]}'),
    ],
)
def test_new_lines_follow_the_layout_of_the_old(text: str, source: str, expected: str) -> None:
    """Separators, indentation and escapes are the same as in the file."""
    assert replace_sources(text, {1: source}) == expected


def test_a_cell_that_is_not_there_cannot_be_replaced() -> None:
    """It is an error of the caller."""
    with pytest.raises(KeyError):
        replace_sources('{"cells": []}', {1: "x"})


SOURCES = st.text(alphabet='ab"\\/é\n\r\f\u2028\U0001f600 \t', max_size=30)


@given(
    st.lists(SOURCES, min_size=1, max_size=3),
    st.data(),
    st.sampled_from([None, 0, 1, 4, "\t"]),
    st.booleans(),
    st.sampled_from(["str", "lines", "splitlines"]),
)
def test_what_is_written_back_is_read_back(
    sources: list[str], data: st.DataObject, indent: int | str | None, ascii_only: bool, form: str
) -> None:
    """In every layout the new sources are read back, nothing else changes, and equal sources change nothing."""

    def stored(source: str) -> str | list[str]:
        if form == "str":
            return source
        return (
            source.splitlines(keepends=True) if form == "splitlines" else [f"{line}\n" for line in source.split("\n")]
        )

    original = notebook(*(code(stored(source)) for source in sources))
    text = json.dumps(original, indent=indent, ensure_ascii=ascii_only) + "\n"
    old = ["".join(cell["source"]) for cell in original["cells"]]
    assert replace_sources(text, dict(enumerate(old, 1))) == text
    number = data.draw(st.integers(1, len(sources)))
    new = data.draw(SOURCES)
    expected = json.loads(text)
    expected["cells"][number - 1]["source"] = new
    written = json.loads(replace_sources(text, {number: new}))
    assert isinstance(written["cells"][number - 1]["source"], str) == (form == "str")
    written["cells"][number - 1]["source"] = "".join(written["cells"][number - 1]["source"])
    assert written == expected
