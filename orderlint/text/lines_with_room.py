"""The lines of a text to which a comment can be added: those that do not end in a string or with a backslash."""

from __future__ import annotations

import io
import tokenize

from orderlint.records import record
from orderlint.text.decoding import NEWLINE

__all__ = ["Lines", "lines_of"]

_STARTS = {kind for kind in (getattr(tokenize, f"{name}STRING_START", None) for name in "FT") if kind is not None}
_ENDS = {kind for kind in (getattr(tokenize, f"{name}STRING_END", None) for name in "FT") if kind is not None}
_LAYOUT = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)


@record(frozen=True, slots=True)
class Lines:
    """The physical lines of a text. All numbers start at 1.

    Attributes:
        lines: The lines, without their newlines.
        closed: The numbers of the lines to which no comment can be added.
        comments: The column of the comment of each line that has one.
        statements: For each line of a statement, its first and last line.
        code: The tokens without comments and blank lines. They are equal for texts that only differ in these.
    """

    lines: tuple[str, ...]
    closed: frozenset[int]
    comments: dict[int, int]
    statements: dict[int, tuple[int, int]]
    code: tuple[tuple[int, str], ...]


def lines_of(text: str) -> Lines | None:
    """The lines of a text; `None` if Python's tokenizer cannot read it."""
    lines = tuple(NEWLINE.split(text))
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    comments = {token.start[0]: token.start[1] + 1 for token in tokens if token.type == tokenize.COMMENT}
    closed = {
        number for number, line in enumerate(lines, 1) if number not in comments and line.rstrip(" \t").endswith("\\")
    }
    opened: list[int] = []
    first: int | None = None
    statements: dict[int, tuple[int, int]] = {}
    for token in tokens:
        closed.update(range(token.start[0], token.end[0]) if token.type not in (tokenize.NEWLINE, tokenize.NL) else ())
        if token.type in _STARTS:
            opened.append(token.start[0])
        elif token.type in _ENDS and opened:
            closed.update(range(opened.pop(), token.end[0]))
        if token.type == tokenize.NEWLINE and first is not None:
            statements.update(dict.fromkeys(range(first, token.start[0] + 1), (first, token.start[0])))
            first = None
        elif token.type not in _LAYOUT and first is None:
            first = token.start[0]
    code = tuple((token.type, token.string) for token in tokens if token.type not in (tokenize.NL, tokenize.COMMENT))
    return Lines(lines, frozenset(closed), comments, statements, code)
