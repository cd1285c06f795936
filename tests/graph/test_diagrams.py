"""Decision diagrams: Boolean functions, each of which is one object."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    without,
)

ATOMS = 4
WORLDS = list(product((False, True), repeat=ATOMS))
Function = Callable[[tuple[bool, ...]], bool]
# A function as a nest: an atom, a negation, or two of them joined.
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
    """However they are written; and each holds in the worlds in which what is written does."""
    space = Diagrams(1_000)
    first, second = built(one, space), built(other, space)
    assert [value(first, world) for world in WORLDS] == [holds(one, world) for world in WORLDS]
    assert (first is second) == all(holds(one, world) == holds(other, world) for world in WORLDS)


@given(NESTS, NESTS)
def test_whether_two_meet_is_told_without_joining_them(one: object, other: object) -> None:
    """They do where some world has both."""
    space = Diagrams(1_000)
    first, second = built(one, space), built(other, space)
    count = len(space)
    assert meets(first, second) == any(holds(one, world) and holds(other, world) for world in WORLDS)
    assert len(space) == count
    assert meets(first, second) == (both(first, second) is not FALSE)


@given(NESTS)
def test_what_is_required_and_barred_is_so_wherever_it_holds(nest: object) -> None:
    """So that two functions that cannot meet are told apart at once."""
    node = built(nest, Diagrams(1_000))
    for world in WORLDS:
        if holds(nest, world):
            assert all(world[at] for at in range(ATOMS) if node.required >> at & 1 and node is not TRUE)
            assert not any(world[at] for at in range(ATOMS) if node.barred >> at & 1)


@given(NESTS, st.integers(0, ATOMS - 1), st.booleans())
def test_a_function_can_be_asked_once_an_atom_is_known(nest: object, atom: int, is_true: bool) -> None:
    """It no longer depends on it."""
    node = without(built(nest, Diagrams(1_000)), is_true << atom, (not is_true) << atom)
    for world in WORLDS:
        known = (*world[:atom], is_true, *world[atom + 1 :])
        assert value(node, world) == holds(nest, known)
    assert not node.mask >> atom & 1


@given(NESTS)
def test_a_table_gives_the_function_back(nest: object) -> None:
    """In another space too."""
    space = Diagrams(1_000)
    node = built(nest, space)
    if node.atom >= 0:
        assert space.restored(table_of(node)) is node
        there = Diagrams(1_000).restored(table_of(node))
        assert [value(there, world) for world in WORLDS] == [holds(nest, world) for world in WORLDS]


def test_a_space_has_a_bound() -> None:
    """Past it, making a node raises; what is there can be had again."""
    space = Diagrams(1)
    node = space.node(0, TRUE, FALSE)
    assert space.node(0, TRUE, FALSE) is node
    with pytest.raises(TooManyNodes):
        space.node(1, TRUE, FALSE)
