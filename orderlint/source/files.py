"""Source files as the analyser sees them: text in cells, parsed when first asked for.

A `.py` file is one cell without a number; a notebook has one for each code cell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from orderlint.graph import Location
from orderlint.source.positions import Spans, node_spans
from orderlint.source.text import (
    DecodedText,
    LineTable,
    SourceError,
    decode,
    dominant_newline,
    encode,
    without_surrogates,
)

if TYPE_CHECKING:
    import libcst as cst

__all__ = [
    "Cell",
    "FileKind",
    "NodeSite",
    "SourceError",
    "SourceFile",
    "SyntaxProblem",
    "UnparsableError",
    "may_hold_models",
    "read_source",
    "source_from_bytes",
    "source_from_text",
]

_MODEL_MARKS = re.compile(
    rb"keras|tensorflow|layers|Sequential|Dense|Conv(?:olution)?[123]D|[Nn]ormalization|BatchNorm|[Dd]ropout|Activation"
)


class FileKind(str, Enum):
    """What a source file is."""

    PYTHON = "python"
    NOTEBOOK = "notebook"


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a file or a cell does not parse.

    Attributes:
        line: From 1, within the cell in a notebook.
        column: From 1, in code points.
        message: One clause without a full stop.
        cell: The notebook cell, from 1 over all cells; `None` outside notebooks.
    """

    line: int
    column: int
    message: str
    cell: int | None = None


class UnparsableError(Exception):
    """Raised by `Cell.module` where the text does not parse."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Cell:
    """A piece of Python text: a whole file, or one code cell of a notebook.

    Attributes:
        path: The file, as it is shown.
        number: From 1 over all cells of the notebook; `None` for a whole file.
        text: What is parsed. In a notebook, magics are masked so that lines and columns stay as they are.
        raw: The text as it stands in the file or cell.
    """

    __slots__ = ("_lines", "_module", "_problem", "_spans", "number", "path", "raw", "text")

    def __init__(self, path: str, text: str, number: int | None = None, raw: str | None = None) -> None:
        self.path = path
        self.text = without_surrogates(text)
        self.number = number
        self.raw = text if raw is None else raw
        self._module: cst.Module | None = None
        self._problem: SyntaxProblem | None = None
        self._spans: Spans | None = None
        self._lines: LineTable | None = None

    def __repr__(self) -> str:
        where = self.path if self.number is None else f"{self.path}, cell {self.number}"
        return f"<Cell {where}>"

    @property
    def module(self) -> cst.Module:
        """The syntax tree, parsed once.

        Raises:
            UnparsableError: The text does not parse.
        """
        if self._module is None:
            if self._problem is None:
                self._parse()
            if self._module is None:
                assert self._problem is not None
                raise UnparsableError(self._problem)
        return self._module

    @property
    def problem(self) -> SyntaxProblem | None:
        """Why the text does not parse; `None` if it does."""
        if self._module is None and self._problem is None:
            self._parse()
        return self._problem

    @property
    def lines(self) -> LineTable:
        """Where the lines of `text` start."""
        if self._lines is None:
            self._lines = LineTable(self.text)
        return self._lines

    def check_syntax(self) -> SyntaxProblem | None:
        """Why the text does not parse, `None` if it does; ten times faster than `problem` where it does.

        It is for texts that are not analysed: it builds no tree, as long as the running Python can read the text.
        """
        if self._module is not None or self._problem is not None:
            return self._problem
        from orderlint.source.parsing import refusal

        outcome = refusal(self.text)
        if outcome is not None:
            self._problem = SyntaxProblem(*outcome, self.number)
        return self._problem

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Character offsets of a node in `text`, end exclusive, without surrounding whitespace.

        Raises:
            KeyError: The node is not one of this cell's tree.
        """
        if self._spans is None:
            self._spans = node_spans(self.module, self.text)
        return self._spans[node]

    def locate(self, node: cst.CSTNode) -> Location:
        """Where a node of this cell's tree stands."""
        return self.location(*self.span(node))

    def location(self, start: int, end: int) -> Location:
        """The location of the characters `start:end` of `text`."""
        line, column = self.lines.position(start)
        end_line, end_column = self.lines.position(end)
        return Location(self.path, line, column, end_line, end_column, self.number)

    def _parse(self) -> None:
        from orderlint.source.parsing import parse  # brings in libcst, which is slow to import

        outcome = parse(self.text)
        if isinstance(outcome, tuple):
            self._problem = SyntaxProblem(*outcome, self.number)
        else:
            self._module = outcome


@dataclass(frozen=True, slots=True)
class NodeSite:
    """The place of a syntax node; its position is worked out only when asked for. Equal for the same node."""

    cell: Cell
    node: cst.CSTNode

    def location(self) -> Location:
        """Where the node stands."""
        return self.cell.locate(self.node)


@dataclass(eq=False, slots=True)
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
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """Why cells do not parse, in order; parses them all."""
        return tuple(cell.problem for cell in self.cells if cell.problem is not None)

    def cell(self, number: int | None) -> Cell:
        """The cell of that number (`None`: the whole file).

        Raises:
            KeyError: There is no such code cell.
        """
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
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SourceError((error.strerror or str(error)).lower()) from None
    except ValueError as error:  # a path with a NUL character
        raise SourceError(str(error)) from None
    return source_from_bytes(data, shown if shown is not None else os.fspath(path))


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
        raise SourceError(f"the text holds a NUL character in line {line}, so it is not source text")
    return _source(DecodedText(text.removeprefix("\ufeff"), "utf-8"), path)


def may_hold_models(data: bytes, names: Iterable[str] = ()) -> bool:
    """Whether a file is worth parsing: a scan of its bytes, some hundred times faster than a parse.

    Args:
        data: The bytes of the file.
        names: Further names that make it so, such as those of the configured roles; only the last part of a
            dotted name counts.
    """
    if _MODEL_MARKS.search(data):
        return True
    return any(name.rpartition(".")[2].encode() in data for name in names)


def _source(decoded: DecodedText, path: str) -> SourceFile:
    shown = path.replace(os.sep, "/")
    if _is_notebook(path):
        from orderlint.source.notebook import notebook_cells

        return SourceFile(shown, FileKind.NOTEBOOK, notebook_cells(decoded.text, shown), decoded)
    return SourceFile(shown, FileKind.PYTHON, (Cell(shown, decoded.text),), decoded)


def _is_notebook(path: str) -> bool:
    return path.lower().endswith(".ipynb")
