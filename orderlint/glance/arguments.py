"""The arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderlint.glance.things import NOTHING, Value

__all__ = ["Given"]


class Given:
    """The arguments of a call.

    Attributes:
        positional: In order.
        keywords: By name.
        more: What further arguments may be (`*args`, `**kwargs`); nothing if there are none.
        place: A number for where the call stands.
    """

    __slots__ = ("keywords", "more", "place", "positional")

    def __init__(
        self,
        positional: Sequence[Value] = (),
        keywords: Mapping[str, Value] | None = None,
        more: Value = NOTHING,
        place: int = 0,
    ) -> None:
        self.positional = tuple(positional)
        self.keywords = dict(keywords or {})
        self.more = more
        self.place = place

    @property
    def every(self) -> tuple[Value, ...]:
        """All arguments, by whatever way they are given."""
        return (*self.positional, *self.keywords.values(), *((self.more,) if self.more else ()))

    def get(self, position: int, name: str) -> Value | None:
        """An argument by position or name."""
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(name)

    def after(self, first: Value) -> Given:
        """The same with one more argument in front."""
        return Given((first, *self.positional), self.keywords, self.more, self.place)

    @property
    def key(self) -> object:
        """What tells these arguments from others, wherever they stand."""
        return self.positional, tuple(sorted(self.keywords.items(), key=lambda item: item[0])), self.more
