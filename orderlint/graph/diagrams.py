"""Binary decision diagrams: Boolean functions of numbered atoms, each function one object.

A diagram is reduced and ordered, so two diagrams are the same function exactly if they are the same object. The
newest atom stands at the top: analyzed code tests what it met last, and what is older is then shared, not rebuilt.

Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE Transactions on
Computers C-35(8), 1986.

Written by hand, since nothing else fits: a library in C or Rust (oxidd, dd) does single operations four to twelve
times faster, but it would be the first compiled dependency besides the parser, without wheels for all Pythons that
are supported, and most of the time went into diagrams that need not be built at all (see `meets`).
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
"""A diagram as rows of an atom and two places: of rows before, or -1 and -2 for what holds always and never."""


class TooManyNodes(Exception):
    """The diagrams of one space have outgrown their bound."""


class Node:
    """A test of one atom: `high` where it holds, `low` elsewhere.

    Attributes:
        atom: The number of the atom tested; -1 at a leaf.
        mask: The atoms that it depends on, a bit each.
        required: The atoms that hold wherever the function does, a bit each.
        barred: The atoms that hold nowhere where the function does.
        products: By the number of an older node, what holds where both do, or `_SOMEWHERE`; made when first needed, as
            most nodes never need one.
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


FALSE: Final[Node] = _Leaf(0, -1)  # holds nowhere, so whatever is asked holds wherever it does
TRUE: Final[Node] = _Leaf(1, 0)
TRUE.negation, FALSE.negation = FALSE, TRUE
_SOMEWHERE: Final[Node] = _Leaf(2, 0)
"""In the place of a product that was only asked whether it is impossible: it is not."""
_NUM_LEAVES: Final = 3
_NUMBER_BITS: Final = 24
"""Of the number of a node; sixteen million nodes would take gigabytes."""

_MEMORY: Final = 25_000
"""New nodes after which all that was remembered of pairs of nodes is let go of: it takes a third of their memory, and
little of it is asked for again much later."""
_MET_A_NODE: Final = 32
"""How often a node is met again that counts as one more: two large diagrams that have little to do with each other take
a step for each pair of their nodes, and may come to few new ones. In most model code a node is met one to six times."""
_LIGHT: Final = 12
"""As a power of two, the atoms up to which a node counts as one."""
_LIGHT_GUARD: Final = 10
"""Likewise the atoms up to which a guard does not count: it keeps what it came to with each of many others."""


class Diagrams:
    """The table of the nodes of one space.

    Args:
        limit: The most nodes that may exist; past it, making one raises `TooManyNodes`.

    Attributes:
        masks: The masks of the nodes, and of what they require and bar, each once: with hundreds of atoms, they take as
            much memory as the nodes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._weight = 0
        self._last = _NUM_LEAVES - 1
        self._met = 0  # how often a node was met that there was already
        self.masks: dict[int, int] = {}
        self._nodes: dict[int, Node] = {}  # by the atom and the two numbers in one: tuples take twice the memory

    def __len__(self) -> int:
        """How many nodes there are; what is heavy counts as several."""
        return len(self._nodes) + self._weight

    def weigh(self, mask: int) -> None:
        """Count a guard that depends on many atoms as several nodes: its masks have a bit for each earlier atom.

        With 60,000 atoms, the masks of 300,000 nodes and guards took 2 GB; with 5,000, those of 200,000 took 1 GB. Up
        to 1,024 atoms, nothing is added: there are as many guards as it takes.
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
        """Keep some nodes and those below them, and no other: none of those may be used any more."""
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
                node.negation = None  # which refers to it, so that both would wait for the garbage collector

    def restored(self, table: Table) -> Node:
        """The diagram of a table."""
        made = [FALSE, TRUE]  # so that the places -2 and -1 lead to them
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
        one, other = other, one  # the newer atom first; a fixed order lets both ways share what is remembered
    products = one.products
    if products is None:
        products = one.products = {}
    result = products.get(other.number)
    if result is None or result is _SOMEWHERE:
        result = FALSE if one.negation is other else _product(one, other)
        products[other.number] = result
    return result


def _product(one: Node, other: Node) -> Node:
    """`both`, of two nodes of which the first has the newer atom."""
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
    """Whether both can hold together. No node is made for it."""
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
    """A diagram, no leaf, as a table: equal for equal functions of atoms with the same numbers."""
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
