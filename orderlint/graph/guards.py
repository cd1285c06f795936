"""Guards: the conditions under which a layer is applied or a value flows.

A guard is a Boolean function of *atoms* (undecided tests of the analyzed code), so that `use_bn and not use_bn` is
found to be impossible however the two tests are spread over the code.

It is kept as a conjunction of *parts*: decision diagrams no two of which mention the same atom. The path to a line of
code is mostly such a conjunction (`use_bn`, and `rate > 0`, and not `is_last`), and operations then touch the parts
that have atoms in common and no others. On the largest public builders that takes two thirds of the nodes away.

The invariants: parts have no atom in common, no part is a leaf, and what is required or barred as a whole is a part of
its own. `NEVER` and `ALWAYS` are each one object, so that impossible and certain are recognized by `is`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from orderlint.graph.diagrams import (
    FALSE,
    TRUE,
    Diagrams,
    Node,
    Table,
    TooManyNodes,
    both,
    either,
    meets,
    negated,
    table_of,
    without,
)

__all__ = ["ALWAYS", "NEVER", "Guard", "GuardSpace", "GuardSpaceFull", "union"]

GuardSpaceFull = TooManyNodes
"""The guards of one analysis have outgrown their bound."""


class Guard:
    """A condition. Combine with `&`, `|`, `~`; an impossible one is `NEVER`, a certain one `ALWAYS`.

    Two guards of one space that are the same object are the same condition. The other way round it holds only for the
    two constants: whether two guards agree is told by `implies`, both ways.

    Attributes:
        parts: The diagrams whose conjunction it is.
        mask: The atoms that it depends on, a bit each.
        required: Of these, the ones that must hold. With `barred` it tells at once that most pairs of paths exclude
            each other; by their parts that takes ten times as long.
        barred: Those that must not.
    """

    __slots__ = (
        "_conjunctions",
        "_disjunctions",
        "_meetings",
        "_negation",
        "_set",
        "_space",
        "_whole",
        "barred",
        "mask",
        "parts",
        "required",
    )

    def __init__(self, space: GuardSpace | None, parts: tuple[Node, ...]) -> None:
        self._space = space
        self.parts = parts
        self._set: frozenset[Node] | None = None  # most are never compared part by part
        mask = required = barred = 0
        for part in parts:
            mask |= part.mask
            required |= part.required
            barred |= part.barred
        self.mask, self.required, self.barred = mask, required, barred
        self._whole = parts[0] if len(parts) == 1 else None
        self._negation: Guard | None = None
        # By `id`: the guards of a space live as long as it does. Made when first needed.
        self._conjunctions: dict[int, Guard] | None = None
        self._disjunctions: dict[int, Guard] | None = None
        self._meetings: dict[int, bool] | None = None

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
        """`self & other`, of which nothing is remembered: for the paths of a graph, each of which is walked once."""
        if other is ALWAYS or self is other or self is NEVER:
            return self
        if self is ALWAYS or other is NEVER:
            return other
        parts = _conjoined(_space_of(self), self, other)
        return NEVER if parts is None else Guard(self._space, tuple(parts))

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
        """Whether both can hold together: `self & other is not NEVER`, without the work of making that guard."""
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
        """What this guard says beyond `known`: with `known` it is the same guard."""
        if not self.mask & known.mask:  # the constants depend on no atom
            return self
        rest = [part for part in self.parts if part not in _members(known)]
        return self if len(rest) == len(self.parts) else _space_of(self).conjunction(rest)

    def same_as(self, other: Guard) -> bool:
        """Whether a guard, of another analysis even, is the same function of atoms with the same numbers."""
        if self is other or self.mask != other.mask:
            return self is other
        mine, yours = _whole(self), _whole(other)
        return mine is yours or (self._space is not other._space and table_of(mine) == table_of(yours))

    def __reduce__(self) -> tuple[Any, ...]:
        """A guard is pickled as the tables of its parts; guards of one space share one again. The constants stay."""
        if self is ALWAYS or self is NEVER:
            return _constant, (self is ALWAYS,)
        return _restored, (self._space, tuple(table_of(part) for part in self.parts))

    def __repr__(self) -> str:
        if self is ALWAYS:
            return "ALWAYS"
        if self is NEVER:
            return "NEVER"
        return " & ".join(map(_shown, self.parts))


ALWAYS = Guard(None, ())
NEVER = Guard(None, ())
ALWAYS._negation, NEVER._negation = NEVER, ALWAYS
ALWAYS._whole, NEVER._whole = TRUE, FALSE


class GuardSpace:
    """The atoms and guards of one analysis.

    Args:
        limit: The most nodes that its guards may need; past it, combining raises `GuardSpaceFull`. Where there are
            thousands of atoms, a node or guard counts as several.
    """

    def __init__(self, limit: int = 40_000) -> None:
        self._first_limit = limit
        self._diagrams = Diagrams(limit)
        self._atoms: dict[object, Guard] = {}
        self._guards: dict[tuple[Node, ...], Guard] = {}
        self._literals: list[Node] = []

    def atom(self, key: object) -> Guard:
        """The guard "the test `key` holds": the same guard for the same key."""
        found = self._atoms.get(key)
        if found is None:
            found = self._atoms[key] = self.guard(self.literal(len(self._literals)))
        return found

    def literal(self, number: int) -> Node:
        """The diagram of an atom by its number; the next new number makes a new atom."""
        while number >= len(self._literals):
            self._literals.append(self._diagrams.node(len(self._literals), TRUE, FALSE))
        return self._literals[number]

    def extend(self, room: int, least: int = 0) -> None:
        """Make room for so many further nodes, within three times the first limit; what room there is stays.

        Args:
            room: So many, as long as there are that few.
            least: So many in any case, within four times the first limit.
        """
        size, first = len(self._diagrams), self._first_limit
        limit = max(min(size + room, 3 * first), min(size + least, 4 * first))
        self._diagrams.limit = max(self._diagrams.limit, limit)

    def node_of(self, table: Table) -> Node:
        """The diagram of a table, of atoms with the same numbers."""
        self.literal(max(atom for atom, _, _ in table))
        return self._diagrams.restored(table)

    def __reduce__(self) -> tuple[Any, ...]:
        """A space is pickled without its guards, which bring themselves."""
        return GuardSpace, (self._first_limit,)

    def guard(self, node: Node) -> Guard:
        """The guard of a diagram."""
        if node is TRUE:
            return ALWAYS
        return NEVER if node is FALSE else self.conjunction(self.parts(node))

    def conjunction(self, parts: list[Node]) -> Guard:
        """The guard of these parts, no two of which mention the same atom."""
        if not parts:
            return ALWAYS
        parts.sort(key=_atom)
        key = tuple(parts)
        found = self._guards.get(key)
        if found is None:
            found = self._guards[key] = Guard(self, key)
            self._diagrams.weigh(found.mask)
        return found

    def parts(self, node: Node) -> list[Node]:
        """A diagram as parts: the atoms that it requires or bars, and the rest."""
        required, barred = node.required, node.barred
        if node.is_literal or not required | barred:
            return [node]
        literals = [self.literal(number) for number in _bits(required)]
        literals += [negated(self.literal(number)) for number in _bits(barred)]
        rest = without(node, required, barred)
        return literals if rest is TRUE else [*literals, rest]


def union(guards: Iterable[Guard]) -> Guard:
    """The guard that any of these holds."""
    result = NEVER
    for guard in guards:
        result = result | guard
    return result


def _space_of(guard: Guard) -> GuardSpace:
    assert guard._space is not None  # only the two constants belong to no space, and callers exclude them
    return guard._space


_atom = attrgetter("atom")  # the newest that a part mentions: parts in this order are joined without being walked


def _members(guard: Guard) -> frozenset[Node]:
    """The parts of a guard, to be compared with those of another."""
    found = guard._set
    if found is None:
        found = guard._set = frozenset(guard.parts)
    return found


def _bits(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def _whole(guard: Guard) -> Node:
    """A guard as one diagram."""
    result = guard._whole
    if result is None:
        result = guard._whole = _product(guard.parts)
    return result


def _product(nodes: Sequence[Node]) -> Node:
    result = TRUE
    for node in nodes:
        result = both(result, node)
    return result


def _conjunction(space: GuardSpace, one: Guard, other: Guard) -> Guard:
    if one.mask & other.mask:
        if _members(one) <= _members(other):
            return other
        if _members(other) <= _members(one):
            return one
    parts = _conjoined(space, one, other)
    return NEVER if parts is None else space.conjunction(parts)


def _conjoined(space: GuardSpace, one: Guard, other: Guard) -> list[Node] | None:
    """The parts of `one & other`, or `None` if that is impossible."""
    if not one.mask & other.mask:
        return [*one.parts, *other.parts]
    if one.required & other.barred or one.barred & other.required:
        return None
    parts, groups = _groups(one, other)
    for mine, yours in groups:
        first, second = _product(mine), _product(yours)
        product = both(first, second)
        if product is FALSE:
            return None
        if product is first:
            parts += mine
        elif product is second:
            parts += yours
        else:
            parts += space.parts(product)
    return parts


def _can_meet(one: Guard, other: Guard) -> bool:
    if one._conjunctions is not None and (known := one._conjunctions.get(id(other))) is not None:
        return known is not NEVER
    if one.required & other.barred or one.barred & other.required:
        return False
    if _members(one) <= _members(other) or _members(other) <= _members(one):
        return True
    _, groups = _groups(one, other)
    return all(_groups_meet(mine, yours) for mine, yours in groups)


def _groups_meet(mine: list[Node], yours: list[Node]) -> bool:
    return meets(mine[0] if len(mine) == 1 else _product(mine), yours[0] if len(yours) == 1 else _product(yours))


def _groups(one: Guard, other: Guard) -> tuple[list[Node], list[tuple[list[Node], list[Node]]]]:
    """The parts that mention no atom of a part of the other guard, or are parts of both; and the groups that touch."""
    shared = _members(one) & _members(other)
    free = list(shared)
    touching: list[tuple[int, list[Node], list[Node]]] = []
    for part in one.parts:
        if part in shared:
            continue
        if part.mask & other.mask:
            touching.append((part.mask, [part], []))
        else:
            free.append(part)
    for part in other.parts:
        if part in shared:
            continue
        if part.mask & one.mask:
            touching = _joined(touching, part)
        else:
            free.append(part)
    return free, [(mine, yours) for _, mine, yours in touching]


def _joined(groups: list[tuple[int, list[Node], list[Node]]], part: Node) -> list[tuple[int, list[Node], list[Node]]]:
    """The groups with a part of the other guard, which makes one of all groups that it touches."""
    apart: list[tuple[int, list[Node], list[Node]]] = []
    mask, mine, yours = part.mask, [], [part]
    for group in groups:
        if group[0] & part.mask:
            mask |= group[0]
            mine += group[1]
            yours += group[2]
        else:
            apart.append(group)
    return [*apart, (mask, mine, yours)]


def _disjunction(space: GuardSpace, one: Guard, other: Guard) -> Guard:
    if _members(one) <= _members(other):
        return one
    if _members(other) <= _members(one):
        return other
    shared = _members(one) & _members(other)
    if not shared:
        return space.guard(either(_whole(one), _whole(other)))
    first = _product([part for part in one.parts if part not in shared])
    second = _product([part for part in other.parts if part not in shared])
    result = either(first, second)
    if result is first:
        return one
    if result is second:
        return other
    parts = [part for part in one.parts if part in shared]
    return space.conjunction(parts if result is TRUE else parts + space.parts(result))


def _constant(holds: bool) -> Guard:
    return ALWAYS if holds else NEVER


def _restored(space: GuardSpace, tables: Sequence[Table]) -> Guard:
    return space.conjunction([space.node_of(table) for table in tables])


def _shown(node: Node) -> str:
    if node is TRUE or node is FALSE:
        return "ALWAYS" if node is TRUE else "NEVER"
    return f"({node.atom} ? {_shown(node.high)} : {_shown(node.low)})"
