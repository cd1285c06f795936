"""Writes changed cells into the text of a notebook. All other bytes stay the same.

The JSON is not dumped again. Only the text of each changed line of source is replaced, so the order of keys, the
indentation, the number formats, the escapes and the last newline stay the same.

nbformat dumps the JSON again. It reproduces only 101 of 198 public notebooks (`json.dumps` 113). For one changed line
of code, it would rewrite the layout of all others. It also takes half a second to import.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from orderlint.records import record

__all__ = ["elements", "replace_sources", "source_spans"]

_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"[ \t\r\n]*")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STRING_LINE = re.compile(r"(?:[^\\]|\\[^n])*(?:\\n|\Z)")
_PERHAPS_ESCAPED = re.compile(r"\\u(?!00[0-7])")


def replace_sources(text: str, sources: Mapping[int, str]) -> str:
    """The text of a notebook with new source in some cells. Only the lines of source that differ are changed.

    Args:
        text: The JSON of a notebook that `notebook_cells` reads.
        sources: The new sources by the number of the cell. Numbers count all cells, from 1.

    Raises:
        KeyError: There is no such cell, or it has no source.

    >>> replace_sources('{"cells": [{"source": ["a\\\\n", "b"]}]}', {1: "a\\nc"})
    '{"cells": [{"source": ["a\\\\n", "c"]}]}'
    """
    spans = source_spans(text)
    pieces: list[str] = []
    position = 0
    for number in sorted(sources):
        start, end = spans[number]
        pieces += (text[position:start], _Value(text, start, end).rewritten(sources[number]))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def source_spans(text: str) -> dict[int, tuple[int, int]]:
    """The span of the source of each cell in the JSON of a notebook, by the cell's number."""
    spans: dict[int, tuple[int, int]] = {}
    for number, start in enumerate(_cell_starts(text), 1):
        members = _members(text, start)
        span = members.get("source", members.get("input"))
        if span is not None:
            spans[number] = span
    return spans


def _cell_starts(text: str) -> Iterator[int]:
    notebook = _members(text, _skip(text, 0))
    if "worksheets" not in notebook:
        yield from (start for start, _ in elements(text, notebook["cells"][0]))
        return
    for sheet, _ in elements(text, notebook["worksheets"][0]):
        cells = _members(text, sheet).get("cells")
        if cells is not None:
            yield from (start for start, _ in elements(text, cells[0]))


