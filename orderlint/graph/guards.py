"""Guards: the conditions under which a layer is applied or a value flows.

A guard is a Boolean function of *atoms* (undecided tests of the analyzed code), so `use_bn and not use_bn` is
recognized as impossible, however the two tests are spread over the code.

It is stored as a conjunction: of the atoms that it requires, of those that it bars, and of *parts*, which are decision
diagrams. The path to a line of code is mostly such a conjunction (`use_bn`, and `rate > 0`, and not `is_last`).
Operations only touch the parts that have atoms in common. On the largest public builders, that avoids two thirds of the
nodes. There, nine of ten terms of a guard are single atoms. They are stored as two numbers with a bit for each atom,
and thirty of them are joined as quickly as one.

The invariants: no atom occurs twice, whether it is required, barred or in a part; no part is a leaf, and no part
requires or bars an atom as a whole. `NEVER` and `ALWAYS` are one object each, so `is` recognizes impossible and certain
guards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

from orderlint.graph.diagrams import (
    FALSE,
    TRUE,
    Diagrams,
    Node,
    Table,
    TooManyNodes,
    either,
    negated,
    table_of,
    whichever,
)
from orderlint.graph.terms import Terms, besides, factors, joined, leave_open, meet, product, shared, terms_of

__all__ = ["ALWAYS", "NEVER", "Guard", "GuardSpace", "GuardSpaceFull", "union"]

GuardSpaceFull = TooManyNodes
"""The guards of one analysis exceed their limit."""


class Guard:
    """A condition. Combine guards with `&`, `|`, `~`. An impossible guard is `NEVER`, a certain one is `ALWAYS`.

    Two guards of one space that are the same object are the same condition. The reverse only holds for the constants:
    to compare two guards, use `implies` in both directions.

    Attributes:
        required: The atoms that must hold, one bit each.
        barred: The atoms that must not hold, one bit each.
        parts: The diagrams that must also hold.
        inner: The atoms that the parts mention.
        mask: All atoms that it depends on.
    """

    __slots__ = (
        "_conjunctions",
        "_disjunctions",
        "_joined",
        "_meetings",
        "_negation",
        "_space",
        "_whole",
        "barred",
        "inner",
        "mask",
        "parts",
        "required",
    )

    def __init__(self, space: GuardSpace | None, required: int, barred: int, parts: tuple[Node, ...]) -> None:
        self._space = space
        self.required = required
        self.barred = barred
        self.parts = parts
        inner = parts[0].mask if parts else 0  # not a new number: there are tens of thousands of guards
        for part in parts[1:]:
            inner |= part.mask
        self.inner = inner
        self.mask = required | barred | inner if required | barred else inner
        self.forget()

    def forget(self) -> None:
        """Forget the cached results with other guards."""
        self._whole: Node | None = None
        self._negation: Guard | None = None
        # By `id`: the guards of a space live as long as the space. They are created when they are first needed.
        self._conjunctions: dict[int, Guard] | None = None
        self._disjunctions: dict[int, Guard] | None = None
        self._meetings: dict[int, bool] | None = None
        # The results with what other guards say about its atoms; the limit of the space, if a result exceeded it.
        self._joined: dict[Terms, Terms | int | None] | None = None

    @property
    def num_terms(self) -> int:
        """How many atoms and diagrams the conjunction has."""
        return (self.required | self.barred).bit_count() + len(self.parts)

    def __and__(self, other: Guard) -> Guard:
        if other is ALWAYS or self is other or self is NEVER:
            return self
        if self is ALWAYS or other is NEVER:
            return other
        known = self._conjunctions
        if known is None:
            known = self._conjunctions = {}
        result = known.get(id(other))
        if result is None:
            result = known[id(other)] = _conjunction(_space_of(self), self, other)
        return result

    def narrowed(self, other: Guard) -> Guard:
        """`self & other`, as a guard that the space does not keep: each path of a graph is only followed once."""
        if other is ALWAYS or self is other or self is NEVER:
            return self
        if self is ALWAYS or other is NEVER:
            return other
        found = _conjoined(_space_of(self), self, other)
        return NEVER if found is None else Guard(self._space, *found)

    @property
    def terms(self) -> Terms:
        """The terms of the conjunction."""
        return self.required, self.barred, self.parts

    def about(self, atoms: int) -> Terms:
        """A key for what the guard requires of some atoms, one bit each."""
        parts = tuple([part for part in self.parts if part.mask & atoms]) if self.inner & atoms else ()
        return self.required & atoms, self.barred & atoms, parts

    def __or__(self, other: Guard) -> Guard:
        if other is NEVER or self is other or self is ALWAYS:
            return self
        if self is NEVER or other is ALWAYS:
            return other
        known = self._disjunctions
        if known is None:
            known = self._disjunctions = {}
        result = known.get(id(other))
        if result is None:
            result = known[id(other)] = _disjunction(_space_of(self), self, other)
        return result

    def __invert__(self) -> Guard:
        result = self._negation
        if result is None:
            result = self._negation = _space_of(self).guard(negated(_whole(self)))
            if result._negation is None:
                result._negation = self
        return result

    def meets(self, other: Guard) -> bool:
        """Whether both can hold together: `self & other is not NEVER`, without creating that guard."""
        if self is NEVER or other is NEVER:
            return False
        if self is other or not self.mask & other.mask:
            return True
        known = self._meetings
        if known is None:
            known = self._meetings = {}
        result = known.get(id(other))
        if result is None:
            result = known[id(other)] = _can_meet(self, other)
        return result

    def implies(self, other: Guard) -> bool:
        """Whether `other` holds wherever this guard does."""
        return other is ALWAYS or not self.meets(~other)

    def given(self, known: Guard) -> Guard:
        """The guard without what `known` already implies: together with `known`, it is the same guard."""
        if not self.mask & known.mask:  # the constants depend on no atom
            return self
        required, barred = self.required & ~known.required, self.barred & ~known.barred
        parts = besides(self.parts, known.parts)
        if (required, barred) == (self.required, self.barred) and len(parts) == len(self.parts):
            return self
        return _space_of(self).conjunction((required, barred, parts))

    def regardless(self, atoms: int) -> Guard:
        """The guard under which this guard holds for all values of some atoms, one bit each."""
        if not self.mask & atoms:
            return self
        if (self.required | self.barred) & atoms:
            return NEVER
        space = _space_of(self)
        apart = tuple([part for part in self.parts if not part.mask & atoms])
        result = space.conjunction((self.required, self.barred, apart))
        for part in self.parts:
            if part.mask & atoms:
                result = result & space.guard(whichever(part, atoms))
        return result

    def same_as(self, other: Guard) -> bool:
        """Whether a guard, maybe of another analysis, is the same function of atoms with the same numbers."""
        if self is other or self.mask != other.mask:
            return self is other
        mine, yours = _whole(self), _whole(other)
        return mine is yours or (self._space is not other._space and table_of(mine) == table_of(yours))

    def __reduce__(self) -> tuple[Any, ...]:
        """A guard is pickled with the tables of its parts. Guards of one space share a new one. Constants stay."""
        if self is ALWAYS or self is NEVER:
            return _constant, (self is ALWAYS,)
        return _restored, (self._space, self.required, self.barred, tuple(map(table_of, self.parts)))

    def __repr__(self) -> str:
        if self is ALWAYS:
            return "ALWAYS"
        if self is NEVER:
            return "NEVER"
        return " & ".join(map(_shown, _factors(self)))


ALWAYS = Guard(None, 0, 0, ())
NEVER = Guard(None, 0, 0, ())
ALWAYS._negation, NEVER._negation = NEVER, ALWAYS
ALWAYS._whole, NEVER._whole = TRUE, FALSE


class GuardSpace:
    """The atoms and guards of one analysis.

    Args:
        limit: The most nodes that its guards may need. Beyond it, combining guards raises `GuardSpaceFull`. If there
            are thousands of atoms, a node or guard counts as several.
    """

    def __init__(self, limit: int = 40_000) -> None:
        self._first_limit = limit
        self._diagrams = Diagrams(limit)
        self._atoms: dict[object, Guard] = {}
        self._guards: dict[Terms, Guard] = {}
        self._literals: list[Node] = []

    @property
    def size(self) -> int:
        """How much of its limit is used."""
        return len(self._diagrams)

    @property
    def num_steps(self) -> int:
        """How many steps of an analysis the work so far is worth: one for each guard, and one for four nodes."""
        return len(self._guards) + len(self._diagrams) // 4

    @property
    def limit(self) -> int:
        """The most nodes that there may be."""
        return self._diagrams.limit

    def atom(self, key: object) -> Guard:
        """The guard "the test `key` holds": the same guard for the same key."""
        found = self._atoms.get(key)
        if found is None:
            found = self._atoms[key] = self.guard(self.literal(len(self._literals)))
        return found

    def literal(self, number: int) -> Node:
        """The diagram of an atom by its number. A new number creates a new atom."""
        while number >= len(self._literals):
            self._literals.append(self._diagrams.node(len(self._literals), TRUE, FALSE))
        return self._literals[number]

    def extend(self, room: int, least: int = 0) -> None:
        """Make room for further nodes, up to three times the first limit. Existing room is kept.

        Args:
            room: How many further nodes are allowed, up to three times the first limit.
            least: How many are allowed in any case, up to four times the first limit.
        """
        size, first = len(self._diagrams), self._first_limit
        limit = max(min(size + room, 3 * first), min(size + least, 4 * first))
        self._diagrams.limit = max(self._diagrams.limit, limit)

    def keep(self, guards: Iterable[Guard]) -> None:
        """Keep some guards and forget the rest at the end of an analysis.

        The rest takes two thirds of the memory. After this, no other guard may be combined, and no atom may be
        requested.
        """
        kept = {guard.terms: guard for guard in guards if guard._space is self}
        for guard in (*self._guards.values(), *kept.values()):
            guard.forget()
        self._guards = kept
        self._atoms.clear()
        self._diagrams.keep([*self._literals, *(part for _, _, parts in kept for part in parts)])

    def node_of(self, table: Table) -> Node:
        """The diagram of a table, for atoms with the same numbers."""
        self.literal(max(atom for atom, _, _ in table))
        return self._diagrams.restored(table)

    def __reduce__(self) -> tuple[Any, ...]:
        """A space is pickled without its guards, which are pickled themselves."""
        return GuardSpace, (self._first_limit,)

    def guard(self, node: Node) -> Guard:
        """The guard of a diagram."""
        if node is TRUE:
            return ALWAYS
        return NEVER if node is FALSE else self.conjunction(terms_of(node))

    def conjunction(self, terms: Terms) -> Guard:
        """The guard under which all of these guards hold. No two of them may mention the same atom."""
        required, barred, parts = terms
        if not parts and not required | barred:
            return ALWAYS
        key = (required, barred, tuple(sorted(parts, key=_number)) if len(parts) > 1 else parts)
        found = self._guards.get(key)
        if found is None:
            found = self._guards[key] = Guard(self, *key)
            self._diagrams.weigh(found.mask)
        return found


_MANY: Final = 16


def union(guards: Iterable[Guard]) -> Guard:
    """The guard under which any of these guards holds.

    If there are many, those with most atoms come first. Each arm of a long `match` says that no earlier arm holds. From
    the last arm on, the common terms of two arms stay unchanged; from the first arm on, they would be combined again
    and again.
    """
    every = list(guards)
    if len(every) > _MANY:
        every.sort(key=lambda guard: guard.mask.bit_count(), reverse=True)
    result = NEVER
    for guard in every:
        result = result | guard
    return result


def _space_of(guard: Guard) -> GuardSpace:
    assert guard._space is not None  # only the two constants belong to no space, and callers exclude them
    return guard._space


_number = attrgetter("number")


def _factors(guard: Guard) -> list[Node]:
    return factors(_space_of(guard).literal, guard.terms)


def _whole(guard: Guard) -> Node:
    """A guard as one diagram."""
    result = guard._whole
    if result is None:
        result = guard._whole = product(_factors(guard))
    return result


def _is_within(one: Guard, other: Guard) -> bool:
    """Whether the other guard contains all terms of one guard."""
    if one.required & ~other.required or one.barred & ~other.barred:
        return False
    return not one.parts or set(one.parts).issubset(other.parts)


def _conjunction(space: GuardSpace, one: Guard, other: Guard) -> Guard:
    if one.mask & other.mask:
        if _is_within(one, other):
            return other
        if _is_within(other, one):
            return one
    found = _conjoined(space, one, other)
    return NEVER if found is None else space.conjunction(found)


def _conjoined(space: GuardSpace, one: Guard, other: Guard) -> Terms | None:
    """The terms of `one & other`; `None` if that is impossible."""
    required, barred = one.required | other.required, one.barred | other.barred
    if required & barred:
        return None
    if not (one.inner & other.mask or other.inner & one.mask):
        return required, barred, one.parts + other.parts
    if other._joined is None:
        other._joined = {}
    touching = one.about(other.mask)  # thousands of paths agree on what one call depends on
    found = other._joined.get(touching, 0)
    if isinstance(found, int):
        if space.limit <= found:  # it exceeded the limit before, and thousands of paths may try again
            raise GuardSpaceFull
        try:
            found = other._joined[touching] = joined(space.literal, touching, other.terms)
        except GuardSpaceFull:
            other._joined[touching] = space.limit
            raise
    if found is None:
        return None
    apart = [part for part in one.parts if not part.mask & other.mask]
    return required | found[0], barred | found[1], (*apart, *found[2])


def _can_meet(one: Guard, other: Guard) -> bool:
    if one._conjunctions is not None and (known := one._conjunctions.get(id(other))) is not None:
        return known is not NEVER
    if one.required & other.barred or one.barred & other.required:
        return False
    if not one.inner & other.inner and leave_open(other.mask, one.parts) and leave_open(one.mask, other.parts):
        return True
    if _is_within(one, other) or _is_within(other, one):
        return True
    return meet(_space_of(one).literal, one.about(other.mask), other.about(one.mask))


def _disjunction(space: GuardSpace, one: Guard, other: Guard) -> Guard:
    if _is_within(one, other):
        return one
    if _is_within(other, one):
        return other
    required, barred = one.required & other.required, one.barred & other.barred
    parts = shared(one.parts, other.parts)
    first, second = (_whole_beyond(space, guard, (required, barred, parts)) for guard in (one, other))
    result = either(first, second)
    if result is first:
        return one
    if result is second:
        return other
    more_required, more_barred, rest = (0, 0, ()) if result is TRUE else terms_of(result)
    return space.conjunction((required | more_required, barred | more_barred, parts + rest))


def _whole_beyond(space: GuardSpace, guard: Guard, known: Terms) -> Node:
    """What a guard requires beyond some of its terms, as one diagram."""
    if not any(known):
        return _whole(guard)
    required, barred, parts = known
    rest = guard.required & ~required, guard.barred & ~barred, besides(guard.parts, parts)
    return product(factors(space.literal, rest))


def _constant(holds: bool) -> Guard:
    return ALWAYS if holds else NEVER


def _restored(space: GuardSpace, required: int, barred: int, tables: Sequence[Table]) -> Guard:
    if required | barred:
        space.literal((required | barred).bit_length() - 1)
    return space.conjunction((required, barred, tuple(map(space.node_of, tables))))


def _shown(node: Node) -> str:
    if node is TRUE or node is FALSE:
        return "ALWAYS" if node is TRUE else "NEVER"
    return f"({node.atom} ? {_shown(node.high)} : {_shown(node.low)})"
