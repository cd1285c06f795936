"""Decision diagrams: equal Boolean functions are the same object."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import diagrams
from orderlint.graph.diagrams import (
    FALSE,
    TRUE,
    Diagrams,
    Node,
    TooManyNodes,
    both,
    either,
    meets,
    negated,
    table_of,
    whichever,
    without,
)

ATOMS = 4
WORLDS = list(product((False, True), repeat=ATOMS))
Function = Callable[[tuple[bool, ...]], bool]
# A function as a nested tuple: an atom, a negation, or an operation on two functions.
NESTS = st.recursive(
    st.integers(0, ATOMS - 1),
    lambda inner: st.one_of(st.tuples(inner), st.tuples(inner, st.sampled_from("&|"), inner)),
    max_leaves=8,
)


def built(nest: object, space: Diagrams) -> Node:
    """The diagram of a function."""
    if isinstance(nest, int):
        return space.node(nest, TRUE, FALSE)
    assert isinstance(nest, tuple)
    if len(nest) == 1:
        return negated(built(nest[0], space))
    return (both if nest[1] == "&" else either)(built(nest[0], space), built(nest[2], space))


def holds(nest: object, world: tuple[bool, ...]) -> bool:
    if isinstance(nest, int):
        return world[nest]
    assert isinstance(nest, tuple)
    if len(nest) == 1:
        return not holds(nest[0], world)
    one, other = holds(nest[0], world), holds(nest[2], world)
    return one and other if nest[1] == "&" else one or other


def value(node: Node, world: tuple[bool, ...]) -> bool:
    while node.atom >= 0:
        node = node.high if world[node.atom] else node.low
    return node is TRUE


@given(NESTS, NESTS)
def test_equal_functions_are_one_object(one: object, other: object) -> None:
    """Equal functions are one object however they are written, and it holds in the same worlds as the formula."""
    space = Diagrams(1_000)
    first, second = built(one, space), built(other, space)
    assert [value(first, world) for world in WORLDS] == [holds(one, world) for world in WORLDS]
    assert (first is second) == all(holds(one, world) == holds(other, world) for world in WORLDS)


@given(NESTS, NESTS)
def test_whether_two_meet_is_told_without_joining_them(one: object, other: object) -> None:
    """Two functions meet if both hold in some world."""
    space = Diagrams(1_000)
    first, second = built(one, space), built(other, space)
    count = len(space)
    assert meets(first, second) == any(holds(one, world) and holds(other, world) for world in WORLDS)
    assert len(space) == count
    assert meets(first, second) == (both(first, second) is not FALSE)


@given(NESTS)
def test_what_is_required_and_barred_is_so_wherever_it_holds(nest: object) -> None:
    """All required and barred atoms are known, which is mostly enough to see that two functions cannot meet."""
    node = built(nest, Diagrams(1_000))
    held = [world for world in WORLDS if holds(nest, world)]
    for atom in range(ATOMS):
        assert bool(node.required >> atom & 1) == all(world[atom] for world in held)
        assert bool(node.barred >> atom & 1) == (not any(world[atom] for world in held))


@given(NESTS)
def test_the_mask_has_the_atoms_that_make_a_difference(nest: object) -> None:
    """A function of one atom, or of its negation, is a literal."""
    node = built(nest, Diagrams(1_000))
    matters = [
        any(holds(nest, world) != holds(nest, (*world[:at], not world[at], *world[at + 1 :])) for world in WORLDS)
        for at in range(ATOMS)
    ]
    assert [bool(node.mask >> at & 1) for at in range(ATOMS)] == matters
    if node.atom >= 0:
        assert node.is_literal == (sum(matters) == 1)


@given(NESTS, st.integers(0, ATOMS - 1), st.booleans())
def test_a_function_can_be_asked_once_an_atom_is_known(nest: object, atom: int, is_true: bool) -> None:
    """The result no longer depends on the atom."""
    node = without(built(nest, Diagrams(1_000)), is_true << atom, (not is_true) << atom)
    for world in WORLDS:
        known = (*world[:atom], is_true, *world[atom + 1 :])
        assert value(node, world) == holds(nest, known)
    assert not node.mask >> atom & 1


@given(NESTS, st.integers(0, 2**ATOMS - 1))
def test_where_a_function_holds_in_any_case(nest: object, atoms: int) -> None:
    """The result no longer depends on the atoms, and holds only where the function holds for all of their values."""
    node = whichever(built(nest, Diagrams(1_000)), atoms)
    for world in WORLDS:
        alike = [w for w in WORLDS if all(atoms >> at & 1 or w[at] == world[at] for at in range(ATOMS))]
        assert value(node, world) == all(holds(nest, one) for one in alike)
    assert not node.mask & atoms


@given(NESTS)
def test_a_table_gives_the_function_back(nest: object) -> None:
    """This also works in another space."""
    space = Diagrams(1_000)
    node = built(nest, space)
    if node.atom >= 0:
        assert space.restored(table_of(node)) is node
        there = Diagrams(1_000).restored(table_of(node))
        assert [value(there, world) for world in WORLDS] == [holds(nest, world) for world in WORLDS]


def test_a_space_has_a_bound() -> None:
    """Beyond the bound, a new node raises an error; existing nodes can still be used."""
    space = Diagrams(1)
    node = space.node(0, TRUE, FALSE)
    assert space.node(0, TRUE, FALSE) is node
    with pytest.raises(TooManyNodes):
        space.node(1, TRUE, FALSE)


def test_a_node_far_down_counts_as_several() -> None:
    """A node counts once more for every 4,096 older atoms, since its mask has a bit for each of them."""
    space = Diagrams(10)
    space.node(4_095, TRUE, FALSE)
    assert len(space) == 1
    space.node(4_096, TRUE, FALSE)
    assert len(space) == 3
    space.node(3 * 4_096, TRUE, FALSE)
    assert len(space) == 7
    with pytest.raises(TooManyNodes):
        space.node(4 * 4_096, TRUE, FALSE)


def test_what_is_heavy_counts_against_the_bound() -> None:
    """The weight may reach the bound, but not exceed it."""
    space = Diagrams(3)
    space.weigh(1)
    assert len(space) == 0
    space.weigh(1 << 3 * 1_024)
    assert len(space) == 3
    with pytest.raises(TooManyNodes):
        space.weigh(1 << 1_024)


def test_what_is_remembered_of_pairs_is_let_go_of_at_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is computed again, and is the same node."""
    space = Diagrams(10)
    one, other = space.node(0, TRUE, FALSE), space.node(1, TRUE, FALSE)
    joined = both(one, other)
    assert one.products or other.products
    monkeypatch.setattr(diagrams, "_MEMORY", 1)
    space.node(2, TRUE, FALSE)
    assert not one.products
    assert not other.products
    assert both(one, other) is joined


