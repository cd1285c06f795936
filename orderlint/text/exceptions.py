"""Masks the exception syntax of Python 2, so that the rest of a script can be parsed with the same lines and columns.

except IOError, error:           except IOError       :
raise ValueError, "no layers"    raise ValueError
"""

from __future__ import annotations

import re

from orderlint.text.lexical import STRINGS_AND_COMMENTS

__all__ = ["mask_exceptions"]

_CLASSES = r"(?: [\w.]+ | \( [^()\n]* \) )"
_TOKEN = re.compile(
    STRINGS_AND_COMMENTS
    + rf"""
    | (?P<except> \bexcept\b [ \t]* {_CLASSES} ) (?P<name> [ \t]* , [ \t]* \w+ [ \t]* ) (?= : )
    | (?P<raise> \braise [ \t]+ [\w.]+ ) (?P<value> [ \t]* , [^\n\r;]* )
    """,
    re.VERBOSE | re.DOTALL,
)


def mask_exceptions(text: str) -> str:
    """A text of the same length without the names and values of exceptions in Python 2 syntax.

    >>> mask_exceptions("except (IOError, OSError), e: pass")
    'except (IOError, OSError)   : pass'
    >>> mask_exceptions("raise ValueError, 'no'")
    'raise ValueError      '
    """
    return _TOKEN.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    kept = match["except"] or match["raise"]
    return kept.ljust(len(match[0])) if kept else match[0]
