"""Text to libcst tree, or the reason why not."""

from __future__ import annotations

import ast
import warnings

import libcst as cst

__all__ = ["Refusal", "parse"]

Refusal = tuple[int, int, str]  # line and column from 1, message


def parse(text: str) -> cst.Module | Refusal:
    """The syntax tree of a text, or where and why it does not parse. Never raises."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _python_refusal(text) or (error.raw_line, error.raw_column + 1, error.message)


def _python_refusal(text: str) -> Refusal | None:
    """What the running Python says of a text; its messages are clearer than libcst's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg
    return None
