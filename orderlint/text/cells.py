"""Cells: pieces of Python text that are analyzed. They are parsed when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from orderlint.graph import Location
from orderlint.records import record
from orderlint.text.decoding import LineTable, without_surrogates
from orderlint.text.positions import Spans, node_spans

if TYPE_CHECKING:
    import ast

    import libcst as cst

__all__ = ["Cell", "NodeSite", "Parsed", "QuotedCell", "SyntaxProblem", "UnparsableError"]


@record(frozen=True, slots=True)
class SyntaxProblem:
    """The reason why a file or a cell cannot be parsed.

    Attributes:
        line: From 1; in a notebook, within the cell.
        column: From 1, in code points.
        message: One clause without a full stop.
        cell: The notebook cell, from 1 over all cells; `None` outside notebooks.
    """

    line: int
    column: int
    message: str
    cell: int | None = None


class UnparsableError(Exception):
    """Raised by `Cell.module` if the text cannot be parsed."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@record(frozen=True, slots=True)
class Parsed:
    """The result of parsing a text: a tree, or the reason why there is none.

    Attributes:
        code: The text that was parsed. It may be masked (see `Cell.code`).
    """

    code: str
    module: cst.Module | None
    problem: SyntaxProblem | None


class Cell:
    """A piece of Python text: a whole file, or one code cell of a notebook. It is immutable.

    Attributes:
        path: The path of the file in reports.
        number: From 1 over all cells of the notebook; `None` for a whole file.
        text: The Python code. In a notebook, magics are masked so that lines and columns stay the same.
        raw: The original text of the file or cell.
        is_left_out: Whether its tree would be too large. Then `text` is empty, and the check adds a warning.
    """

    def __init__(
        self, path: str, text: str, number: int | None = None, raw: str | None = None, *, is_left_out: bool = False
    ) -> None:
        self.path: Final = path
        self.text: Final = without_surrogates(text)
        self.number: Final = number
        self.raw: Final = text if raw is None else raw
        self.is_left_out: Final = is_left_out

    def __repr__(self) -> str:
        where = self.path if self.number is None else f"{self.path}, cell {self.number}"
        return f"<Cell {where}>"

    @property
    def module(self) -> cst.Module:
        """The syntax tree, parsed once.

        Raises:
            UnparsableError: The text cannot be parsed.
        """
        module, problem = self._parsed.module, self._parsed.problem
        if module is None:
            assert problem is not None
            raise UnparsableError(problem)
        return module

    @property
    def problem(self) -> SyntaxProblem | None:
        """The reason why the text cannot be parsed; `None` if it can be."""
        return self._parsed.problem

    @property
    def code(self) -> str:
        """The text that was parsed. Tabs, code that only Python 2 reads, and magics are masked if they prevent parsing.

        It has the same length as the text, so that offsets are the same in both.
        """
        return self._parsed.code

    @cached_property
    def lines(self) -> LineTable:
        """Where the lines of `text` start."""
        return LineTable(self.text)

    @cached_property
    def python_tree(self) -> ast.Module | None:
        """The result of `script_tree` for the text."""
        from orderlint.text.scripts import script_tree

        return script_tree(self.text)

    def check_syntax(self) -> SyntaxProblem | None:
        """The reason why the text cannot be parsed; `None` if it can be. Then, this is ten times as fast as `problem`.

        It is meant for texts that are not analyzed: if the running Python can parse the text, libcst is not used.
        """
        return self._parsed.problem if "_parsed" in vars(self) else self._refusal

    def body(self, node: cst.FunctionDef) -> Sequence[cst.BaseStatement | cst.BaseSmallStatement] | None:
        """The statements of a function in this cell's tree; `None` if they cannot be parsed."""
        return node.body.body

    def parsed_apart(self) -> Iterable[tuple[cst.FunctionDef, cst.FunctionDef]]:
        """Functions that were parsed separately: each without its body, as in this cell's tree, and with its body."""
        return ()

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The character offsets of a node in `text`, without surrounding whitespace. The end is exclusive.

        Raises:
            KeyError: The node is not in this cell's tree.
        """
        return self._spans[node]

    def locate(self, node: cst.CSTNode) -> Location:
        """The location of a node in this cell's tree."""
        return self.location(*self.span(node))

    def location(self, start: int, end: int) -> Location:
        """The location of the characters `start:end` of `text`."""
        line, column = self.lines.position(start)
        end_line, end_column = self.lines.position(end)
        return Location(self.path, line, column, end_line, end_column, self.number)

    @cached_property
    def _spans(self) -> Spans:
        return node_spans(self.module, self.code)

    @cached_property
    def _parsed(self) -> Parsed:
        from orderlint.text.parsing import parse_evened  # imports libcst, which is slow

        vars(self).pop("python_tree", None)  # frees memory: this tree is no longer needed once there is the other one
        code, outcome = parse_evened(self.text)
        if isinstance(outcome, tuple) and self._masked != code:
            code, outcome = parse_evened(self._masked)
        if isinstance(outcome, tuple):
            return Parsed(code, None, SyntaxProblem(*outcome, self.number))
        return Parsed(code, outcome, None)

    @cached_property
    def _refusal(self) -> SyntaxProblem | None:
        from orderlint.text.parsing import refusal

        outcome = None if self.python_tree is not None else refusal(self.text)
        if outcome is not None and self._masked != self.text:
            outcome = refusal(self._masked)
        return None if outcome is None else SyntaxProblem(*outcome, self.number)

    @cached_property
    def _masked(self) -> str:
        """The text without code that only Python 2 or IPython can read."""
        from orderlint.text.scripts import mask_script

        return mask_script(self.text)


@record(frozen=True, slots=True)
class NodeSite:
    """The place of a syntax node. Its position is only computed on request. Sites of the same node are equal."""

    cell: Cell
    node: cst.CSTNode

    def __hash__(self) -> int:
        return hash(self.node)  # a node is only in one cell, and sites are often used as keys

    def location(self) -> Location:
        """The location of the node."""
        return self.cell.locate(self.node)


class QuotedCell(Cell):
    """Code in a string that other code evaluates (`eval("Dense(8)")`). All of it has the position of that call.

    Args:
        place: The call that evaluates it.
    """

    def __init__(self, place: NodeSite) -> None:
        super().__init__(place.cell.path, place.cell.text, place.cell.number, place.cell.raw)
        self._place = place

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The span of the call that evaluates the code, in the enclosing cell."""
        return self._place.cell.span(self._place.node)
