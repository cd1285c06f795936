"""Outlines: imported modules whose functions are only parsed when they are called.

A file that imports a library usually calls a few of its functions. Parsing all of it with libcst takes longer than
interpreting what is called. So the standard `ast`, which is ten times as fast, finds the bodies of functions. libcst
parses the text with spaces instead of these bodies. Each body is parsed when it is needed. Offsets in the outline and
in the text are the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orderlint.records import record
from orderlint.text.cells import Cell, Parsed
from orderlint.text.parsing import Refusal, parse_evened, python_tree
from orderlint.text.positions import Spans, node_spans

if TYPE_CHECKING:
    import libcst as cst

    from orderlint.text.files import SourceFile

__all__ = ["OutlinedCell", "outlined"]

SHORTEST = 80  # characters of a body that is worth parsing separately
_STAND_IN = "pass"
_INDENTING = "if 1:\n"  # precedes an indented function, so that it can be parsed
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")  # fields with statements, in the order of the text


def outlined(file: SourceFile) -> SourceFile:
    """The file with cells whose functions are only parsed when they are needed."""
    return replace(file, cells=tuple(map(_outlined, file.cells)))


def _outlined(cell: Cell) -> OutlinedCell:
    return OutlinedCell(cell.path, cell.text, cell.number, cell.raw, is_left_out=cell.is_left_out)


@record(frozen=True, slots=True)
class _Definition:
    """The place of a function, as offsets in the text.

    Attributes:
        name: Its name.
        line: The start of the line of its `def`.
        body: The start of its first statement.
        end: The end of its last one.
    """

    name: str
    line: int
    body: int
    end: int


class _Piece:
    """A function of an outline, which is parsed when its body is needed.

    Args:
        text: The text of the whole cell.
        definition: The place of the function in it.
    """

    def __init__(self, text: str, definition: _Definition) -> None:
        code = text[definition.line : definition.end]
        self._is_indented = code[:1].isspace()
        self._code = _INDENTING + code if self._is_indented else code
        self._shift = definition.line - (len(_INDENTING) if self._is_indented else 0)

    @property
    def characters(self) -> int:
        """The length of its text."""
        return len(self._code)

    @property
    def module(self) -> cst.Module | None:
        """The tree of the function alone; `None` if libcst cannot parse it, although Python can."""
        _, outcome = self._parsed
        return None if isinstance(outcome, tuple) else outcome

    @cached_property
    def _parsed(self) -> tuple[str, cst.Module | Refusal]:
        return parse_evened(self._code)

    @property
    def is_parsed(self) -> bool:
        """Whether it has been parsed."""
        return "_parsed" in vars(self)

    @property
    def node(self) -> cst.FunctionDef | None:
        """The function with its body; `None` if libcst cannot parse it."""
        block: Any = self.module
        if block is not None and self._is_indented:
            block = block.body[0].body
        return None if block is None else block.body[0]

    @cached_property
    def spans(self) -> Spans:
        """The spans of its nodes in the text of the cell."""
        if self.module is None:
            return {}
        shift, (code, _) = self._shift, self._parsed
        spans = node_spans(self.module, code)
        return {node: (start + shift, end + shift) for node, (start, end) in spans.items()}


class OutlinedCell(Cell):
    """A cell whose tree has `pass` instead of the long bodies of its functions. `body` returns the real body."""

    _characters = 0

    @property
    def parsed_characters(self) -> int:
        """The number of characters that were parsed so far, which determines its memory."""
        return self._characters

    def body(self, node: cst.FunctionDef) -> Sequence[cst.BaseStatement | cst.BaseSmallStatement] | None:
        piece = self._pieces.get(node)
        if piece is None:
            return super().body(node)
        if not piece.is_parsed:
            self._characters += piece.characters
        whole = piece.node
        return None if whole is None else super().body(whole)

    def parsed_apart(self) -> Iterator[tuple[cst.FunctionDef, cst.FunctionDef]]:
        for node, piece in self._pieces.items():
            if piece.is_parsed and piece.node is not None:
                yield node, piece.node

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        found = self._spans.get(node)
        if found is not None:
            return found
        for piece in self._pieces.values():
            if piece.is_parsed and node in piece.spans:
                return piece.spans[node]
        raise KeyError(node)

    @cached_property
    def _outline(self) -> tuple[Parsed, dict[cst.FunctionDef, _Piece]]:
        found = list(_definitions(self))
        self._characters += len(self.text) - sum(one.end - one.body for one in filter(_is_long, found))
        if found:
            code, module = parse_evened(_blanked(self.text, found))
            nodes = [] if isinstance(module, tuple) else list(_functions(module))
            if not isinstance(module, tuple) and [node.name.value for node in nodes] == [one.name for one in found]:
                pieces = {node: _Piece(self.text, one) for node, one in zip(nodes, found, strict=True) if _is_long(one)}
                return Parsed(code, module, None), pieces
        return super()._parsed, {}

    @cached_property
    def _parsed(self) -> Parsed:
        return self._outline[0]

    @cached_property
    def _pieces(self) -> dict[cst.FunctionDef, _Piece]:
        return self._outline[1]


def _is_long(one: _Definition) -> bool:
    return one.end - one.body >= SHORTEST


def _blanked(text: str, found: Sequence[_Definition]) -> str:
    """The text with `pass` and spaces instead of each long body."""
    parts: list[str] = []
    at = 0
    for one in filter(_is_long, found):
        parts += text[at : one.body], _STAND_IN.ljust(one.end - one.body)
        at = one.end
    return "".join((*parts, text[at:]))


def _definitions(cell: Cell) -> Iterator[_Definition]:
    """The outermost functions of a cell, in order; none if Python cannot parse it."""
    tree = python_tree(cell.text)
    if tree is None:
        return
    for node in _outermost(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
        first = node.body[0]
        decorators = getattr(first, "decorator_list", ())
        start = min((first, *decorators), key=lambda one: (one.lineno, one.col_offset))
        at = start.col_offset - 1 if decorators else start.col_offset  # the `@` is not part of a decorator
        body = _offset(cell, start.lineno, at)
        yield _Definition(
            node.name, cell.lines.offset(node.lineno, 1), body, _offset(cell, node.end_lineno, node.end_col_offset)
        )


def _offset(cell: Cell, line: int, column: int) -> int:
    """The offset of a place in the standard `ast`, whose columns are bytes."""
    start = cell.lines.offset(line, 1)
    text = cell.text[start : start + column]
    return start + column if text.isascii() else start + len(text.encode()[:column].decode(errors="replace"))


def _functions(module: cst.Module) -> Iterator[cst.FunctionDef]:
    """The outermost functions of a tree, in order."""
    import libcst as cst

    return _outermost(module, (cst.FunctionDef,))


def _outermost(tree: object, kinds: tuple[type[Any], ...]) -> Iterator[Any]:
    """The outermost definitions of some kinds in the blocks of a tree of either parser."""
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, kinds):
            yield node
            continue
        inner: list[Any] = []
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, (list, tuple)):
                inner += block
            elif block is not None:
                inner.append(block)
        stack += reversed(inner)
