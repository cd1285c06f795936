"""Replaces numerals that only Python 2 accepts, such as `0777` and `10L`, by numerals of Python 3 of the same length.

os.makedirs(folder, 0755)        os.makedirs(folder, 493 )
limit = 10L; start()             limit = 10 ; start()
"""

from __future__ import annotations

import re

from orderlint.text.lexical import STRINGS_AND_COMMENTS

__all__ = ["mask_numerals"]

_TOKEN = re.compile(
    STRINGS_AND_COMMENTS
    + r"""
    | (?<![\w.]) (?:
          (?P<octal> 0+ [1-7] [0-7]* ) [lL]?
        | (?P<long> 0[xX][0-9a-fA-F]+ | 0[oO][0-7]+ | 0[bB][01]+ | \d+ ) [lL]
      ) (?! \w | \.\d )
    """,
    re.VERBOSE | re.DOTALL,
)


def mask_numerals(text: str) -> str:
    """A text of the same length with the numerals of Python 3.

    >>> mask_numerals("os.mkdir(path, 0777)")
    'os.mkdir(path, 511 )'
    >>> mask_numerals("n = 10L + 0xFFL")
    'n = 10  + 0xFF '
    """
    return _TOKEN.sub(_modern, text)


def _modern(match: re.Match[str]) -> str:
    numeral = match["long"] or (str(int(match["octal"], 8)) if match["octal"] else match[0])
    return numeral.ljust(len(match[0]))
