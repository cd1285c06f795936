"""The arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderlint.glance.things import DATA, NOTHING, UNKNOWN, Value, is_plain
from orderlint.glance.values import join

__all__ = ["Given"]


class Given:
    """The arguments of a call.

    Attributes:
        positional: The positional arguments, in order.
        keywords: The keyword arguments, by name.
        maybe: The keyword arguments that may be missing, by name.
        more: What further arguments may be (`*args`, `**kwargs`); empty if there are none.
        place: A number that identifies the place of the call.
    """

    __slots__ = ("keywords", "maybe", "more", "place", "positional")

    def __init__(
        self,
        positional: Sequence[Value] = (),
        keywords: Mapping[str, Value] | None = None,
        more: Value = NOTHING,
        place: int = 0,
        maybe: Mapping[str, Value] | None = None,
    ) -> None:
        self.positional = tuple(positional)
        self.keywords = dict(keywords or {})
        self.more = more
        self.place = place
        self.maybe = {name: value for name, value in (maybe or {}).items() if name not in self.keywords}

    @property
    def every(self) -> tuple[Value, ...]:
        """All arguments, however they are given."""
        return (*self.positional, *self.keywords.values(), *self.maybe.values(), *((self.more,) if self.more else ()))

    def get(self, position: int, name: str) -> Value | None:
        """The argument with a position or a name; `None` if it is missing."""
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(name) or self.maybe.get(name)

    @property
    def behind_the_first(self) -> Given:
        """The same arguments without the first positional one."""
        return Given(self.positional[1:], self.keywords, self.more, self.place, self.maybe)

    def at(self, place: int) -> Given:
        """The same arguments at another place."""
        return Given(self.positional, self.keywords, self.more, place, self.maybe)

    def after(self, first: Value) -> Given:
        """The same arguments with one more in front."""
        return Given((first, *self.positional), self.keywords, self.more, self.place, self.maybe)

    def put(self, positional: Sequence[Value], keywords: Mapping[str, Value], more: Value) -> Given:
        """The same arguments with those of a `partial` in front."""
        every = {**keywords, **self.keywords}
        maybe = {name: join(value, every.pop(name, NOTHING)) for name, value in self.maybe.items()}
        surely = {name: maybe.pop(name) for name in list(maybe) if name in keywords}
        return Given((*positional, *self.positional), {**every, **surely}, join(more, self.more), self.place, maybe)

    @property
    def blurred(self) -> Given:
        """The same arguments, but plain values are `DATA`."""
        maybe, keywords = (
            {name: _blurred(value) for name, value in some.items()} for some in (self.maybe, self.keywords)
        )
        return Given(tuple(map(_blurred, self.positional)), keywords, self.more, self.place, maybe)

    @property
    def key(self) -> object:
        """Identifies these arguments, whatever their place."""
        return self.positional, _sorted(self.keywords), self.more, _sorted(self.maybe)


def _blurred(value: Value) -> Value:
    return join(value & UNKNOWN, DATA) if is_plain(value) else value


def _sorted(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(values.items(), key=lambda item: item[0]))
