"""The layout of help on narrow terminals, where click would break words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import click

__all__ = ["Formatter"]

_TWO_COLUMNS = re.compile(r" *(?P<key>\S.*?) {2,}(?P<text>\S.*)")
_INNER_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_UNBREAKABLE = "\ue000"  # replaces hyphens while lines are broken
_DEEP = 12  # spaces before a line that continues the second column


class Formatter(click.HelpFormatter):
    """Click's formatter, but rows of two columns (marked with `\\b`) fit any width, and names are not broken."""

    def write_text(self, text: str) -> None:
        room = self.width - self.current_indent
        fitted = "\n\n".join(_fitted(paragraph, room) for paragraph in text.split("\n\n"))
        super().write_text(_unbroken(fitted))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(first, _unbroken(second)) for first, second in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_UNBREAKABLE, "-")


def _unbroken(text: str) -> str:
    """A text whose names (`orderlint-baseline.json`) are not broken at their hyphens."""
    return _INNER_HYPHEN.sub(_UNBREAKABLE, text)


def _fitted(paragraph: str, room: int) -> str:
    """A paragraph. If it consists of rows that are too wide, the second column is moved below the first one."""
    mark, _, body = paragraph.partition("\n")
    if mark.strip() != "\b" or all(len(row) <= room for row in body.split("\n")):
        return paragraph
    rows = (textwrap.fill(words, room, initial_indent=at, subsequent_indent=at) for at, words in _entries(body))
    return "\n".join([mark, *rows])


def _entries(body: str) -> Iterator[tuple[str, str]]:
    """The texts of the rows, with their indentations. Those of the second column follow those of the first column."""
    found: list[tuple[int, str]] = []
    for row in body.split("\n"):
        indent = len(row) - len(row.lstrip())
        if indent >= _DEEP and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {row.strip()}")
        elif match := _TWO_COLUMNS.fullmatch(row):
            found += [(indent, match["key"]), (indent + 4, match["text"])]
        else:
            found.append((indent, row.strip()))
    yield from ((" " * indent, words) for indent, words in found)
