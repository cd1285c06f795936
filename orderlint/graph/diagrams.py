"""Binary decision diagrams: Boolean functions of numbered atoms, each function one object.

A diagram is reduced and ordered, so two diagrams are the same function exactly if they are the same object. The newest
atom is at the top: code mostly tests what it met last, and then the older parts are shared and not rebuilt.

Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE Transactions on
Computers C-35(8), 1986.

This is our own implementation because no library fits. A library in C or Rust (oxidd, dd) does single operations four
to twelve times faster. But it would be the first compiled dependency besides the parser, without wheels for all
supported versions of Python. And most of the time went into diagrams that need not be built at all (see `meets`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = [
    "FALSE",
    "TRUE",
    "Diagrams",
    "Node",
    "Table",
    "TooManyNodes",
    "both",
    "either",
    "meets",
    "negated",
    "table_of",
    "whichever",
    "without",
]

Table = tuple[tuple[int, int, int], ...]
"""A diagram as rows of an atom and two places: numbers of earlier rows, or -1 and -2 for always and never."""


class TooManyNodes(Exception):
    """The diagrams of one space exceed their limit."""


class Node:
    """A test of one atom: `high` if it holds, or else `low`.

    Attributes:
        atom: The number of the tested atom; -1 for a leaf.
        mask: The atoms that it depends on, one bit each.
        required: The atoms that hold wherever the function does, one bit each.
        barred: The atoms that hold nowhere where the function does, one bit each.
        products: By the number of an older node, the conjunction with that node, or `_SOMEWHERE`. It is created when it
            is first needed, because most nodes never need it.
    """

    __slots__ = (
        "atom",
        "barred",
        "diagrams",
        "high",
        "low",
        "mask",
        "negation",
        "number",
        "products",
        "required",
    )

    mask: int
    required: int
    barred: int
    negation: Node | None
    products: dict[int, Node] | None

    def __init__(self, diagrams: Diagrams, atom: int, high: Node, low: Node, number: int) -> None:
        self.diagrams = diagrams
        self.atom = atom
        self.high = high
        self.low = low
        self.number = number
        self.negation = None
        self.products = None
        bit = 1 << atom
        required, barred = high.required & low.required, high.barred & low.barred
        if low is FALSE:
            required |= bit
        elif high is FALSE:
            barred |= bit
        mask = bit | high.mask | low.mask
        masks = diagrams.masks
        self.mask = masks.setdefault(mask, mask)
        self.required = masks.setdefault(required, required) if required else 0
        self.barred = masks.setdefault(barred, barred) if barred else 0

    @property
    def is_literal(self) -> bool:
        """Whether it is an atom or the negation of one."""
        return self.high.atom < 0 and self.low.atom < 0


class _Leaf(Node):
    __slots__ = ()

    def __init__(self, number: int, forced: int) -> None:
        self.atom = -1
        self.number = number
        self.mask = 0
        self.required = self.barred = forced
        self.products = None
        self.high = self.low = self


FALSE: Final[Node] = _Leaf(0, -1)  # it holds nowhere, so every atom holds wherever it does
TRUE: Final[Node] = _Leaf(1, 0)
TRUE.negation, FALSE.negation = FALSE, TRUE
_SOMEWHERE: Final[Node] = _Leaf(2, 0)
"""Replaces a product if it is only known that the product is possible."""
_NUM_LEAVES: Final = 3
_NUMBER_BITS: Final = 24
"""The bits of a node's number: sixteen million nodes would take gigabytes."""

_MEMORY: Final = 25_000
"""The number of new nodes after which all cached results for pairs of nodes are dropped. They take a third of the
memory of the nodes, and few of them are needed again much later."""
_MET_A_NODE: Final = 32
"""How many lookups of existing nodes count as one more node. Two large diagrams with little in common take a step for
each pair of their nodes, and may create few new nodes. In most model code, a node is looked up one to six times."""
_LIGHT: Final = 12
"""The number of atoms, as a power of two, up to which a node counts as one."""
_LIGHT_GUARD: Final = 10
"""The number of atoms, as a power of two, up to which a guard does not count. Guards cache many results."""


