"""Source files: read from disk or memory, decoded, and divided into cells.

A `.py` file is one cell without a number; a notebook has one for each Python code cell.
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
from orderlint.text.marks import mentions_keras
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


SAVED_MODELS = frozenset({".keras", ".h5", ".hdf5"})
IS_SAVED_MODEL = "a saved model, not source code: `orderlint inspect` checks it"


class FileKind(str, Enum):
    """The kind of a source file."""

    PYTHON = "python"
    NOTEBOOK = "notebook"


@record(eq=False, slots=True)
class SourceFile:
    """A source file in memory.

    Attributes:
        path: The file as it is shown, POSIX style.
        kind: Python or notebook.
        cells: One for a Python file; the Python code cells, in order, for a notebook.
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
        """The newline most lines of the file end with."""
        return dominant_newline(self.decoded.text)

    @property
    def left_out(self) -> tuple[Cell, ...]:
        """The cells that are too large to be parsed."""
        return tuple(cell for cell in self.cells if cell.is_left_out)

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """Why cells do not parse, in order; parses them all."""
        return tuple(cell.problem for cell in self.cells if cell.problem is not None)

    def holds(self, place: Site) -> bool:
        """Whether a site is in this file. The line is not used, since computing it takes as long as a parse."""
        return isinstance(place, NodeSite) and place.cell.path == self.path

    def cell(self, number: int | None) -> Cell:
        """The cell of that number (`None`: the whole file).

        Raises:
            KeyError: There is no such code cell.
        """
        at = (number or 1) - 1  # code cells are numbered from 1
        if at < len(self.cells) and self.cells[at].number == number:
            return self.cells[at]
        for cell in self.cells:
            if cell.number == number:
                return cell
        raise KeyError(number)

    def to_bytes(self, text: str) -> bytes:
        """The bytes to write for a changed `text`, in this file's encoding and with its byte order mark.

        Raises:
            SourceError: The encoding lacks a character of the text.
        """
        return encode(text, self.decoded)


def read_source(path: str | os.PathLike[str], shown: str | None = None) -> SourceFile:
    """Read a Python file or notebook.

    Args:
        path: The file.
        shown: The path to show in reports; `path` itself if `None`.

    Raises:
        SourceError: It cannot be read, is no text, is in another encoding than it says, or is a broken notebook.
    """
    return source_from_bytes(bytes_of(path), shown if shown is not None else os.fspath(path))


def bytes_of(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file.

    Raises:
        SourceError: It cannot be read.
    """
    if os.path.splitext(path)[1].lower() in SAVED_MODELS:  # noqa: PTH122
        raise SourceError(IS_SAVED_MODEL)
    try:
        return read_regular(path)
    except (OSError, ValueError) as error:
        raise SourceError(in_words(error)) from None


def source_from_bytes(data: bytes, path: str) -> SourceFile:
    """A source file from its bytes; `path` decides whether it is a notebook.

    Raises:
        SourceError: It is no text, is in another encoding than it says, or is a broken notebook.
    """
    return _source(decode(data, cookie=not _is_notebook(path)), path)


def source_from_text(text: str, path: str = "<string>") -> SourceFile:
    """A source file from text in memory; `path` decides whether it is a notebook.

    Raises:
        SourceError: It holds a NUL character or is a broken notebook.
    """
    if (at := text.find("\0")) >= 0:
        line, _ = LineTable(text).position(at)
        raise SourceError(f"the text contains a NUL character in line {line}, so it is not source text")
    return _source(DecodedText(text.removeprefix("\ufeff"), "utf-8"), path)


def may_hold_models(data: bytes, names: Iterable[str] = ()) -> bool:
    """Whether a file is worth parsing: a scan of its bytes, some hundred times faster than a parse.

    Args:
        data: The bytes of the file.
        names: Further names that make it so, such as those of the configured roles; only the last part of a
            dotted name counts.
    """
    return mentions_keras(data) or any(name.rpartition(".")[2].encode() in data for name in names)


def _source(decoded: DecodedText, path: str) -> SourceFile:
    shown = path.replace(os.sep, "/")
    if _is_notebook(path):
        from orderlint.text.notebook import notebook_cells

        return SourceFile(shown, FileKind.NOTEBOOK, _bounded(notebook_cells(decoded.text, shown)), decoded)
    return SourceFile(shown, FileKind.PYTHON, _bounded((Cell(shown, decoded.text),)), decoded)


def _bounded(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells, those left out whose trees, with those of the cells before, would be too large."""
    room = MOST_TOKENS
    if sum(len(cell.text) for cell in cells) <= room:  # nearly every file: no token is shorter than a character
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
