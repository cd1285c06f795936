"""Source files: read from disk or memory, decoded, and divided into cells.

A `.py` file is one cell without a number. A notebook has a cell for each code cell in Python.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import field
from enum import Enum

from orderlint.graph import Site
from orderlint.records import record
from orderlint.text.cells import Cell, NodeSite, QuotedCell, SyntaxProblem, UnparsableError
from orderlint.text.decoding import DecodedText, LineTable, SourceError, decode, dominant_newline, encode
from orderlint.text.failures import in_words
from orderlint.text.marks import SAVED_MODELS, mentions_keras
from orderlint.text.regular import read_regular
from orderlint.text.size import MOST_TOKENS, num_tokens

__all__ = [
    "Cell",
    "FileKind",
    "NodeSite",
    "QuotedCell",
    "SourceError",
    "SourceFile",
    "SyntaxProblem",
    "UnparsableError",
    "bytes_of",
    "may_hold_models",
    "read_source",
    "source_from_bytes",
    "source_from_text",
]


IS_SAVED_MODEL = "a saved model, not source code: `orderlint inspect` checks it"


class FileKind(str, Enum):
    """The kind of a source file."""

    PYTHON = "python"
    NOTEBOOK = "notebook"


@record(eq=False, slots=True)
class SourceFile:
    """A source file in memory.

    Attributes:
        path: The path of the file in reports, with forward slashes.
        kind: Python or notebook.
        cells: One cell for a Python file; the Python code cells of a notebook, in order.
        decoded: The whole text of the file (for a notebook: its JSON) with its encoding and byte order mark.
    """

    path: str
    kind: FileKind
    cells: tuple[Cell, ...]
    decoded: DecodedText = field(repr=False)

    @property
    def text(self) -> str:
        """The whole text of the file; for a notebook, its JSON."""
        return self.decoded.text

    @property
    def newline(self) -> str:
        """The most common newline of the file."""
        return dominant_newline(self.decoded.text)

    @property
    def left_out(self) -> tuple[Cell, ...]:
        """The cells that are too large to be parsed."""
        return tuple(cell for cell in self.cells if cell.is_left_out)

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """The reasons why cells cannot be parsed, in order. All cells are parsed."""
        return tuple(cell.problem for cell in self.cells if cell.problem is not None)

    def holds(self, place: Site) -> bool:
        """Whether a site is in this file. The line is not used, since computing it takes as long as a parse."""
        return isinstance(place, NodeSite) and place.cell.path == self.path

    def cell(self, number: int | None) -> Cell:
        """The cell with a number; `None` is the number of the only cell of a Python file.

        Raises:
            KeyError: There is no such cell, or it is not Python code.
        """
        at = (number or 1) - 1  # code cells are numbered from 1
        if at < len(self.cells) and self.cells[at].number == number:
            return self.cells[at]
        for cell in self.cells:
            if cell.number == number:
                return cell
        raise KeyError(number)

    def to_bytes(self, text: str) -> bytes:
        """The bytes for a changed `text`, with the encoding and the byte order mark of this file.

        Raises:
            SourceError: The encoding cannot encode a character of the text, or would encode unchanged text differently.
        """
        return encode(text, self.decoded)


def read_source(path: str | os.PathLike[str], shown: str | None = None) -> SourceFile:
    """Read a Python file or notebook.

    Args:
        path: The file.
        shown: The path in reports; `None` for `path` itself.

    Raises:
        SourceError: The file cannot be read, is a saved model, is not text, is not in the encoding that it declares, or
            is a broken notebook.
    """
    return source_from_bytes(bytes_of(path), shown if shown is not None else os.fspath(path))


def bytes_of(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file.

    Raises:
        SourceError: The file cannot be read, or is a saved model.
    """
    if os.path.splitext(path)[1].lower() in SAVED_MODELS:  # noqa: PTH122
        raise SourceError(IS_SAVED_MODEL)
    try:
        return read_regular(path)
    except (OSError, ValueError) as error:
        raise SourceError(in_words(error)) from None


def source_from_bytes(data: bytes, path: str) -> SourceFile:
    """Create a source file from its bytes. The suffix of `path` determines whether it is a notebook.

    Raises:
        SourceError: The bytes are not text, are not in the encoding that they declare, or are a broken notebook.
    """
    return _source(decode(data, cookie=not _is_notebook(path)), path)


def source_from_text(text: str, path: str = "<string>") -> SourceFile:
    """Create a source file from text in memory. The suffix of `path` determines whether it is a notebook.

    Raises:
        SourceError: The text contains a NUL character, or is a broken notebook.
    """
    if (at := text.find("\0")) >= 0:
        line, _ = LineTable(text).position(at)
        raise SourceError(f"the text contains a NUL character in line {line}, so it is not source text")
    return _source(DecodedText(text.removeprefix("\ufeff"), "utf-8"), path)


def may_hold_models(data: bytes, names: Iterable[str] = ()) -> bool:
    """Whether a file is worth parsing. This searches its bytes, which is about a hundred times as fast as parsing.

    Args:
        data: The bytes of the file.
        names: Further names to search for, such as those of the configured roles. Only the last part of a dotted name
            counts.
    """
    return mentions_keras(data) or any(name.rpartition(".")[2].encode() in data for name in names)


def _source(decoded: DecodedText, path: str) -> SourceFile:
    shown = path.replace(os.sep, "/")
    if _is_notebook(path):
        from orderlint.text.notebook import notebook_cells

        return SourceFile(shown, FileKind.NOTEBOOK, _bounded(notebook_cells(decoded.text, shown)), decoded)
    return SourceFile(shown, FileKind.PYTHON, _bounded((Cell(shown, decoded.text),)), decoded)


def _bounded(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells, but a cell is left out if the trees of all cells up to it would be too large."""
    room = MOST_TOKENS
    if sum(len(cell.text) for cell in cells) <= room:  # nearly all files: a token has at least one character
        return cells
    bounded = []
    for cell in cells:
        tokens = num_tokens(cell.text, room)
        fits = tokens <= room
        room -= tokens if fits else 0
        bounded.append(cell if fits else Cell(cell.path, "", cell.number, cell.raw, is_left_out=True))
    return tuple(bounded)


def _is_notebook(path: str) -> bool:
    return path.lower().endswith(".ipynb")
