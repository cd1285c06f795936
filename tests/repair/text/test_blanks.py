"""Blank lines stay between statements that stay neighbors."""

from __future__ import annotations

import pytest

from orderlint.repair.text.blanks import blanks_before, span_without
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.lines import permute
from tests.repair.texts import changed, statements

DOWN, UP = [1, 2, 0], [2, 0, 1]


def moved(text: str, order: list[int], *, inner: slice = slice(1, -1)) -> str:
    """A text with all statements except the first and last reordered."""
    items = statements(text)
    draft = Draft()
    permute(draft, items[inner], order)
    return changed(items[0].tree, draft)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\n\nb\n\nc\nd\ne\n", "a\n\nc\nd\nb\ne\n"),
        ("a\nb\n\nc\nd\ne\n", "a\n\nc\nd\nb\ne\n"),
        ("a\nb\nc\n\nd\ne\n", "a\nc\n\nd\nb\ne\n"),
        ("a\nb\nc\nd\n\ne\n", "a\nc\nd\nb\n\ne\n"),
        ("a\n\nb\n\nc\n\nd\n\ne\n", "a\n\nc\n\nd\n\nb\n\ne\n"),
        ("a\n\n# B\nb\n\n# C\nc\nd\ne\n", "a\n\n# C\nc\nd\n# B\nb\ne\n"),
        ("a\r\n\r\nb\r\n\r\nc\r\nd\r\ne\r\n", "a\r\n\r\nc\r\nd\r\nb\r\ne\r\n"),
        ("a\n\nif b:\n    b\n\n\nc\nd\ne\n", "a\n\nc\nd\nif b:\n    b\ne\n"),
    ],
)
def test_what_moves_down_closes_its_gap_and_makes_none(text: str, wanted: str) -> None:
    """A block with a blank line between all statements keeps that layout."""
    assert moved(text, DOWN) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\nb\nc\n\nd\n\ne\n", "a\nd\nb\nc\n\ne\n"),
        ("a\nb\nc\n\nd\ne\n", "a\nd\nb\nc\n\ne\n"),
        ("a\n\nb\n\nc\nd\ne\n", "a\n\nd\nb\n\nc\ne\n"),
        ("a\n\nb\n\nc\n\nd\n\ne\n", "a\n\nd\n\nb\n\nc\n\ne\n"),
        ("a\nb\nc\nd\ne\n", "a\nd\nb\nc\ne\n"),
    ],
)
def test_so_does_what_moves_up(text: str, wanted: str) -> None:
    """The blank line above it is then above the statement that follows it."""
    assert moved(text, UP) == wanted


def test_the_ends_of_a_block_need_no_blank_lines() -> None:
    """There is none after the head of a block or at its end."""
    whole = slice(None)
    assert moved("b\n\nc\nd\n", DOWN, inner=whole) == "c\nd\nb\n"
    assert moved("b\nc\n\nd\n", UP, inner=whole) == "d\nb\nc\n"


def test_what_else_stands_between_stays() -> None:
    """A comment is about the statement after it; other permutations do not move blank lines."""
    assert moved("a\nb\n\n# about all of it\n\nc\nd\ne\n", DOWN) == "a\n\n# about all of it\n\nc\nd\nb\ne\n"
    items = statements("b\n\nc\nd\n")
    assert not any(blanks_before(Draft(), items, [2, 1, 0]))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\n\nb\n\nc\n", "a\n\nc\n"),
        ("a\n\nb\n\n\nc\n", "a\n\n\nc\n"),
        ("a\n\n\nb\n\nc\n", "a\n\n\nc\n"),
        ("a\n\nb\nc\n", "a\n\nc\n"),
        ("a\n\n# B\nb\n\nc\n", "a\n\nc\n"),
    ],
)
def test_what_is_taken_away_takes_blank_lines_of_one_side_along(text: str, wanted: str) -> None:
    """The larger gap is kept."""
    item = statements(text)[1]
    start, end = span_without(item)
    assert text[:start] + text[end:] == wanted


@pytest.mark.parametrize(("text", "at", "wanted"), [("b\n\nc\n", 0, "c\n"), ("a\n\nb\n", 1, "a\n")])
def test_a_block_neither_starts_nor_ends_with_a_blank_line_then(text: str, at: int, wanted: str) -> None:
    """At the start of a block the blank lines after the removed statement go, and at the end those before it."""
    start, end = span_without(statements(text)[at])
    assert text[:start] + text[end:] == wanted
