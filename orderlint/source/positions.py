"""Where the nodes of a libcst tree stand, as character offsets.

libcst's own `PositionProvider` costs three times the parse (ten times what is below): it splits every token at
newlines and makes position objects for every node. Walking the same code generator with a running offset gives the
same spans, and lines and columns are worked out only for the few nodes that are asked for.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Spans", "node_spans"]

Spans = dict["cst.CSTNode", tuple[int, int]]


def node_spans(module: cst.Module) -> Spans:
    """The offsets of every node in `module.code`, end exclusive.

    As in libcst's `PositionProvider`, an expression goes without its own parentheses and a statement without
    leading comments; nodes that only exist for layout (commas, operators) come with their whitespace.

    Raises:
        RecursionError: The tree is nested too deeply.
    """
    state = _OffsetState(module.default_indent, module.default_newline)
    module._codegen(state)  # type: ignore[arg-type]  # the state has the interface, not the base class
    return state.spans


class _OffsetState:
    """What libcst's code generator writes to (`libcst._nodes.internal.CodegenState`), keeping lengths alone."""

    __slots__ = ("default_indent", "default_newline", "indents", "offset", "provider", "spans", "starts", "tokens")

    def __init__(self, default_indent: str, default_newline: str) -> None:
        self.default_indent = default_indent
        self.default_newline = default_newline
        self.provider = None
        self.tokens: list[str] = [""]  # `Module` asks only whether any token was written
        self.indents: list[int] = []
        self.offset = 0
        self.starts: list[int] = []
        self.spans: Spans = {}

    def increase_indent(self, value: str) -> None:
        self.indents.append(len(value))

    def decrease_indent(self) -> None:
        self.indents.pop()

    def add_indent_tokens(self) -> None:
        self.offset += sum(self.indents)

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """The newline at the end of the text is not in the file; no span depends on it."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self.starts.pop()
        if node not in self.spans:  # else its syntactic position is known already
            self.spans[node] = (start, self.offset)

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> AbstractContextManager[None]:
        return _SyntacticSpan(self, node, start_node, end_node)


class _SyntacticSpan:
    """Records the span of what is written inside a `with`; a class, as generators cost twice as much here."""

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

    def __exit__(self, *exception: object) -> None:
        spans = self.state.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.state.offset if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)
