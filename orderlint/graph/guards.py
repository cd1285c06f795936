"""Guards: the conditions under which a layer is applied or a value flows.

A guard is a Boolean function of *atoms* (undecided tests of the analysed code), kept as a reduced ordered
binary decision diagram, so that `use_bn and not use_bn` is found to be impossible however the two tests
are spread over the code.

Written by hand: the package `dd` (0.6) is no faster where it is Python too (3,000 random operations on 14 atoms take it
0.42 s, and 0.38 s here), takes 220 ms to import, and brings networkx and ply.

Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE Transactions on
Computers C-35(8), 1986.
"""

from __future__ import annotations

__all__ = ["ALWAYS", "NEVER", "Guard", "GuardSpace", "GuardSpaceFull"]


class GuardSpaceFull(Exception):
    """The guards of one analysis have outgrown their bound."""


class Guard:
    """A condition. Combine with `&`, `|`, `~`; compare with `is`, since equal guards are one object.

    That holds in one analysis and, after pickling, in what was pickled together; `same_as` compares across.
    """

    __slots__ = ("atom", "high", "low", "space")

    def __init__(self, space: GuardSpace | None, atom: int, high: Guard | None, low: Guard | None) -> None:
        self.space = space
        self.atom = atom
        self.high = high
        self.low = low

    def __and__(self, other: Guard) -> Guard:
        if self is NEVER or other is ALWAYS or self is other:
            return self
        if other is NEVER or self is ALWAYS:
            return other
        return _space_of(self).ite(self, other, NEVER)

    def __or__(self, other: Guard) -> Guard:
        if self is ALWAYS or other is NEVER or self is other:
            return self
        if other is ALWAYS or self is NEVER:
            return other
        return _space_of(self).ite(self, ALWAYS, other)

    def __invert__(self) -> Guard:
        if self is ALWAYS:
            return NEVER
        if self is NEVER:
            return ALWAYS
        return _space_of(self).ite(self, NEVER, ALWAYS)

    def implies(self, other: Guard) -> bool:
        """Whether `other` holds wherever this guard does."""
        return self & ~other is NEVER

    def same_as(self, other: Guard) -> bool:
        """Whether a guard, of another analysis even, is the same function of atoms with the same numbers."""
        if self.space is other.space or self.space is None or other.space is None:
            return self is other
        return self._rows() == other._rows()

    def _rows(self) -> tuple[tuple[int, int, int], ...]:
        """The diagram, the leaves left out: atom, high and low of each node, which are the places of nodes before it.

        Reduced diagrams of one function are alike, and they are walked in one order: equal guards have equal rows. The
        rows are flat, so that a deep guard does not exhaust the stack of the pickler.
        """
        places: dict[int, int] = {id(NEVER): 0, id(ALWAYS): 1}
        rows: list[tuple[int, int, int]] = []
        stack = [self]
        while stack:
            node = stack[-1]
            if id(node) in places:
                stack.pop()
                continue
            assert node.high is not None and node.low is not None
            missing = [branch for branch in (node.low, node.high) if id(branch) not in places]
            if missing:
                stack += missing
                continue
            places[id(node)] = len(places)
            rows.append((node.atom, places[id(node.high)], places[id(node.low)]))
        return tuple(rows)

    def __reduce__(self) -> str | tuple[object, ...]:
        if self is ALWAYS:
            return "ALWAYS"
        if self is NEVER:
            return "NEVER"
        return _rebuilt, (self.space, self._rows())

    def __repr__(self) -> str:
        if self is ALWAYS:
            return "ALWAYS"
        if self is NEVER:
            return "NEVER"
        return f"({self.atom} ? {self.high!r} : {self.low!r})"


_LEAF = 1 << 60  # leaves order after every atom
ALWAYS = Guard(None, _LEAF, None, None)
NEVER = Guard(None, _LEAF, None, None)


def _space_of(guard: Guard) -> GuardSpace:
    assert guard.space is not None  # only the two leaves belong to no space, and callers exclude them
    return guard.space


class GuardSpace:
    """The atoms and guards of one analysis.

    Args:
        limit: The most guards that may exist; past it, combining raises `GuardSpaceFull`.
    """

    def __init__(self, limit: int = 40_000) -> None:
        self._limit = self._first_limit = limit
        self._atoms: dict[object, Guard] = {}
        self._nodes: dict[tuple[int, int, int], Guard] = {}
        self._results: dict[tuple[int, int, int], Guard] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled without its guards: each brings its own rows, and they meet again in the space they share."""
        return GuardSpace, (self._first_limit,)

    def atom(self, key: object) -> Guard:
        """The guard "the test `key` holds": the same guard for the same key."""
        guard = self._atoms.get(key)
        if guard is None:
            guard = self._node(len(self._atoms), ALWAYS, NEVER)
            self._atoms[key] = guard
        return guard

    def extend(self, room: int) -> None:
        """Make room for so many further guards, within three times the first limit."""
        self._limit = min(len(self._nodes) + room, 3 * self._first_limit)

    def _node(self, atom: int, high: Guard, low: Guard) -> Guard:
        if high is low:
            return high
        key = (atom, id(high), id(low))  # nodes live as long as the space, so an id stays theirs
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= self._limit:
                raise GuardSpaceFull
            node = self._nodes[key] = Guard(self, atom, high, low)
        return node

    def ite(self, test: Guard, then: Guard, other: Guard) -> Guard:
        """The guard that is `then` where `test` holds and `other` elsewhere."""
        if test is ALWAYS or then is other:
            return then
        if test is NEVER:
            return other
        if then is ALWAYS and other is NEVER:
            return test
        key = (id(test), id(then), id(other))
        result = self._results.get(key)
        if result is None:
            atom = min(test.atom, then.atom, other.atom)
            high = self.ite(_cofactor(test, atom, True), _cofactor(then, atom, True), _cofactor(other, atom, True))
            low = self.ite(_cofactor(test, atom, False), _cofactor(then, atom, False), _cofactor(other, atom, False))
            result = self._results[key] = self._node(atom, high, low)
        return result


def _rebuilt(space: GuardSpace, rows: tuple[tuple[int, int, int], ...]) -> Guard:
    """The guard of a space that the rows describe."""
    nodes = [NEVER, ALWAYS]
    for atom, high, low in rows:
        nodes.append(space._node(atom, nodes[high], nodes[low]))
    return nodes[-1]


def _cofactor(guard: Guard, atom: int, value: bool) -> Guard:
    """`guard` with the atom, which is its first or not in it, set to `value`."""
    if guard.atom != atom:
        return guard
    branch = guard.high if value else guard.low
    assert branch is not None
    return branch
