"""How large the tree of a text will be, before it is parsed.

libcst makes about one object of 100 to 200 bytes for every two characters of dense code: a list of a million numbers
becomes gigabytes. Trees come of tokens, at most some three KiB of each (measured over lists, calls, chains, statements
and definitions), so a scan that counts them bounds the memory. Comments and blank lines cost a tenth of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

__all__ = ["MOST_TOKENS", "num_tokens"]

MOST_TOKENS: Final = 65_000
"""The most tokens of the code of one file that are parsed: some 200 MiB, and as much again for what is made of it.
The longest of 2,950 public files with Keras layers has 45,000."""

_MOST_CHARACTERS: Final = 2 * 2**20
_LINES_A_TOKEN: Final = 4
"""Blank lines that take as much memory as one token: each is an object, of more than a kilobyte."""

_TOKEN: Final = re.compile(r"^[ \t]*#[^\r\n]*|\w+|[^\w\s]", re.MULTILINE)
"""A line of comment is one: notebooks turned into scripts hold images as comments, hundreds of kilobytes a line. Such a
line may stand in a string, but that is one token as well."""


def num_tokens(text: str, most: int = MOST_TOKENS) -> int:
    """How many tokens a text has, words of strings and of comments behind code counted too.

    Returns: The number, or anything above `most` if it is larger.

    >>> num_tokens("x = [1, 1]  # ones"), num_tokens("# two ones")
    (9, 1)
    >>> num_tokens("f" * 100_000_000) > MOST_TOKENS
    True
    """
    if len(text) > _MOST_CHARACTERS:
        return most + 1
    blank = max(text.count("\n"), text.count("\r")) // _LINES_A_TOKEN
    return blank + _count(islice(_TOKEN.finditer(text), max(most + 1 - blank, 0)))


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)
