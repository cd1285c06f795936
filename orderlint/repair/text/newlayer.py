"""The text of a new layer: an expression with its comments."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.records import record
from orderlint.repair.text.arguments import NO_COMMENTS, Comments
from orderlint.repair.text.lines import Item

__all__ = ["NewLayer"]


@record(frozen=True, slots=True)
class NewLayer:
    """A layer to insert.

    Attributes:
        code: The expression that constructs or names it.
        comments: The comments that come with it.
    """

    code: str
    comments: Comments = NO_COMMENTS

    def former(self, form: str) -> Callable[[Item], str]:
        """Returns a function that makes the statement for its place after another one."""
        return lambda after: self.statement(form, after.indent, after.newline)

    def statement(self, form: str, indent: str, newline: str) -> str:
        """A statement with the layer, without the indentation of its first line.

        Args:
            form: The statement, with `{}` for the layer.
        """
        above = "".join(f"{line}{newline}{indent}" for line in self.comments.above)
        behind = f"  {self.comments.behind}" if self.comments.behind else ""
        return f"{above}{form.replace('{}', self.indented(indent))}{behind}"

    def indented(self, indent: str) -> str:
        """The code with indented further lines."""
        return self.code.replace("\n", f"\n{indent}")
