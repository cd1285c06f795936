"""Computes the positions of libcst nodes, as character offsets.

libcst's own `PositionProvider` takes three times as long as parsing (0.18 MB/s, this module: 2.0 MB/s). It splits every
token at newlines, and creates position objects for every node. Running the same code generator with a current offset
gives the same spans. Lines and columns are only computed for the few nodes for which they are needed.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from orderlint.text.nesting import deeper_if_needed

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Spans", "node_spans"]

Spans = dict["cst.CSTNode", tuple[int, int]]


def node_spans(module: cst.Module, text: str) -> Spans:
    """The offsets of each node of a tree in the text that it was parsed from. The ends are exclusive.

    As in libcst's `PositionProvider`, expressions do not include their own parentheses, and statements do not include
    leading comments. Nodes for punctuation (commas, operators) include their whitespace.
    """
    state = deeper_if_needed(lambda: _written(module))
    code = "".join(state.tokens)
    if code == text:
        return state.spans
    shift = _Shift(code, text)
    return {node: shift.span(start, end) for node, (start, end) in state.spans.items()}


def _written(module: cst.Module) -> _OffsetState:
    state = _OffsetState(module.default_indent, module.default_newline)
    module._codegen(state)  # type: ignore[arg-type]  # the state has the interface, not the base class
    return state


class _OffsetState:
    """The state of libcst's code generator (`libcst._nodes.internal.CodegenState`), which also records spans."""

    __slots__ = (
        "default_indent",
        "default_newline",
        "indent_tokens",
        "offset",
        "provider",
        "spans",
        "starts",
        "tokens",
    )

    def __init__(self, default_indent: str, default_newline: str) -> None:
        self.default_indent = default_indent
        self.default_newline = default_newline
        self.provider = None
        self.tokens: list[str] = []
        self.indent_tokens: list[str] = []
        self.offset = 0
        self.starts: list[int] = []
        self.spans: Spans = {}

    def increase_indent(self, value: str) -> None:
        self.indent_tokens.append(value)

    def decrease_indent(self) -> None:
        self.indent_tokens.pop()

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """Called at the end, for a text that does not end with a newline."""
        if self.tokens:
            self.tokens.pop()

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.spans.setdefault(node, (self.starts.pop(), self.offset))  # its syntactic position may already be known

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> AbstractContextManager[None]:
        return _SyntacticSpan(self, node, start_node, end_node)


class _SyntacticSpan:
    """Records the span of what is written within a `with`. It is a class, because a generator takes twice as long."""

    __slots__ = ("end_node", "node", "start", "start_node", "state")

    def __init__(
        self, state: _OffsetState, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.state = state
        self.node = node
        self.start_node = start_node
        self.end_node = end_node
        self.start = 0

    def __enter__(self) -> None:
        self.start = self.state.offset

    def __exit__(self, exception_type: object, *rest: object) -> None:
        if exception_type is not None:  # the spans of the inner nodes may be missing
            return
        spans = self.state.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.state.offset if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)


class _Shift:
    """Maps offsets in the code that libcst writes to offsets in the text that it read, if the two differ.

    libcst 1.9 drops form feeds within indentation, the space in `except X :`, a lone `\\r` at the end, and a `\\` line
    before the first statement. It never drops characters with a meaning, and never adds any.
    """

    __slots__ = ("_gaps", "_shifts")

    def __init__(self, code: str, text: str) -> None:
        self._gaps = [0]  # offsets in the code; from each, the offset in the text is larger by the shift at its index
        self._shifts = [0]
        position = 0
        for offset, character in enumerate(code):
            if text[position : position + 1] != character:
                position = _after_dropped(text, position, character)
                self._gaps.append(offset)
                self._shifts.append(position - offset)
            position += 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text of `start:end` in the code."""
        moved = self._offset(start)
        return moved, (self._offset(end - 1) + 1 if end > start else moved)

    def _offset(self, offset: int) -> int:
        return offset + self._shifts[bisect_right(self._gaps, offset) - 1]


def _after_dropped(text: str, position: int, character: str) -> int:
    """The position in the text of the next character that libcst kept."""
    start = position
    while position < len(text) and text[position] != character and text[position] in " \t\f\r\n\\":
        position += 1
    return position if text[position : position + 1] == character else start
