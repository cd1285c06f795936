"""The arguments of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from orderlint.catalog import ACTIVATIONS
from orderlint.glance.lists import Dict, List, tokens_of
from orderlint.glance.things import DATA, NOTHING, SCALAR, UNKNOWN, Const, Text, Thing, Value, is_plain, one
from orderlint.glance.values import join

__all__ = ["Given"]

LARGEST_FLAG = 2  # larger numbers are widths: strides, factors and the numbers of the first blocks are smaller
_NO_TOKEN = frozenset([None])


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
        """The same arguments, but constants are `DATA`."""
        return self._each(_blurred)

    @property
    def coarse(self) -> Given:
        """The same arguments, but widths and the names of layers are `SCALAR`.

        These differ in each block of a large model, and rarely decide about the order of its layers. Small numbers,
        flags and names that are one plain word often do.
        """
        return self._each(_coarse)

    def _each(self, change: Callable[[Value], Value]) -> Given:
        """The same arguments, each changed."""
        maybe, keywords = (
            {name: change(value) for name, value in some.items()} for some in (self.maybe, self.keywords)
        )
        return Given(tuple(map(change, self.positional)), keywords, self.more, self.place, maybe)

    @property
    def key(self) -> object:
        """Identifies these arguments, whatever their place."""
        return self.positional, _sorted(self.keywords), self.more, _sorted(self.maybe)


def _blurred(value: Value) -> Value:
    return join(value & UNKNOWN, DATA, *map(_data, value - UNKNOWN)) if is_plain(value) else value


def _coarse(value: Value) -> Value:
    kept = frozenset(thing for thing in value if not _is_of_one_layer(thing))
    return value if len(kept) == len(value) else join(kept, SCALAR)


def _data(thing: Thing) -> Value:
    """`DATA` in place of a plain thing. A list that can be changed stays the same list: layers may be added to it."""
    if tokens_of(thing) <= _NO_TOKEN:
        return DATA
    inner = join(DATA, *map(_blurred, thing.inner))
    return one(List((), inner, thing.token) if type(thing) is List else Dict({}, inner, thing.token))


def _is_of_one_layer(thing: Thing) -> bool:
    """Whether a thing is a width, or a name that is more than a word. Each layer has its own."""
    if type(thing) is not Const:
        return type(thing) is Text
    if isinstance(thing.value, str):
        return thing.value not in ACTIVATIONS and not thing.value.isalpha()
    return type(thing.value) in (int, float) and not -LARGEST_FLAG <= thing.value <= LARGEST_FLAG


def _sorted(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(values.items(), key=lambda item: item[0]))
