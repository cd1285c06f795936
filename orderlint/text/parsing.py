"""Parses text with libcst, or returns the reason why that is not possible."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import TYPE_CHECKING

from orderlint.text.decoding import NEWLINE, LineTable
from orderlint.text.indents import even_indents
from orderlint.text.nesting import DIRECT_KIB, measure_nesting, run_deep

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Refusal", "literal", "parse", "parse_evened", "python_accepts", "python_tree", "refusal", "string"]

Refusal = tuple[int, int, str]  # line and column from 1, message

_LIBCST_PLACE = re.compile(r"parser error: error at (\d+):(\d+): ")
_NOT_LIBCST = "Python reads this, but orderlint's parser (libcst) does not"
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_HAS_CONFLICT = "it has merge conflict markers"
_MARK = "\ufeff"
_HAS_MARK = "invalid non-printable character U+FEFF (a byte order mark)"
_TOO_DEEP = "nested too deeply for orderlint, even if Python reads it"
_LONG = 62  # characters of a reason, so that the whole message fits a line
_AFTERTHOUGHT = re.compile(r"\. .*| \(detected at .*| on line \d+$")
_INVISIBLE = (("U+00A0", "a no-break space"), ("U+FEFF", "a byte order mark"))
_PARENTHESIS = re.compile(r"\b(?:opening|closing) parenthesis (?=')")


def parse(text: str) -> cst.Module | Refusal:
    """The syntax tree of a text, or the place where it cannot be parsed, with the reason. It never raises an error.

    Only libcst decides, even if the running Python is older than the syntax. If the running Python cannot parse the
    text, either, the reason is Python's message.
    """
    import libcst as cst

    if not text:  # a notebook may have tens of thousands of empty cells
        return cst.Module([], has_trailing_newline=False)
    if text[0] == _MARK:  # libcst would drop it, and a repair would delete it
        return 1, 1, _HAS_MARK
    nesting = measure_nesting(text)
    if nesting.excess is not None:
        return _python_refusal(text) or (*LineTable(text).position(nesting.excess), _TOO_DEEP)
    try:
        if nesting.kib <= DIRECT_KIB:
            return cst.parse_module(text)
        return run_deep(lambda: cst.parse_module(text))
    except cst.ParserSyntaxError as error:
        return _conflict(text) or _python_refusal(text) or _libcst_refusal(error, text)
    except RecursionError:
        return 1, 1, _TOO_DEEP


def parse_evened(text: str) -> tuple[str, cst.Module | Refusal]:
    """The result of `parse` for a text, and the text that was parsed.

    That is the text itself, or one of the same length if libcst only fails because of its indentation.
    """
    outcome = parse(text)
    if isinstance(outcome, tuple) and outcome[2] == _NOT_LIBCST and "\t" in text:
        evened = even_indents(text)
        again = parse(evened)
        if not isinstance(again, tuple):
            return evened, again
    return text, outcome


def refusal(text: str) -> Refusal | None:
    """The place where a text cannot be parsed, with the reason; `None` if the running Python or libcst can parse it.

    If the running Python can, this is ten times as fast as `parse`.
    """
    if python_accepts(text):
        return None
    outcome = parse(text)
    return outcome if isinstance(outcome, tuple) else None


def python_accepts(text: str) -> bool:
    """Whether the running Python can parse a text."""
    return python_tree(text) is not None


def python_tree(text: str) -> ast.Module | None:
    """The tree of the running Python's own parser, which is ten times as fast; `None` if it cannot parse the text."""
    try:
        return _python_parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def literal(text: str) -> object:
    """The value of a Python literal, without warnings about its spelling (`"\\d"`).

    Raises:
        ValueError: The text is not a literal, or its value is too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.literal_eval(text)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise ValueError(text) from error


def string(text: str) -> str | None:
    """The value of a string literal; `None` for any other text."""
    try:
        value = literal(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _conflict(text: str) -> Refusal | None:
    """The place where an unresolved merge conflict begins in a text; `None` if there is none."""
    first, found = 0, 0
    for number, line in enumerate(NEWLINE.split(text) if _CONFLICT[0] in text else (), 1):
        if line[:8].rstrip() == _CONFLICT[found]:
            first, found = first or number, found + 1
            if found == len(_CONFLICT):
                return first, 1, _HAS_CONFLICT
    return None


def _python_refusal(text: str) -> Refusal | None:
    """The running Python's place and reason, which is clearer than libcst's; `None` if there is no syntax error."""
    try:
        _python_parse(text)
    except SyntaxError as error:
        lines = LineTable(text)
        # In some versions, errors in f-strings count from the string, or the place is behind the last line.
        line, column = lines.position(lines.offset(error.lineno or 1, error.offset or 1))
        return line, column, _clause(error.msg)
    except (ValueError, RecursionError, MemoryError):  # NUL characters; too deep for this Python
        return None
    return None


def _python_parse(text: str) -> ast.Module:
    if sys.version_info < (3, 11) and measure_nesting(text).excess is not None:
        raise RecursionError  # this Python would overflow its stack; newer versions raise this error themselves
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as those about invalid escapes
        return ast.parse(text)


def _libcst_refusal(error: cst.ParserSyntaxError, text: str) -> Refusal:
    """The place where libcst cannot parse a text that the running Python can parse."""
    match = _LIBCST_PLACE.match(error.message)
    line, column = (int(match[1]), int(match[2])) if match else (error.raw_line, error.raw_column + 1)
    lines = LineTable(text)
    return *lines.position(lines.offset(line, column)), _NOT_LIBCST


def _clause(message: str) -> str:
    """The message of a parser as one clause, without a capital or a full stop, and short enough for a line.

    >>> _clause("closing parenthesis ']' does not match opening parenthesis '(' on line 2")
    "']' does not match '(' on line 2"
    >>> _clause("cannot assign to function call here. Maybe you meant '==' instead of '='?")
    'cannot assign to function call here'
    """
    message = _PARENTHESIS.sub("", " ".join(message.split())).rstrip(".")
    if len(message) > _LONG:
        message = _AFTERTHOUGHT.sub("", message)
    if message[:2].istitle() and not message[:2].isupper():
        message = message[0].lower() + message[1:]
    for code, name in _INVISIBLE:
        message = message.replace(f"character {code}", f"character {code} ({name})")
    return message
