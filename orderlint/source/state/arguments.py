"""The evaluated arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from orderlint.records import record
from orderlint.source.state.values import Unknown, Value

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Arguments"]


@record(frozen=True, slots=True)
class Arguments:
    """The arguments of a call.

    Attributes:
        positional: The positional arguments in order, including those of a known `*args`.
        keywords: The keyword arguments by name, including those of a known `**kwargs`.
        unknown: The values of `*args` and `**kwargs` that are not known.
        nodes: The syntax nodes of the arguments, if the call is in the code.
        starred: The unknown values that are passed by position.
    """

    positional: list[Value]
    keywords: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[Value, ...] = ()
    nodes: tuple[cst.Arg, ...] = ()
    starred: tuple[Value, ...] = ()

    def get(self, position: int, name: str) -> Value | None:
        """The argument with a position or a name; `None` if it is missing."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[position] if position < len(self.positional) else None

    def may_hold(self, name: str) -> bool:
        """Whether an argument with this name may be among the unknown ones."""
        return any(not isinstance(value, Unknown) or name not in value.lacks for value in self.unknown)

    def after(self, *first: Value) -> Arguments:
        """These arguments with others before them, for example `self`."""
        return Arguments([*first, *self.positional], self.keywords, self.unknown, self.nodes, self.starred)

    def every(self) -> list[Value]:
        return [*self.positional, *self.keywords.values(), *self.unknown]
