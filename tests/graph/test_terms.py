"""Terms: the parts of guards, their operations and comparisons."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph.diagrams import FALSE, TRUE, Diagrams, Node, both, either, meets, negated
from orderlint.graph.terms import Terms, besides, factors, joined, leave_open, meet, product, shared, terms_of

ATOMS = 6


class Literals:
    """Makes the diagrams of atoms, like a space of guards."""

    def __init__(self) -> None:
        self._diagrams = Diagrams(100_000)

    def __call__(self, number: int) -> Node:
        return self._diagrams.node(number, TRUE, FALSE)

    def node(self, table: Iterable[tuple[int, bool]]) -> Node:
        """The disjunction of some atoms, or of their negations."""
        result = FALSE
        for number, holds in table:
            result = either(result, self(number) if holds else negated(self(number)))
        return result


clauses = st.lists(st.tuples(st.integers(0, ATOMS - 1), st.booleans()), min_size=1, max_size=3)
formulas = st.lists(clauses, min_size=1, max_size=4)


def built(literal: Literals, formula: list[list[tuple[int, bool]]]) -> Terms | None:
    """The terms of a conjunction of clauses, which are joined in turn; `None` if it is impossible."""
    found: Terms | None = (0, 0, ())
    for clause in formula:
        node = literal.node(clause)
        if found is not None and node is not TRUE:
            found = joined(literal, found, terms_of(node))
    return found


def whole(literal: Literals, formula: list[list[tuple[int, bool]]]) -> Node:
    return product(literal.node(clause) for clause in formula)


@given(formulas, formulas)
def test_terms_are_joined_to_what_both_say(
    first: list[list[tuple[int, bool]]], second: list[list[tuple[int, bool]]]
) -> None:
    """The join is the conjunction, or `None` if that is impossible, which can also be tested without joining."""
    literal = Literals()
    one, other = built(literal, first), built(literal, second)
    expected = both(whole(literal, first), whole(literal, second))
    if one is None or other is None:
        assert expected is FALSE
        return
    result = joined(literal, one, other)
    assert (result is None) == (expected is FALSE)
    assert meet(literal, one, other) == (result is not None)
    if result is not None:
        assert product(factors(literal, result)) is expected


@given(formulas)
def test_no_atom_is_mentioned_twice(formula: list[list[tuple[int, bool]]]) -> None:
    """An atom is required, barred or in one diagram; an atom that a whole diagram requires or bars is not in it."""
    literal = Literals()
    found = built(literal, formula)
    if found is None:
        return
    required, barred, nodes = found
    masks = [required, barred, *(node.mask for node in nodes)]
    assert all(not one & other for one, other in itertools.combinations(masks, 2))
    assert all(not node.required | node.barred for node in nodes)


def test_a_diagram_is_told_apart_from_what_it_requires_and_bars() -> None:
    """`a and not b and (c or d)` requires one atom, bars one, and has one diagram."""
    literal = Literals()
    either_of = literal.node([(2, True), (3, True)])
    node = product([literal(0), negated(literal(1)), either_of])
    assert terms_of(node) == (0b01, 0b10, (either_of,))
    assert terms_of(literal(4)) == (0b10000, 0, ())


def test_factors_are_all_terms_the_oldest_atom_first() -> None:
    """Single atoms are factors, too; the conjunction of the factors is the guard."""
    literal = Literals()
    either_of = literal.node([(1, True), (3, True)])
    found = factors(literal, (0b00001, 0b00100, (either_of,)))
    assert found == [literal(0), negated(literal(2)), either_of]


def test_what_stands_on_both_sides_and_what_does_not() -> None:
    """The results are in the order of the first operand."""
    literal = Literals()
    a, b, c = (literal(number) for number in range(3))
    assert shared((a, b, c), (c, a)) == (a, c)
    assert shared((), (a,)) == shared((a,), ()) == shared((a,), (b,)) == ()
    assert besides((a, b, c), (b,)) == (a, c)
    assert besides((a,), ()) == (a,)


def test_one_atom_leaves_a_diagram_open_and_two_may_not() -> None:
    """A diagram that requires and bars nothing is satisfiable for either value of one atom."""
    literal = Literals()
    either_of = literal.node([(0, True), (1, True)])
    assert leave_open(0b101, [either_of])
    assert meets(either_of, negated(literal(0)))
    assert not leave_open(0b011, [either_of])
    assert not meets(either_of, both(negated(literal(0)), negated(literal(1))))
