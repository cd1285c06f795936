"""Indentation that Python accepts and libcst does not. It is replaced so that lines and columns stay the same.

Python lets the lines of a block be indented by tabs and those of a block in it by spaces and tabs, as long as the order
of the blocks is the same whether a tab is eight columns wide or one. libcst wants an indentation to begin with the one
around it. A blank for each tab is as long as the tab and keeps that order, as if tabs were one column wide.

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
    """A text of the same length that is indented without tabs; what strings contain stays as it is.

    It is meant for texts that Python reads: in others it may hide that their indentation is inconsistent.

    >>> even_indents("if x:\\n\\ty = '\\t'")
    "if x:\\n y = '\\t'"
    """
    return _TOKEN.sub(_even, text)


def _even(token: re.Match[str]) -> str:
    mark = token.group()
    return mark.replace("\t", " ") if mark[0] in " \t\f" else mark
