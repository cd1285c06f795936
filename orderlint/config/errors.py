"""Errors in a configuration, with their position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from orderlint.discovery import shown_path
from orderlint.words import hint

__all__ = ["ConfigError", "line_of", "nearest", "usable"]

Known = TypeVar("Known")


class ConfigError(Exception):
    """Raised if a configuration is invalid.

    Attributes:
        path: The path of the configuration file in messages.
        line: The line, from 1; `None` if it is not known.
        message: What is wrong, without the position.
    """

    __module__ = "orderlint"  # where users import it from, which a traceback names

    def __init__(self, file: Path, line: int | None, message: str) -> None:
        self.path = shown_path(file)
        self.line = line
        self.message = message
        place = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{place}: {message}")


def usable(known: Known | ConfigError) -> Known:
    """Return what was read from a file, or raise the error that reading it caused.

    Raises:
        ConfigError: The file is invalid.
    """
    if isinstance(known, ConfigError):
        raise known.with_traceback(None)  # it grows each time it is raised
    return known


def nearest(given: str, known: Iterable[str]) -> str:
    """The end of a message with the most similar known word, or with all known words."""
    words = list(known)
    return hint(given.replace("_", "-"), words, otherwise="; known are " + ", ".join(f"`{word}`" for word in words))


def line_of(text: str, keys: tuple[str, ...], value: str | None = None) -> int | None:
    """The line of a key in a TOML text, or of a string within its value; `None` if it is not found.

    TOML readers do not store positions. So this searches for headers and keys at the start of lines.

    >>> line_of('[tool.a]\\nb = [\\n  "x",\\n]\\n', ("tool", "a", "b"), "x")
    3
    """
    lines = text.splitlines()
    best: tuple[int, int] | None = None
    for number, found in _keys(lines):
        depth = min(len(found), len(keys))
        if found[:depth] == keys[:depth] and (best is None or depth > best[0]):
            best = depth, number
    if best is None:
        return None
    return (value is not None and _line_with(lines, best[1], value)) or best[1]


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_PATH})\s*\]")
_PAIR = re.compile(rf"\s*({_PATH})\s*=")


def _keys(lines: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """All headers and keys, as complete paths of keys, with their lines."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            table = _path(header[1])
            yield number, table
        elif pair := _PAIR.match(line):
            yield number, (*table, *_path(pair[1]))


def _path(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, text))


def _line_with(lines: list[str], start: int, value: str) -> int | None:
    """The first line with a string, from `start` on and before the next header; `None` if there is none."""
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if f'"{value}"' in line or f"'{value}'" in line:
            return number
        if number > start and _HEADER.match(line):
            return None
    return None
