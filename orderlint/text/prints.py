"""Masks the `print` statements of Python 2, so that the rest of a script can be parsed with the same lines and columns.

A statement becomes `0` in parentheses, of the same length, because a block needs a statement. So offsets in the masked
text are offsets in the file, including the end of the statement, since a repair may move it. Code that Python 3 accepts
(`print("a")`, `print >>log, "a"`) stays the same, and so do statements whose brackets do not match.

    print "loss", loss,              (0               )
    if verbose: print "x"; y = 1     if verbose: (0      ); y = 1
"""

from __future__ import annotations

import re

from orderlint.text.lexical import STRINGS_AND_COMMENTS

__all__ = ["mask_prints"]

_STATEMENT = re.compile(
    r"""
    print (?: [ \t]* (?: [uUbB]? [rR]? ["'] | ` )
            | (?: [ \t]+ | [ \t]* \\ (?:\r\n?|\n) [ \t]* )
              (?! (?: and | else | for | if | in | is | not[ \t]+in | or ) \b ) [\w"'`\\] )
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(
    STRINGS_AND_COMMENTS
    + r"""
    | \\(?:\r\n?|\n)
    | \r\n?|\n
    | [()\[\]{};:]
    | \bprint\b
    """,
    re.VERBOSE | re.DOTALL,
)


def mask_prints(text: str) -> str:
    """A text of the same length without its `print` statements.

    It is meant for texts that cannot be parsed. In other texts, it might mask more.

    >>> mask_prints('x = 1\\nprint "x is", x')
    'x = 1\\n(0            )'
    >>> mask_prints('print("x")')
    'print("x")'
    """
    if "print" not in text:
        return text
    pieces: list[str] = []
    done = depth = start = 0  # `start`: the start of the current statement
    since: int | None = None  # the start of the current `print` statement
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            since = since if depth else None
            depth = max(depth - 1, 0)
        elif depth:
            continue
        elif mark == "print":
            if not text[start : token.start()].strip() and _STATEMENT.match(text, token.start()):
                since = token.start()
        elif mark[0] in "\r\n;#" or (mark == ":" and since is None):
            if since is not None:
                pieces += (text[done:since], _blank(text[since : token.start()]))
                done, since = token.start(), None
            start = token.end()
    if since is not None and not depth:
        pieces += (text[done:since], _blank(text[since:]))
        done = len(text)
    return "".join((*pieces, text[done:]))


def _blank(statement: str) -> str:
    """A statement without effect, with the same length and the same newlines."""
    inside = statement.rstrip()[2:-1]
    blanks = "".join(character if character in "\r\n" else " " for character in inside)
    return f"(0{blanks}){statement[len(inside) + 3 :]}"
