"""Strings and comments as scans find them."""

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
    """From its first character to its last, whatever stands in it."""
    found = [match.group() for match in OPAQUE.finditer(f"({token}\n, x)")]
    assert found == [token]


def test_a_string_that_does_not_end_is_none() -> None:
    """A quote without its like on the line opens nothing, so that the lines below are read."""
    assert OPAQUE.findall("it's\n'x'") == ["'x'"]
