"""Replaces indentation that Python accepts and libcst does not, so that lines and columns stay the same.

In Python, a block may be indented by tabs and an inner block by spaces and tabs, as long as a tab width of eight
columns and a tab width of one column give the same order. In libcst, an indentation has to start with that of the
enclosing block. A space for each tab keeps the length and, as with a tab width of one, the order.

    for x in xs:              for x in xs:
    →   if x:                  if x:
    ···→   →   y = x           ······y = x      (spaces are shown as ·, tabs as →)
"""

from __future__ import annotations

import re

from orderlint.text.lexical import STRINGS_AND_COMMENTS

__all__ = ["even_indents"]

_TOKEN = re.compile(STRINGS_AND_COMMENTS + r"| (?<![^\r\n]) [ \t\f]+", re.VERBOSE | re.DOTALL)


def even_indents(text: str) -> str:
    """A text of the same length that is indented without tabs. Strings stay the same.

    It is meant for texts that Python can parse. In other texts, it might hide inconsistent indentation.

    >>> even_indents("if x:\\n\\ty = '\\t'")
    "if x:\\n y = '\\t'"
    """
    return _TOKEN.sub(_even, text)


def _even(token: re.Match[str]) -> str:
    mark = token.group()
    return mark.replace("\t", " ") if mark[0] in " \t\f" else mark