class Diagrams:
    """The table of the nodes of one space.

    Args:
        limit: The most nodes that may exist. Beyond it, a new node raises `TooManyNodes`.

    Attributes:
        masks: The masks of the nodes, and of the atoms that they require and bar, each once. With hundreds of atoms,
            they take as much memory as the nodes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._weight = 0
        self._last = _NUM_LEAVES - 1
        self._met = 0  # how often a lookup found an existing node
        self.masks: dict[int, int] = {}
        self._nodes: dict[int, Node] = {}  # by the atom and both numbers in one integer: tuples take twice the memory

    def __len__(self) -> int:
        """How many nodes there are. Heavy ones count as several."""
        return len(self._nodes) + self._weight

    def weigh(self, mask: int) -> None:
        """Count a guard that depends on many atoms as several nodes: its masks have a bit for each earlier atom.

        With 60,000 atoms, the masks of 300,000 nodes and guards took 2 GB; with 5,000, those of 200,000 took 1 GB. Up
        to 1,024 atoms, nothing is added, so guards are not limited.
        """
        self._weight += mask.bit_length() >> _LIGHT_GUARD
        if len(self._nodes) + self._weight > self.limit:
            raise TooManyNodes

    def node(self, atom: int, high: Node, low: Node) -> Node:
        """The one node that tests `atom`, which is newer than every atom below."""
        if high is low:
            return high
        key = (atom << 2 * _NUMBER_BITS) | (high.number << _NUMBER_BITS) | low.number
        found = self._nodes.get(key)
        if found is None:
            self._weight += atom >> _LIGHT
            if len(self._nodes) + self._weight >= self.limit:
                raise TooManyNodes
            self._last += 1
            if self._last % _MEMORY == 0:
                self.forget()
            found = self._nodes[key] = Node(self, atom, high, low, self._last)
        else:
            self._met += 1
            if self._met % _MET_A_NODE == 0:
                self._weight += 1
                if len(self._nodes) + self._weight >= self.limit:
                    raise TooManyNodes
        return found

    def forget(self) -> None:
        """Forget the cached results for pairs of nodes. They take a third of the memory and can be computed again."""
        for node in self._nodes.values():
            node.products = None

    def keep(self, nodes: Iterable[Node]) -> None:
        """Keep some nodes and those below them, and drop all others, which may not be used any more."""
        kept: set[int] = set()
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if node.atom >= 0 and node.number not in kept:
                kept.add(node.number)
                stack += (node.high, node.low)
        before, self._nodes, self.masks = self._nodes, {}, {}
        for key, node in before.items():
            node.products = None
            if node.number in kept:
                self._nodes[key] = node
                if node.negation is not None and node.negation.number not in kept:
                    node.negation = None
            else:
                node.negation = None  # it refers back, so both would wait for the garbage collector

    def restored(self, table: Table) -> Node:
        """The diagram of a table."""
        made = [FALSE, TRUE]  # so the places -2 and -1 refer to them
        for atom, high, low in table:
            made.insert(-2, self.node(atom, made[high], made[low]))
        return made[len(table) - 1]


def negated(node: Node) -> Node:
    """Where `node` does not hold."""
    result = node.negation
    if result is None:
        result = node.diagrams.node(node.atom, negated(node.high), negated(node.low))
        node.negation = result
        result.negation = node
    return result


def both(one: Node, other: Node) -> Node:
    """Where both hold."""
    if one is other or other is TRUE or one is FALSE:
        return one
    if one is TRUE or other is FALSE:
        return other
    if one.atom < other.atom or (one.atom == other.atom and one.number < other.number):
        one, other = other, one  # the newer atom first; with a fixed order, both orders share the cached results
    products = one.products
    if products is None:
        products = one.products = {}
    result = products.get(other.number)
    if result is None or result is _SOMEWHERE:
        result = FALSE if one.negation is other else _product(one, other)
        products[other.number] = result
    return result


def _product(one: Node, other: Node) -> Node:
    """The same as `both`, for two nodes of which the first has the newer atom."""
    if one.atom == other.atom:
        high, low = both(one.high, other.high), both(one.low, other.low)
    else:
        high, low = both(one.high, other), both(one.low, other)
    if high is one.high and low is one.low:
        return one
    return one.diagrams.node(one.atom, high, low)


def either(one: Node, other: Node) -> Node:
    """Where one of them holds, or both."""
    if one is other or other is FALSE or one is TRUE:
        return one
    if one is FALSE or other is TRUE:
        return other
    return negated(both(negated(one), negated(other)))


def meets(one: Node, other: Node) -> bool:
    """Whether both can hold together. This creates no node."""
    if one is FALSE or other is FALSE:
        return False
    if one is other or not one.mask & other.mask:
        return True
    if one.required & other.barred or one.barred & other.required:
        return False
    if one.atom < other.atom or (one.atom == other.atom and one.number < other.number):
        one, other = other, one
    if one.negation is other:
        return False
    products = one.products
    if products is None:
        products = one.products = {}
    product = products.get(other.number)
    if product is None:
        if one.atom == other.atom:
            result = meets(one.high, other.high) or meets(one.low, other.low)
        else:
            result = meets(one.high, other) or meets(one.low, other)
        product = products[other.number] = _SOMEWHERE if result else FALSE
    return product is not FALSE


def without(node: Node, required: int, barred: int) -> Node:
    """`node`, given that the atoms `required` hold and the atoms `barred` do not."""
    return _without(node, required, barred, {})


def _without(node: Node, required: int, barred: int, known: dict[int, Node]) -> Node:
    if not node.mask & (required | barred):
        return node
    result = known.get(node.number)
    if result is None:
        bit = 1 << node.atom
        if required & bit:
            result = _without(node.high, required, barred, known)
        elif barred & bit:
            result = _without(node.low, required, barred, known)
        else:
            high = _without(node.high, required, barred, known)
            low = _without(node.low, required, barred, known)
            result = node.diagrams.node(node.atom, high, low)
        known[node.number] = result
    return result


def whichever(node: Node, atoms: int) -> Node:
    """Where `node` holds for all values of some atoms, one bit each."""
    while touched := node.mask & atoms:
        bit = touched & -touched
        node = both(without(node, bit, 0), without(node, 0, bit))
    return node


def table_of(node: Node) -> Table:
    """A diagram, except a leaf, as a table. Tables of equal functions of atoms with the same numbers are equal."""
    places = {TRUE: -1, FALSE: -2}
    rows: list[tuple[int, int, int]] = []
    stack = [node]
    while stack:
        top = stack[-1]
        below = [one for one in (top.high, top.low) if one not in places]
        if below:
            stack += below
            continue
        stack.pop()
        if top not in places:
            places[top] = len(rows)
            rows.append((top.atom, places[top.high], places[top.low]))
    return tuple(rows)
