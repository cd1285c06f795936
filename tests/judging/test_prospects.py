"""The units in which findings are possible: following only these loses no finding."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Edge, LayerGraph, Role, Step, units_of
from orderlint.graph.guards import ALWAYS, GuardSpace
from orderlint.judging import DEFAULT_ORDER, Order, Rule, Sign, Violation, judge
from orderlint.judging.prospects import signs_of, starts_in
from tests.graphs import GraphBuilder, path
from tests.judged import RULES

ORDERING = [RULES[code] for code in ("ORD001", "ORD002", "ORD003")]
ORDERS = [Order(roles) for roles in permutations((Role.NORM, Role.ACTIVATION, Role.DROPOUT))]
LAYERS = ("Dense", "BN", "ReLU", "Dropout", "Add", "MaxPooling2D")


def silent(rule: Rule) -> Rule:
    """The same rule without its signs."""
    kind = type(rule)
    return type(kind.__name__, (kind,), {"signs": lambda self, order: None, "__doc__": kind.__doc__})()  # type: ignore[no-any-return]


@st.composite
def drawn_graphs(draw: st.DrawFn) -> LayerGraph:
    """Calls that are fed by earlier ones under guards; calls share places, since there are few lines."""
    space = GuardSpace()
    atoms = [space.atom(name) for name in "ab"]
    guards = [ALWAYS, *atoms, *(~atom for atom in atoms)]
    build = GraphBuilder()
    for number in range(draw(st.integers(2, 9))):
        sources = draw(st.lists(st.integers(0, number - 1), max_size=2, unique=True)) if number else []
        edges = [(source, draw(st.sampled_from(guards))) for source in sources]
        activation = draw(st.sampled_from([None, "relu"]))
        name = draw(st.sampled_from(LAYERS))
        arguments: dict[str, Any] = {"activation": activation} if name == "Dense" and activation else {}
        build.add(name, *edges, guard=draw(st.sampled_from(guards)), line=draw(st.integers(1, 6)), **arguments)
    return build.graph(background=draw(st.sampled_from([(), (0,), (0, 1)])))


def said(violations: Sequence[Violation]) -> list[tuple[object, ...]]:
    """The contents of violations except for their units, which depend on the units that are followed."""
    return [
        (one.rule.code, one.at, one.because, one.message, one.unit.chain, one.wish is None, one.refusal, one.everywhere)
        for one in violations
    ]


@given(st.lists(drawn_graphs(), min_size=1, max_size=3), st.sampled_from(ORDERS))
def test_nothing_is_lost_or_changed(graphs: list[LayerGraph], order: Order) -> None:
    """The violations, their contents, and whether they hold on every path are the same."""
    assert said(judge(graphs, ORDERING, order)) == said(judge(graphs, [*map(silent, ORDERING)], order))


@pytest.mark.parametrize(
    ("chain", "starts"),
    [
        ("Dense → BN → ReLU → Dropout → Dense → BN", set()),
        ("Dense → ReLU → Dense → ReLU → BN", {2}),
        ("Dropout → BN", {0}),
        ("ReLU → BN", set()),  # ORD001 needs a head
        ("Dense(relu) → BN", {0}),
        ("Dense → Pool → Pool → ReLU → Pool → BN → Dense → BN", {0}),  # although a pooling is not part of the pair
    ],
)
def test_units_start_only_where_they_lead_to_a_pair(chain: str, starts: AbstractSet[int]) -> None:
    """A chain in order is not followed."""
    signs = signs_of(ORDERING, DEFAULT_ORDER)
    assert signs is not None
    (found,) = starts_in([path(chain)], signs)
    assert found == starts


def test_a_layer_of_several_steps_can_be_a_pair_by_itself() -> None:
    """No other layer has to follow it."""
    build = GraphBuilder()
    build.add("Dense", steps=[Step(role, role.value) for role in (Role.LINEAR, Role.ACTIVATION, Role.NORM)])
    assert [*starts_in([build.graph()], signs_of(ORDERING, DEFAULT_ORDER) or [])] == [frozenset({0})]


def test_a_place_is_followed_in_every_graph() -> None:
    """The layer is misplaced in one use of a helper and in order in another, so not on all paths."""
    graphs = [path("Dense → ReLU → BN"), path("Dense → Pool → BN")]  # one call for each line: both norms are in line 3
    signs = signs_of(ORDERING, DEFAULT_ORDER) or []
    assert [*starts_in(graphs, signs)] == [frozenset({0})] * 2
    assert [one.everywhere for one in judge(graphs, ORDERING)] == [False]


def test_the_earlier_layer_of_a_pair_is_followed_in_every_graph() -> None:
    """Only one use of the dropout leads to a norm, without a linear layer before it."""
    build = GraphBuilder()
    build.add("MaxPooling2D", build.add("Dropout", line=1), line=9)
    assert [*starts_in([path("Dropout → BN"), build.graph()], [Sign(Role.DROPOUT, Role.NORM)])] == [frozenset({0})] * 2


@pytest.mark.parametrize("chain", ["BN", "Dense → BN", "Dense → ReLU → BN", "ReLU → Dropout → BN"])
def test_one_norm_is_no_pair_of_them(chain: str) -> None:
    """Earlier layers are distinguished by role, and by whether there was a linear layer."""
    assert [*starts_in([path(chain)], [Sign(Role.NORM, Role.NORM)])] == [frozenset()]


@pytest.mark.parametrize(
    ("chain", "sign", "starts"),
    [
        ("Dense → Pool → ReLU", Sign(Role.NORM, Role.ACTIVATION), set()),  # a pooling is not a norm
        ("Dropout → Pool → Dense → Dropout → BN", Sign(Role.DROPOUT, Role.NORM), {2}),
        ("Dropout → ReLU → Dense → Dropout → ReLU", Sign(Role.DROPOUT, Role.ACTIVATION, True), {2}),
    ],
)
def test_only_units_with_both_layers_are_followed(chain: str, sign: Sign, starts: AbstractSet[int]) -> None:
    """A layer without a role does not count as one, and a unit without a required head is not followed."""
    assert [*starts_in([path(chain)], [sign])] == [starts]


@pytest.mark.parametrize("is_headed", [False, True])
def test_an_activation_of_a_linear_layer_is_the_earlier_one_of_a_pair(is_headed: bool) -> None:
    """The activation comes after its own head: a graph that uses the layer in order is followed, too."""
    build = GraphBuilder()
    build.add("MaxPooling2D", build.add("Dense", line=1, activation="relu"), line=9)
    sign = Sign(Role.ACTIVATION, Role.NORM, is_headed)
    assert [*starts_in([path("Dense(relu) → BN"), build.graph()], [sign])] == [frozenset({0})] * 2


def test_a_rule_that_does_not_say_sees_all_units() -> None:
    """The rule may report any unit."""
    assert signs_of([*ORDERING, RULES["ORD109"]], DEFAULT_ORDER) is None


def test_rules_about_text_ask_for_no_units() -> None:
    """These rules are judged elsewhere."""
    assert signs_of([RULES["ORD900"], RULES["ORD002"]], DEFAULT_ORDER) == [Sign(Role.DROPOUT, Role.NORM)]


def test_a_start_that_is_not_asked_for_is_not_followed() -> None:
    """The units of a graph can be restricted by the calls at which they start."""
    assert [unit.chain for unit in units_of(path("Dense → ReLU → Dense → BN"), starts={2})] == [
        ("Dense", "BatchNormalization")
    ]


def test_where_the_flow_does_not_go_by_the_order_of_calls_all_is_followed() -> None:
    """A single pass over the calls is not enough then."""
    build = GraphBuilder()
    build.add("BN", build.add("ReLU", build.add("Dense")))
    for edge in (Edge(2, 1, ALWAYS), Edge(1, 1, ALWAYS)):
        graph = replace(build.graph(), edges=(*build.edges, edge))
        assert [*starts_in([graph], [Sign(Role.ACTIVATION, Role.NORM)])] == [None]
