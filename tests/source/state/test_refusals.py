"""The condition under which code does not raise, as far as layers depend on it."""

from __future__ import annotations

from orderlint.graph import Edge, LayerCall
from orderlint.graph.guards import ALWAYS, GuardSpace
from orderlint.source.state.refusals import Refusal, accepted
from tests.graphs import GraphBuilder

SPACE = GuardSpace()
A, B, OTHER = SPACE.atom("a"), SPACE.atom("b"), SPACE.atom("other")


def layers(build: GraphBuilder) -> list[LayerCall | Edge]:
    graph = build.graph()
    return [*graph.calls, *graph.edges]


def block() -> list[LayerCall | Edge]:
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"), guard=A)
    build.add("BN", drop, guard=B)
    return layers(build)


def test_a_combination_that_raises_is_not_accepted() -> None:
    """The combination is refused, but each of its parts alone is not."""
    found = accepted([Refusal(A & B)], block())
    assert not found.meets(A & B)
    assert found.meets(A & ~B)
    assert found.meets(B & ~A)


def test_an_assertion_refuses_what_it_denies() -> None:
    """On the path that leads to the assertion, its negation is refused."""
    found = accepted([Refusal(A, unless=~B)], block())
    assert not found.meets(A & B)
    assert found.meets(B & ~A)


def test_what_was_checked_before_is_no_part_of_a_check() -> None:
    """A path that reaches the second check has passed the first."""
    found = accepted([Refusal(OTHER), Refusal(~OTHER & A & B)], block())
    assert not found.meets(A & B)


def test_checks_of_what_no_layer_depends_on_are_left_out() -> None:
    """They would only take up room."""
    third = SPACE.atom("third")
    assert accepted([Refusal(OTHER & third)], block()) is ALWAYS


def test_what_raises_whatever_is_true_of_the_rest_is_not_accepted() -> None:
    """The check combines conditions on which layers depend with conditions on which none does."""
    third = SPACE.atom("third")
    found = accepted(
        [Refusal(OTHER | (A & B), unless=third & ~(A & B)), Refusal(third & A, unless=~OTHER & ~B)], block()
    )
    assert not found.meets(A & B)
    assert found.meets(A & ~B)


def test_code_that_always_raises_is_judged() -> None:
    """The code may be unfinished."""
    assert accepted([Refusal(ALWAYS)], block()) is ALWAYS
    assert accepted([Refusal(A), Refusal(~A)], block()) is ALWAYS


def test_a_full_space_refuses_nothing_more() -> None:
    """A path that is not known to be refused is judged."""
    space = GuardSpace(limit=8)
    atoms = [space.atom(number) for number in range(6)]
    build = GraphBuilder()
    x = build.add("Dense")
    for atom in atoms:
        x = build.add("BN", x, guard=atom)
    refusals = [Refusal(one & other) for one, other in zip(atoms[::2], atoms[1::2], strict=True)]
    assert accepted(refusals, layers(build)) is ALWAYS
