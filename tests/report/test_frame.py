"""Code frames for any text, marks and width."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from orderlint.graph import Location
from orderlint.report.frame import Mark, draw
from orderlint.report.terminal import ASCII, UNICODE

LINES = st.lists(st.text(st.sampled_from("abc()=, \t\u6f22\u0301\x1b\u202e."), max_size=90), min_size=1, max_size=12)


@st.composite
def marks_in(draw_: st.DrawFn, lines: list[str]) -> list[Mark]:
    marks = []
    for number in range(draw_(st.integers(1, 4))):
        first = draw_(st.integers(1, len(lines)))
        last = draw_(st.integers(first, len(lines)))
        column = draw_(st.integers(1, len(lines[first - 1]) + 1))
        end = draw_(st.integers(column + 1 if first == last else 1, len(lines[last - 1]) + 40))
        marks.append(Mark(Location("a.py", first, column, last, end), f"label{number}", "error", "^-"[number > 0]))
    return marks


@settings(max_examples=400)
@given(st.data(), LINES, st.integers(40, 120), st.sampled_from([UNICODE, ASCII]))
def test_every_frame_fits_and_tells_every_label(
    data: st.DataObject, lines: list[str], width: int, glyphs: object
) -> None:
    """No row is wider than the terminal or has control characters, and each mark is drawn with its label."""
    marks = data.draw(marks_in(lines))
    rows = [row.plain for row in draw(marks, lines, glyphs, width, gutter=2)]  # type: ignore[arg-type]
    assert [row for row in rows if cell_len(row) > width] == []
    assert not any(character in row for row in rows for character in "\x1b\u202e\t\n")
    text = "\n".join(rows)
    assert all(mark.label in text for mark in marks)


@given(st.data(), st.text(st.sampled_from("ab \t\u6f22"), min_size=1, max_size=20))
def test_a_mark_covers_its_text_exactly(data: st.DataObject, line: str) -> None:
    """The underline starts and ends with the marked code, whatever is before it."""
    column = data.draw(st.integers(1, len(line)))
    end = data.draw(st.integers(column + 1, len(line) + 1))
    mark = Mark(Location("a.py", 1, column, 1, end), "here", "error", "^")
    code, under = (row.plain for row in draw([mark], [line], UNICODE, 100, gutter=1))

    def width(text: str) -> int:
        at = 0
        for character in text:
            at += 4 - at % 4 if character == "\t" else cell_len(character)
        return at

    assert code.startswith("1 │ ") or code == "1 │"
    assert under.index("^") == len("1 │ ") + width(line[: column - 1])
    assert under.rindex("^") + 1 == len("1 │ ") + width(line[: end - 1])
