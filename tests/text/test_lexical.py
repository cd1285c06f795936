"""Strings and comments in scans of a text."""

from __future__ import annotations

import re

import pytest

from orderlint.text.lexical import STRINGS_AND_COMMENTS

OPAQUE = re.compile(STRINGS_AND_COMMENTS, re.VERBOSE | re.DOTALL)


@pytest.mark.parametrize(
    "token",
    [
        "'a # b'",
        '"it\'s"',
        r"'it\'s'",
        '"""one "quoted" (word)\n# no comment"""',
        "'''two ''quotes''\n'''",
        r'"""\""" still in it"""',
        "# (a 'comment",
        "''",
    ],
)
def test_a_string_or_comment_is_one(token: str) -> None:
    """The match is from the first to the last character, whatever is in between."""
    found = [match.group() for match in OPAQUE.finditer(f"({token}\n, x)")]
    assert found == [token]


def test_a_string_that_does_not_end_is_none() -> None:
    """A quote that is not closed on its line opens no string, so the following lines are read."""
    assert OPAQUE.findall("it's\n'x'") == ["'x'"]
