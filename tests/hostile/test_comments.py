"""Tens of thousands of comments: each is looked at once, and so is the code between them.

These tests count operations. None asserts a time.
"""

from __future__ import annotations

import re

import pytest

from orderlint.graph import Location
from orderlint.screening.needs import own_comments
from orderlint.text import suppression
from orderlint.text.files import source_from_text
from orderlint.text.suppression import Suppressions, suppressions

RULES = {"ORD001": "norm-after-activation", "ORD002": "dropout-before-norm"}


class Searched:
    """Counts the searches of a pattern."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self.times = 0

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        self.times += 1
        return self._pattern.search(text, start)


class Sought(bytes):
    """A string that counts the searches in it."""

    times = 0

    def lower(self) -> Sought:
        return self

    def find(self, *given: object) -> int:
        Sought.times += 1
        return super().find(*given)  # type: ignore[arg-type]


def read(text: str) -> Suppressions:
    return suppressions(source_from_text(text, "net.py"), RULES)


def covers(comments: Suppressions, code: str, line: int) -> bool:
    return comments.covers(code, Location("net.py", line, 1, line, 2))


def test_the_code_below_many_comments_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code below a block of comments is searched once, not once for each comment."""
    searched = Searched(suppression._CODE_LINE)
    monkeypatch.setattr(suppression, "_CODE_LINE", searched)
    many = "# orderlint: ignore[ORD001]\n" * 50
    comments = read(f"{many}x = 1\n{many}y = 2\n{many}")
    assert searched.times == 3
    assert [line for line in (51, 52, 102, 103, 153) if covers(comments, "ORD001", line)] == [51, 52, 102, 103]
    assert not covers(comments, "ORD002", 51)


def test_a_finding_is_held_against_the_ranges_it_lies_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding is compared only with the range that can contain it, since ranges of one code do not overlap."""
    at = suppression._Range.at
    asked = []

    def counting(one: suppression._Range, place: tuple[int, int]) -> object:
        asked.append(place)
        return at(one, place)

    monkeypatch.setattr(suppression._Range, "at", counting)
    comments = read("# orderlint: disable[ORD001]\nx = 1\n# orderlint: enable[ORD001]\ny = 2\n" * 50)
    assert [covers(comments, "ORD001", line) for line in (1, 2, 4, 102, 104)] == [True, True, False, True, False]
    assert len(asked) == 5


def test_one_enable_ends_all_ranges_of_a_code() -> None:
    """One `enable` comment ends all ranges of a code, however many comments disable it."""
    text = (
        "# orderlint: disable[ORD001]\nx = 1\n# orderlint: disable[ORD00, ORD001]\ny = 2\n# orderlint: disable\nz = 3\n"
    )
    comments = read(f"{text}# orderlint: enable[ORD00]\nv = 4\n# orderlint: enable\nw = 5\n")
    assert [covers(comments, "ORD001", line) for line in (2, 4, 8, 10)] == [True, True, True, False]
    assert [covers(comments, "ORD002", line) for line in (2, 4, 6, 8, 10)] == [False, True, True, True, False]
    assert [one.location.line for one in comments.unused(RULES)] == []


def test_a_line_of_comments_is_split_once() -> None:
    """A line with several comments is split once."""
    assert not own_comments(Sought(b"# noqa" * 500))
    assert Sought.times < 5
    assert own_comments(b"# noqa # noqa\nx = 1  # noqa: E501 # noqa: ORD001\n")
    assert not own_comments(b"x = 1  # noqa: E501\nORD001 = 2\n")