def _skip(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def _members(text: str, start: int) -> dict[str, tuple[int, int]]:
    """The spans of the values of the JSON object at `start`. The last of equal keys counts, as in `json`."""
    members: dict[str, tuple[int, int]] = {}
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        value = _skip(text, _skip(text, position) + 1)  # over the colon
        _, end = _DECODER.raw_decode(text, value)
        members[key] = (value, end)
        position = _after_comma(text, end)
    return members


def elements(text: str, start: int) -> list[tuple[int, int]]:
    """The spans of the elements of the JSON list at `start`."""
    elements: list[tuple[int, int]] = []
    position = _skip(text, start + 1)
    while text[position] != "]":
        _, end = _DECODER.raw_decode(text, position)
        elements.append((position, end))
        position = _after_comma(text, end)
    return elements


def _after_comma(text: str, position: int) -> int:
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position


@record(frozen=True, slots=True)
class _Unit:
    """A piece of source that is kept or replaced as a whole, usually a line.

    Attributes:
        text: The source.
        json: The JSON for it in the file.
        index: Its number in the old source; `None` if it is new.
    """

    text: str
    json: str
    index: int | None = None


class _Value:
    """The JSON value of the source of a cell: `text[start:end]`."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.file = text
        self.start = start
        self.json = text[start:end]
        self.is_list = self.json.startswith("[")

    def rewritten(self, source: str) -> str:
        """The JSON for a new source. The JSON of equal lines stays the same."""
        old = self._units()
        if source == "".join(unit.text for unit in old):
            return self.json
        new = list(self._merged(old, source))
        if self.is_list:
            return self._list_json(new)
        return '"' + "".join(unit.json for unit in new) + '"'

    def _units(self) -> list[_Unit]:
        if self.is_list:
            return [
                _Unit(json.loads(self.json[start:end]), self.json[start:end], index)
                for index, (start, end) in enumerate(elements(self.json, 0))
            ]
        pieces = [match.group() for match in _STRING_LINE.finditer(self.json[1:-1]) if match.group()]
        return [_Unit(json.loads(f'"{piece}"'), piece, index) for index, piece in enumerate(pieces)]

    def _merged(self, old: Sequence[_Unit], source: str) -> Iterator[_Unit]:
        """The units of the new source: old units where they are equal, and new ones for new lines."""
        before = [unit.text for unit in old]
        after = _split_alike(before, source)
        for _, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if before[start:end] == after[new_start:new_end]:
                yield from old[start:end]
            else:
                yield from (_Unit(line, self._dumped(line)) for line in after[new_start:new_end])

    def _dumped(self, line: str) -> str:
        dumped = json.dumps(line, ensure_ascii=self._escapes_characters(line))
        return dumped if self.is_list else dumped[1:-1]

    def _escapes_characters(self, line: str) -> bool:
        """Whether to escape characters outside of ASCII: as in this cell or, if it has none, as in the file."""
        if any("\ud800" <= character <= "\udfff" for character in line):
            return True  # a lone surrogate can only be written as an escape
        for text in (self.json, self.file):
            if not text.isascii():
                return False
            if _has_escaped_character(text):
                return True
        return False

    def _list_json(self, new: Sequence[_Unit]) -> str:
        if not new:
            return "[]"
        spans = elements(self.json, 0)
        between = [self.json[end:start] for (_, end), (start, _) in pairwise(spans)]
        opening, closing = self._brackets(spans)
        usual = Counter(between).most_common(1)[0][0] if between else "," + (opening[1:] or " ")
        pieces = [opening]
        for unit, follower in zip(new, [*new[1:], None], strict=True):
            pieces.append(unit.json)
            if follower is not None:
                adjacent = unit.index is not None and follower.index == unit.index + 1
                pieces.append(between[unit.index] if adjacent and unit.index is not None else usual)
        return "".join([*pieces, closing])

    def _brackets(self, spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
        """The opening and the closing bracket, with the whitespace inside them."""
        if spans:
            return self.json[: spans[0][0]], self.json[spans[-1][1] :]
        line_start = self.file.rfind("\n", 0, self.start) + 1
        indent = self.file[line_start : _skip(self.file, line_start)]
        first_indent = re.search(r"\n([ \t]+)", self.file)
        if first_indent is None or not self.file.startswith('"', line_start + len(indent)):
            return "[", "]"  # all on one line
        return f"[\n{indent}{first_indent[1]}", f"\n{indent}]"


def _split_alike(old: Sequence[str], source: str) -> list[str]:
    """Split a source into pieces in the same way as the old one.

    nbformat splits with `str.splitlines`, and other programs split at `\\n`. If neither of them gives the old pieces,
    those at the start and at the end are kept as far as they fit.
    """
    text = "".join(old)
    if list(old) == _LINE.findall(text):
        return _LINE.findall(source)
    if list(old) == text.splitlines(keepends=True):
        return source.splitlines(keepends=True)
    head: list[str] = []
    for piece in old:
        if not source.startswith(piece):
            break
        head.append(piece)
        source = source[len(piece) :]
    tail: list[str] = []
    for piece in reversed(old[len(head) :]):
        if not source.endswith(piece):
            break
        tail.append(piece)
        source = source[: len(source) - len(piece)]
    return [*head, *_LINE.findall(source), *reversed(tail)]


def _has_escaped_character(text: str) -> bool:
    r"""Whether JSON contains an escape of a character outside of ASCII. This has to be fast for megabytes of outputs.

    >>> [_has_escaped_character(text) for text in (r'"\u00e9"', r'"\u000a"', r'"C:\\users"')]
    [True, False, False]
    """
    for found in _PERHAPS_ESCAPED.finditer(text):
        start = at = found.start()
        while start and text[start - 1] == "\\":
            start -= 1
        if (at - start) % 2 == 0:
            return True
    return False
