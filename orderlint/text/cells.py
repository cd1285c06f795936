"""Cells: the pieces of Python text that are analysed, parsed when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderlint.graph import Location
from orderlint.text.decoding import LineTable, without_surrogates
from orderlint.text.positions import Spans, node_spans

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Cell", "NodeSite", "SyntaxProblem", "UnparsableError"]


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
        text: What is parsed. In a notebook, magics are masked so that lines and columns stay as they are; so are the
            `print` statements of Python 2 in a text that does not parse with them.
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
        from orderlint.text.parsing import refusal

        outcome = refusal(self.text)
        if outcome is not None and self._steps_over_prints():
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

    def _steps_over_prints(self) -> bool:
        """Mask the `print` statements of Python 2; whether there were any."""
        from orderlint.text.prints import mask_prints

        masked = mask_prints(self.text)
        found, self.text = masked != self.text, masked
        return found

    def _parse(self) -> None:
        from orderlint.text.parsing import parse  # brings in libcst, which is slow to import

        outcome = parse(self.text)
        if isinstance(outcome, tuple) and self._steps_over_prints():
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
