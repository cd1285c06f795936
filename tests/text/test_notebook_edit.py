"""Replacing the source of cells in the JSON of a notebook, which otherwise stays the same byte for byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.notebook_edit import elements, replace_sources, source_spans

LINES = st.lists(st.sampled_from(["a = 1", "b = 'ä'", "", "# c", "d\u2028e"]), max_size=4)
SOURCES = LINES.map("\n".join)


@st.composite
def notebooks(draw: st.DrawFn) -> str:
    """The JSON of a notebook of up to three cells, each a string or a list of lines, in some layout."""
    cells = []
    for source in draw(st.lists(SOURCES, min_size=1, max_size=3)):
        as_list = draw(st.booleans())
        cells.append({"cell_type": "code", "source": source.splitlines(keepends=True) if as_list else source})
    ascii_only, indent = draw(st.booleans()), draw(st.sampled_from([None, 1, 2]))
    return json.dumps({"cells": cells, "nbformat": 4}, ensure_ascii=ascii_only, indent=indent)


def sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


@given(notebooks(), SOURCES, st.data())
def test_one_cell_gets_another_source_and_nothing_else_changes(text: str, new: str, data: st.DataObject) -> None:
    """In every layout, the text outside of the source of the cell stays the same byte for byte."""
    number = data.draw(st.integers(1, len(sources(text))))
    changed = replace_sources(text, {number: new})
    wanted = sources(text)
    wanted[number - 1] = new
    assert sources(changed) == wanted
    start, end = source_spans(text)[number]
    assert (changed[:start], changed[len(changed) - len(text) + end :]) == (text[:start], text[end:])


@given(notebooks())
def test_the_same_source_is_the_same_text(text: str) -> None:
    """An unchanged cell keeps its escapes and line breaks."""
    assert replace_sources(text, dict(enumerate(sources(text), 1))) == text


def test_lines_that_stay_keep_their_json() -> None:
    """Only the new line is written again."""
    text = '{"cells": [{"source": ["\\u0061 = 1\\n",\n   "b = 2"]}]}'
    assert replace_sources(text, {1: "a = 1\nb = 3"}) == text.replace("b = 2", "b = 3")


@pytest.mark.parametrize(("text", "wanted"), [("[]", 0), ("[1, [2, 3], {}]", 3), ('[ "a]" ]', 1)])
def test_elements_of_a_list_are_found(text: str, wanted: int) -> None:
    """Nested lists, and brackets in strings, belong to the elements."""
    assert len(elements(text, 0)) == wanted
