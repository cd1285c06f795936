"""Masks code of Python 2 or IPython, so that the rest of a script can be parsed with the same lines and columns."""

from __future__ import annotations

import ast

from orderlint.text.exceptions import mask_exceptions
from orderlint.text.magics import mask_script_magics
from orderlint.text.numerals import mask_numerals
from orderlint.text.parsing import python_tree
from orderlint.text.prints import mask_prints

__all__ = ["mask_script", "script_tree"]


def script_tree(text: str) -> ast.Module | None:
    """The tree of the running Python's own parser for a text or else for its masked text; `None` if both fail."""
    tree = python_tree(text)
    if tree is not None:
        return tree
    masked = mask_script(text)
    return python_tree(masked) if masked != text else None


def mask_script(text: str) -> str:
    """A text of the same length without code that only Python 2 can read, magics and shell lines.

    It is meant for texts that cannot be parsed. In other texts, it might mask more.

    >>> mask_script('!ls\\nprint "x is", x')
    '0  \\n(0            )'
    """
    return mask_exceptions(mask_numerals(mask_prints(mask_script_magics(text))))
