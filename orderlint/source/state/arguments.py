"""The arguments of a call, evaluated."""

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
        positional: In order, those of a known `*args` among them.
        keywords: By name, those of a known `**kwargs` among them.
        unknown: The values of `*args` and `**kwargs` that are not known.
        nodes: The syntax of the arguments, if the call stands in the code.
        starred: Those of the unknown ones that are given by position.
    """

    positional: list[Value]
    keywords: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[Value, ...] = ()
    nodes: tuple[cst.Arg, ...] = ()
    starred: tuple[Value, ...] = ()

    def get(self, position: int, name: str) -> Value | None:
        """An argument by position or name; `None` if it is not given."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[position] if position < len(self.positional) else None

    def may_hold(self, name: str) -> bool:
        """Whether an argument of this name may be among those that are not known."""
        return any(not isinstance(value, Unknown) or name not in value.lacks for value in self.unknown)

    def after(self, *first: Value) -> Arguments:
        """These arguments with others before them: `self`, say."""
        return Arguments([*first, *self.positional], self.keywords, self.unknown, self.nodes, self.starred)

    def every(self) -> list[Value]:
        return [*self.positional, *self.keywords.values(), *self.unknown]