def test_what_is_joined_is_joined_once() -> None:
    """The operands may be in either order; repeating an operation makes no node, even in a full space."""
    space = Diagrams(10)
    one, other = space.node(0, TRUE, FALSE), space.node(1, TRUE, FALSE)
    joined, apart = both(one, other), either(one, other)
    inverse = negated(joined)
    space.limit = len(space)
    assert both(other, one) is joined
    assert either(other, one) is apart
    assert negated(joined) is inverse
    assert negated(inverse) is joined


def test_a_function_meets_neither_its_negation_nor_the_impossible() -> None:
    """It meets itself, and the function that always holds."""
    space = Diagrams(10)
    node = either(space.node(0, TRUE, FALSE), space.node(1, TRUE, FALSE))
    assert not meets(node, negated(node))
    assert not meets(node, FALSE)
    assert not meets(FALSE, node)
    assert meets(node, node)
    assert meets(node, TRUE)
    assert meets(TRUE, node)


def test_what_is_plain_is_told_without_a_walk() -> None:
    """No result is stored for operands that are equal, have no atom in common, or require and bar the same atom."""
    space = Diagrams(30)
    a, b, c, d = (space.node(atom, TRUE, FALSE) for atom in range(4))
    some, others = either(a, b), either(c, d)
    with_a, without_a = both(some, a), both(negated(a), either(b, c))
    space.forget()
    assert meets(some, some)
    assert meets(some, others)
    assert not meets(with_a, without_a)
    assert not meets(without_a, with_a)
    assert all(node.products is None for node in (some, others, with_a, without_a))


def test_what_differs_in_older_atoms_does_not_meet() -> None:
    """Either operand may have the newer atom, and neither requires or bars an atom that the other does not."""
    space = Diagrams(30)
    oldest, old, new = (space.node(atom, TRUE, FALSE) for atom in range(3))
    differ = either(both(oldest, negated(old)), both(old, negated(oldest)))
    agree = both(negated(differ), new)
    assert not meets(differ, agree)
    assert not meets(agree, differ)
    assert meets(negated(differ), agree)


def test_a_table_has_a_row_for_each_node() -> None:
    """Lower nodes come first, and the leaves are -1 and -2."""
    space = Diagrams(10)
    node = both(space.node(0, TRUE, FALSE), space.node(1, TRUE, FALSE))
    assert table_of(node) == ((0, -1, -2), (1, 0, -2))
    assert table_of(negated(node)) == ((0, -2, -1), (1, 0, -1))
