"""The terms of guards: single atoms, one bit each, and decision diagrams that have no atom in common.

The terms of one guard mention no atom twice. None of its diagrams requires or bars an atom as a whole: such an atom
is a term of its own. To join two guards, only the terms that mention an atom of the other guard have to be considered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from orderlint.graph.diagrams import FALSE, TRUE, Node, both, meets, negated, without

__all__ = ["Literal", "Terms", "besides", "factors", "joined", "leave_open", "meet", "product", "shared", "terms_of"]

Terms = tuple[int, int, tuple[Node, ...]]
"""The required atoms, the barred atoms, and the diagrams."""
Literal = Callable[[int], Node]
"""Returns the diagram of an atom by its number."""

_atom = attrgetter("atom")  # the newest atom of a diagram: diagrams in this order are joined without being walked


def terms_of(node: Node) -> Terms:
    """A diagram, except a leaf, as terms."""
    rest = without(node, node.required, node.barred)
    return node.required, node.barred, () if rest is TRUE else (rest,)


def factors(literal: Literal, terms: Terms) -> list[Node]:
    """The terms as diagrams, including the single atoms."""
    return sorted([*_literals(literal, terms, -1), *terms[2]], key=_atom)


def product(nodes: Iterable[Node]) -> Node:
    """The conjunction of some diagrams."""
    result = TRUE
    for node in nodes:
        result = both(result, node)
    return result


def shared(some: Sequence[Node], others: Sequence[Node]) -> tuple[Node, ...]:
    """The diagrams that both sides have. There may be thousands."""
    on_both = set(some).intersection(others) if some and others else ()
    return tuple([node for node in some if node in on_both]) if on_both else ()


def besides(some: tuple[Node, ...], others: Sequence[Node]) -> tuple[Node, ...]:
    """The diagrams that the other side does not have."""
    if not (some and others):
        return some
    left_out = set(others)
    return tuple([node for node in some if node not in left_out])


def joined(literal: Literal, one: Terms, other: Terms) -> Terms | None:
    """The conjunction of two lists of terms; `None` if it is impossible."""
    required, barred = one[0] | other[0], one[1] | other[1]
    if required & barred:
        return None
    parts, groups = _groups(literal, one, other)
    for mine, yours in groups:
        first, second = product(mine), product(yours)
        result = both(first, second)
        if result is FALSE:
            return None
        if result is first or result is second:
            parts += [node for node in (mine if result is first else yours) if not node.is_literal]
        else:
            more_required, more_barred, rest = terms_of(result)
            required |= more_required
            barred |= more_barred
            parts += rest
    return required, barred, tuple(parts)


def meet(literal: Literal, one: Terms, other: Terms) -> bool:
    """Whether two lists of terms can hold together."""
    if one[0] & other[1] or one[1] & other[0]:
        return False
    _, groups = _groups(literal, one, other)
    return all(meets(product(mine), product(yours)) for mine, yours in groups)


def leave_open(atoms: int, nodes: Iterable[Node]) -> bool:
    """Whether no diagram mentions more than one of some atoms: then each can hold for all of their values."""
    return all(not (settled := node.mask & atoms) & (settled - 1) for node in nodes)


_Group = tuple[int, list[Node], list[Node]]
"""Diagrams of both sides that have atoms in common, with all atoms that they mention."""


def _groups(literal: Literal, one: Terms, other: Terms) -> tuple[list[Node], list[tuple[list[Node], list[Node]]]]:
    """The diagrams that mention no atom of the other terms, or are in both; and the remaining terms, in groups."""
    free = list(shared(one[2], other[2]))
    only_one, only_other = besides(one[2], free), besides(other[2], free)
    others = _mask(only_other)
    # A long path has hundreds of diagrams, but few share atoms with what a layer needs. Only those are compared.
    touching = [node for node in only_one if node.mask & (others | other[0] | other[1])]
    groups: list[_Group] = [(node.mask, [node], []) for node in (*touching, *_literals(literal, one, others))]
    atoms = _mask(only_one) | one[0] | one[1]
    for node in (*only_other, *_literals(literal, other, _mask(touching))):
        if node.mask & atoms:
            groups = _with(groups, node)
        else:
            free.append(node)
    free += besides(only_one, touching)
    return free, [(mine, yours) for _, mine, yours in groups]


def _with(groups: list[_Group], node: Node) -> list[_Group]:
    """The groups after adding a diagram of the other side. All groups that share atoms with it become one group."""
    mask, mine, yours = node.mask, list[Node](), [node]
    touching = [group for group in groups if group[0] & node.mask]
    for group in touching:
        mask |= group[0]
        mine += group[1]
        yours += group[2]
    apart = [group for group in groups if not group[0] & node.mask]
    return [*apart, (mask, mine, yours)]


def _literals(literal: Literal, terms: Terms, atoms: int) -> list[Node]:
    """The single atoms in some terms that are among `atoms`, as diagrams."""
    required = [literal(number) for number in _bits(terms[0] & atoms)]
    return required + [negated(literal(number)) for number in _bits(terms[1] & atoms)]


def _mask(nodes: Iterable[Node]) -> int:
    mask = 0
    for node in nodes:
        mask |= node.mask
    return mask


def _bits(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1
