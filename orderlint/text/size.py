"""Estimates how large the tree of a text will be, before it is parsed.

libcst creates about one object of 100 to 200 bytes for every two characters of dense code, so a list of a million
numbers takes gigabytes. A token takes at most about 3 KiB (measured for lists, calls, chains, statements and
definitions). So the number of tokens bounds the memory. Comments and blank lines take a tenth of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

__all__ = ["MOST_TOKENS", "num_tokens"]

MOST_TOKENS: Final = 65_000
"""The most tokens of one file that are parsed. They take about 200 MiB, and the analysis takes as much again.
The longest of 2,950 public files with Keras layers has 45,000."""

_MOST_CHARACTERS: Final = 2 * 2**20
_LINES_A_TOKEN: Final = 4
"""The number of blank lines that take as much memory as one token. Each is an object of more than a kilobyte."""

_TOKEN: Final = re.compile(r"^[ \t]*#[^\r\n]*|\w+|[^\w\s]", re.MULTILINE)
"""A comment line is one token: notebooks that were converted to scripts contain images as comments, with hundreds of
kilobytes in a line. Such a line may be part of a string, but that is one token, too."""


def num_tokens(text: str, most: int = MOST_TOKENS) -> int:
    """The number of tokens in a text. The words of strings, and of comments after code, count, too.

    Returns: The number; if it is larger than `most`, any number above `most`.

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
