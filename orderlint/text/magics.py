"""Masks IPython's additions to Python, so that the rest of a cell can be parsed with the same lines and columns.

A masked line becomes the expression `0` and spaces, because a block needs a statement. Each text keeps its length, so
offsets in the masked text are offsets in the cell. If the result of a shell line or a magic is assigned, the line
becomes the name `__`, which nothing binds. So its value is unknown.

    files = !ls *.py                files = __
    model = %time build()           model =       build()
    %time model = build()           0;    model = build()
    %%bash                          not Python: the cell is left out

In scripts for IPython, only lines with `%` and `!` are masked.

The syntax is from IPython 8 (IPython/core/inputtransformer2.py). Magics that IPython rejects (after the colon of `if
x:`, or a cell magic after a comment) are masked, too: the author of the notebook sees that error anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from orderlint.text.lexical import STRINGS_AND_COMMENTS
from orderlint.text.parsing import python_accepts

__all__ = ["mask_magics", "mask_script_magics"]

# Cell magics that run Python in the namespace of the notebook, or that precede Python. The cell of a magic in neither
# list is Python if it can be parsed.
_PYTHON_CELL = re.compile(
    r"backend|capture|debug|heat|ipytest|lprun|memit|mprun|orderlint|prun|px|pyinstrument|scalene|snakeviz|time|timeit|wandb"
)
# Another language, another process, another file.
_FOREIGN_CELL = re.compile(
    r"!|bash|batch|bigquery|cmd|cython|file|fortran|html|javascript|js|julia|latex|markdown|md|octave|perl|powershell|"
    r"pypy|python[23]?|r|ruby|script|sh|shell|sql|svg|sx|system|typescript|writefile",
    re.IGNORECASE,
)
# Magics and commands that people use without `%`.
_AUTOMAGICS = (
    "alias|cat|cd|clear|conda|cp|env|history|less|ls|load|load_ext|mamba|man|matplotlib|mkdir|more|mv|"
    "pip|pwd|pylab|reload_ext|rm|rmdir|run|set_env|time|timeit|uv|who|whos"
)

_LONGEST_TIMED = 2_000  # characters; without a limit, each `%time` with an open bracket could scan the whole text

_CELL_MAGIC = re.compile(r"[ \t]*%%([^\s%?]+)(?![^\r\n]*\?\s*$)[^\r\n]*", re.MULTILINE)
_NO_CODE = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_INDENT = re.compile(r"(?:[ \t]*(?:\r\n?|\n))*([ \t]+)(?=\S)")
_ESCAPED = re.compile(r"[ \t\f]*([%!?/,;])")
_ESCAPED_IN_SCRIPTS = re.compile(r"[ \t\f]*([%!])")
_AUTOMAGIC = re.compile(rf"[ \t\f]*(?:{_AUTOMAGICS})(?:[ \t]+[^\s=(,;:][^\r\n]*)?[ \t]*(?=[\r\n]|\Z)")
_HELP_END = re.compile(r"[\w*\]]\?{1,2}[ \t]*\Z")
_TIME = re.compile(r"%time[ \t]+(?=[^\s\-])")
_MAGIC_VALUE = re.compile(r"[ \t]*(?:!(?!=)|%{1,2}(?=[A-Za-z_]))")
_COMMAND = re.compile(r"(?:[^\r\n]*\\(?:\r\n?|\n))*[^\r\n]*")
_TOKEN = re.compile(
    STRINGS_AND_COMMENTS
    + r"""
    | \\(?:\r\n?|\n)
    | \r\n?|\n
    | [()\[\]{}?]
    | [=!<>:]=
    | [=:]
    """,
    re.VERBOSE | re.DOTALL,
)


class _Mask(NamedTuple):
    """The characters `start:end` are replaced by `filler` and spaces."""

    start: int
    end: int
    filler: str = ""

    def apply(self, text: str) -> str:
        hidden = "".join(character if character in "\r\n" else " " for character in text[self.start : self.end])
        return (self.filler + hidden[len(self.filler) :])[: len(hidden)]


def mask_magics(text: str) -> str | None:
    """The Python code of a notebook cell, with the same length as the cell; `None` if the cell is not Python.

    >>> mask_magics("%matplotlib inline\\nx = 1")
    '0                 \\nx = 1'
    >>> mask_magics("%%bash\\nls") is None
    True
    """
    masks, start, known = _cell_magics(text)
    if masks is None:
        return None
    if any(character in text for character in "%!?/,;") or _AUTOMAGIC.search(text):
        masks.extend(_line_masks(text, start))
    masked = _undent(_masked(text, masks))
    return masked if known or python_accepts(masked) else None


def mask_script_magics(text: str) -> str:
    """A script with masked magics and shell lines. It has the same length.

    It is meant for texts that cannot be parsed.

    >>> mask_script_magics("%matplotlib inline\\nx = 1")
    '0                 \\nx = 1'
    """
    if "%" not in text and "!" not in text:
        return text
    return _masked(text, list(_line_masks(text, 0, is_script=True)))


def _cell_magics(text: str) -> tuple[list[_Mask] | None, int, bool]:
    """The masks of the `%%` lines, the start of the remaining text, and whether that is known to be Python.

    There are no masks (`None`) for a cell that is not Python.
    """
    masks: list[_Mask] = []
    known = True
    position = _code_start(text, 0)
    while match := _CELL_MAGIC.match(text, position):
        if _FOREIGN_CELL.fullmatch(match[1]):
            return None, position, True
        known = known and _PYTHON_CELL.fullmatch(match[1]) is not None
        masks.append(_Mask(match.start(), match.end()))
        position = _code_start(text, match.end())
    return masks, position if masks else 0, known


def _code_start(text: str, position: int) -> int:
    """The start of the first line with code. `position` is the start or the end of a line."""
    while match := _NO_CODE.match(text, position):
        position = match.end()
    return position


def _masked(text: str, masks: list[_Mask]) -> str:
    pieces: list[str] = []
    position = 0
    for mask in masks:
        pieces += (text[position : mask.start], mask.apply(text))
        position = mask.end
    pieces.append(text[position:])
    return "".join(pieces)


def _line_masks(text: str, position: int, *, is_script: bool = False) -> Iterator[_Mask]:
    """The masks of everything that is not Python, one logical line after the other."""
    escaped = _ESCAPED_IN_SCRIPTS if is_script else _ESCAPED
    while position < len(text):
        position = _code_start(text, position)
        if match := escaped.match(text, position):
            mask = _statement_mask(text, match.start(1))
            yield mask
            position = mask.end if mask.filler == "0" else _LogicalLine(text, mask.end).end
        elif (
            not is_script and (match := _AUTOMAGIC.match(text, position)) and not python_accepts(match.group().strip())
        ):
            yield _Mask(_after_blanks(text, position), match.end(), "0")
            position = match.end()
        else:
            line = _LogicalLine(text, position)
            yield from line.masks
            position = line.end


def _statement_mask(text: str, start: int) -> _Mask:
    """The mask of a magic or command at the start of a line. If Python follows `%time`, only `%time` is masked."""
    if (time := _TIME.match(text, start)) and _is_python_to_end(text, time.end(), "0;"):
        return _Mask(start, time.end(), "0;")
    return _Mask(start, _command_end(text, start), "0")


def _value_mask(text: str, start: int) -> _Mask:
    """The mask of a magic or command whose result is assigned. If Python follows `%time`, only `%time` is masked."""
    if (time := _TIME.match(text, start)) and _is_python_to_end(text, time.end()):
        return _Mask(start, time.end())
    return _Mask(start, _command_end(text, start), "__")


def _is_python_to_end(text: str, start: int, before: str = "") -> bool:
    """Whether the rest of the logical line is Python, and not longer than `_LONGEST_TIMED`."""
    reach = text[start : start + _LONGEST_TIMED]
    line = _LogicalLine(reach, 0)
    is_cut = line.end == len(reach) < len(text) - start
    return not is_cut and not line.masks and python_accepts(before + reach[: line.end])


def _command_end(text: str, start: int) -> int:
    """The end of a command: the end of its line, or of the last line if `\\` continues it."""
    match = _COMMAND.match(text, start)
    assert match is not None  # it matches the empty text
    return match.end()


def _after_blanks(text: str, position: int) -> int:
    while text[position] in " \t\f":
        position += 1
    return position


class _LogicalLine:
    """A logical line of Python, with the masks that it needs."""

    __slots__ = ("_asks", "end", "masks", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.masks: list[_Mask] = []
        self._asks = False  # whether there is a question mark outside of strings and comments
        self.end = self._scan(start)

    def _scan(self, start: int) -> int:
        depth = 0
        position = start
        while match := _TOKEN.search(self.text, position):
            token = match.group()
            position = match.end()
            if token in "([{":
                depth += 1
            elif token in ")]}":
                depth = max(depth - 1, 0)
            elif token == "?":
                self._asks = True
            elif depth:
                continue
            elif token[0] in "\r\n":
                self._note_help(start, match.start())
                return position
            elif token in ("=", ":") and (magic := _MAGIC_VALUE.match(self.text, position)):
                mark = _after_blanks(self.text, position)
                mask = _value_mask(self.text, mark) if token == "=" else _statement_mask(self.text, mark)
                self.masks.append(mask)
                position = max(mask.end, magic.end())
        self._note_help(start, len(self.text))
        return len(self.text)

    def _note_help(self, start: int, end: int) -> None:
        """Mask the line if it asks for help by a `?` at its end."""
        if self._asks and _HELP_END.search(self.text, start, end):
            self.masks = [_Mask(_after_blanks(self.text, start), end, "0")]


def _undent(text: str) -> str:
    """The cell without the indentation of its first line, which IPython removes.

    In Python, a form feed resets the indentation. So a form feed replaces the last space of it, and columns stay the
    same.
    """
    match = _INDENT.match(text)
    if match is None or match.end() == len(text):
        return text
    indent = match[1]
    return re.sub(rf"(?m)^{indent}", indent[:-1] + "\f", text)
