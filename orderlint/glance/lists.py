"""Lists and dictionaries, with what is known of their elements.

A *token* identifies a list, dictionary or model that can be changed (`Machine.token`). Values with the same token are
the same list at different times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from orderlint.glance.orders import Flow
from orderlint.glance.things import ANY, DATA, MOST_PARTS, Fields, Stack, Thing, Value

__all__ = ["CHANGEABLE", "Dict", "List", "Part", "Tail", "tokens_of"]

_DEEPEST = 8  # lists within lists
_DEEPEST_PLAIN = 4  # lists of numbers and texts within lists: code that wraps one in a list may do so repeatedly
Tail = tuple[tuple[Value, bool], ...]
"""Elements in order, each with whether it may be missing."""
Part = tuple[Tail, bool]
"""Elements in order, and whether they may occur any number of times."""


class _Held(Fields):
    """A list or dictionary. Frequently used properties of its elements are computed once.

    Attributes:
        token: Identifies it among others; `None` if it cannot be changed.
        depth: How deeply it is nested.
        element: What an element or a value of it may be, once that is computed.
        flow: The known ways of the tensors in it, once they are computed.
    """

    __slots__ = (
        "_tokens",
        "depth",
        "element",
        "flow",
        "has_any",
        "has_tail",
        "has_tensor",
        "is_plain",
        "parts",
        "token",
    )

    def __init__(self, values: Iterable[Value], token: object, *, has_tail: bool = False) -> None:
        self.token = token
        self._tokens: frozenset[object] | None = None
        self.element: Value | None = None
        self.flow: Flow | None = None
        depth, parts, is_plain, has_any, has_tensor = 0, 1, True, False, False
        for value in values:
            for thing in value:
                parts += thing.parts
                depth = max(depth, thing.depth)
                has_tail = has_tail or thing.has_tail
                if not thing.is_plain:
                    is_plain = False
                    has_any = has_any or thing.has_any
                    has_tensor = has_tensor or thing.has_tensor
        self.depth, self.parts, self.has_tail = 1 + depth, parts, has_tail
        self.is_plain, self.has_any, self.has_tensor = is_plain, has_any, has_tensor

    @property
    def inner(self) -> tuple[Value, ...]:
        """The values that it holds."""
        raise NotImplementedError

    @property
    def tokens(self) -> frozenset[object]:
        """Its token, and the tokens of what it holds."""
        if self._tokens is None:
            self._tokens = frozenset((self.token,)).union(*map(_tokens_in, self.inner))
        return self._tokens

    @property
    def is_too_much(self) -> bool:
        """Whether it is so deep or large that only `is_plain` is kept of its elements."""
        return self.depth > (_DEEPEST_PLAIN if self.is_plain else _DEEPEST) or self.parts > MOST_PARTS

    def shrink(self) -> Value:
        """Drop the elements. Return what they may be."""
        self.depth = self.parts = 1
        self.has_any, self.has_tensor, self.has_tail = not self.is_plain, False, False
        return DATA if self.is_plain else ANY


class List(_Held):
    """A list, tuple, set, or anything that is iterated.

    Attributes:
        items: Its first elements.
        rest: What each further element may be. There may be any number of them; none if `rest` is empty.
        repeated: The elements that one iteration of a loop adds after `items`, if their order is known.
        tail: The elements after these, if their order is known.
    """

    __slots__ = ("items", "repeated", "rest", "tail")

    def __init__(
        self,
        items: tuple[Value, ...],
        rest: Value = frozenset(),
        token: object = None,
        tail: Tail = (),
        repeated: Tail = (),
    ) -> None:
        further = [value for value, _ in (*repeated, *tail)]
        super().__init__((rest, *items, *further), token, has_tail=bool(further))
        if self.is_too_much:
            items, rest, tail, repeated = (), self.shrink(), (), ()
        self.items = items
        self.rest = rest
        self.tail = tail
        self.repeated = repeated
        self._key = items, rest, token, tail, repeated

    def with_token(self, token: object) -> List:
        """The same list with another token."""
        return List(self.items, self.rest, token, self.tail, self.repeated)

    @property
    def inner(self) -> tuple[Value, ...]:
        return self.rest, *self.items

    @property
    def is_known(self) -> bool:
        """Whether its length is known."""
        return not (self.rest or self.tail or self.repeated)  # in a recursion, `rest` may not be known yet

    @property
    def in_order(self) -> Tail | None:
        """All elements, each with whether it may be missing; `None` if their order or number is not known."""
        if self.repeated or (self.rest and not self.tail):
            return None
        return *((item, False) for item in self.items), *self.tail

    @property
    def parts_in_order(self) -> tuple[Part, ...] | None:
        """All elements, and which of them may occur any number of times; `None` if their order is not known."""
        if not self.repeated:
            elements = self.in_order
            return None if elements is None else ((elements, False),)
        first = tuple((item, False) for item in self.items)
        return (first, False), (self.repeated, True), (self.tail, False)

    def renewed(self, change: Callable[[Value], Value]) -> List:
        """The same list, with `change` applied to each of its values."""
        tail, repeated = (tuple((change(value), miss) for value, miss in some) for some in (self.tail, self.repeated))
        return List(tuple(map(change, self.items)), change(self.rest), self.token, tail, repeated)


class Dict(_Held):
    """A dictionary.

    Attributes:
        entries: The values of the known keys.
        others: What the values of other keys may be.
        optional: The known keys that may be missing.
    """

    __slots__ = ("_entries", "optional", "others")

    def __init__(
        self,
        entries: dict[Any, Value],
        others: Value = frozenset(),
        token: object = None,
        optional: frozenset[Any] = frozenset(),
    ) -> None:
        super().__init__((others, *entries.values()), token)
        if self.is_too_much:
            entries, others = {}, self.shrink()
        self._entries = tuple(entries.items())
        self.others = others
        self.optional = optional.intersection(entries)
        self._key = frozenset(entries.items()), others, token, self.optional

    @property
    def inner(self) -> tuple[Value, ...]:
        return self.others, *(value for _, value in self._entries)

    @property
    def entries(self) -> dict[Any, Value]:
        return dict(self._entries)

    def with_token(self, token: object) -> Dict:
        """The same dictionary with another token."""
        return Dict(self.entries, self.others, token, self.optional)

    def but(
        self, entries: dict[Any, Value], others: Value | None = None, optional: frozenset[Any] | None = None
    ) -> Dict:
        """The same dictionary with other values."""
        others = self.others if others is None else others
        return Dict(entries, others, self.token, self.optional if optional is None else optional)

    def renewed(self, change: Callable[[Value], Value]) -> Dict:
        """The same dictionary, with `change` applied to each of its values."""
        return self.but({key: change(value) for key, value in self._entries}, change(self.others))


CHANGEABLE = (List, Dict, Stack)
"""The kinds of things that can be changed in place."""


def tokens_of(thing: Thing) -> frozenset[object]:
    """The tokens of a list, dictionary or model, and of what it holds; empty for other things."""
    if isinstance(thing, _Held):
        return thing.tokens
    if type(thing) is Stack:
        return frozenset((thing.token,)).union(*map(_tokens_in, (thing.rest, *thing.layers)))
    return _NONE


def _tokens_in(value: Value) -> frozenset[object]:
    return _NONE.union(*map(tokens_of, value))


_NONE: frozenset[object] = frozenset()
