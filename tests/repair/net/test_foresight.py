"""Foresight: the effects of wishes are predicted before the text is edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orderlint.graph import LayerGraph, Role, Step, Unit, UnitStep
from orderlint.graph.guards import GuardSpace
from orderlint.judging import MoveAfter, MoveBefore, Order, Violation, Wish, judge
from orderlint.repair.net.foresight import Foresight, unknown_end
from tests.graphs import GraphBuilder, path
from tests.judged import RULES, standards

DEFAULT = standards()


def found(graph: LayerGraph) -> list[Violation]:
    return judge([graph], DEFAULT.rules)


def wishes(graph: LayerGraph) -> Sequence[Wish]:
    return [found(graph)[0].wish]  # type: ignore[list-item]


def test_a_repair_that_makes_no_finding_brings_none() -> None:
    """A repair without new findings is predicted to have none, for rules that are selected or not."""
    graph = path("Dense → ReLU → BN")
    assert Foresight.of([graph], DEFAULT).brought(wishes(graph)) is None


def test_two_norms_side_by_side_would_be_a_finding() -> None:
    """Two adjacent norms would be a finding, although the rule for it is not selected."""
    graph = path("Dense → BN → ReLU → BN → Dense")
    brought = Foresight.of([graph], DEFAULT).brought(wishes(graph))
    assert brought is not None
    assert brought.rule.name == "repeated-norm"


def test_a_finding_that_was_there_is_not_brought() -> None:
    """An existing finding is not counted as new."""
    graph = path("Dense → ReLU → ReLU → BN")
    assert Foresight.of([graph], DEFAULT).brought(wishes(graph)) is None


def test_dropouts_that_come_to_stand_side_by_side_are_told() -> None:
    """Each new pair of adjacent dropouts is reported once; an existing pair is not."""
    graph = path("Dense → Dropout → BN → ReLU → Dropout")
    foresight = Foresight.of([graph], DEFAULT)
    ((one, other),) = foresight.side_by_side(wishes(graph))
    assert (one.id, other.id) == (1, 4)
    assert foresight.side_by_side([]) == []


def test_a_move_of_a_dropout_does_what_it_does_on_the_path_where_it_does_most() -> None:
    """The kind of a move of a dropout is the strongest over all paths; on one path it only swaps with a ReLU."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", (drop, flag), guard=flag)
    relu = build.add("ReLU", norm, (drop, ~flag))
    graph = build.graph()
    start, end = (UnitStep(graph.calls[one], graph.calls[one].steps[-1]) for one in (drop, relu))
    foresight = Foresight.of([graph], DEFAULT)
    assert foresight.effect(MoveAfter(start, end, "equivalent")) == "same-inference"
    assert foresight.effect(MoveBefore(end.call, start, "changes-model")) == "changes-model"
    plain = path("Dense → Dropout → ReLU")
    (wish,) = (one.wish for one in judge([plain], DEFAULT.rules))
    assert wish is not None
    assert Foresight.of([plain], DEFAULT).effect(wish) == "equivalent"
    assert Foresight.of([path("Dense → ReLU")], DEFAULT).effect(wish) == "equivalent"


def test_a_path_in_order_through_the_same_layer_is_found() -> None:
    """A path in order through the same layer is described by its start and the layer that follows."""
    build = GraphBuilder()
    first = build.add("Dense", activation="relu")
    second = build.add("Dense")
    norm = build.add("BN", first, second)
    build.add("Dense", norm)
    graph = build.graph()
    (violation,) = [one for one in found(graph) if not one.everywhere]
    ends = Foresight.of([graph], DEFAULT).in_order(violation, [violation.wish])  # type: ignore[list-item]
    assert ends is not None
    assert (ends[0].id, ends[1] and ends[1].id) == (second, 3)
    only_context = replace(graph, background=frozenset(call.id for call in graph.calls))
    assert Foresight.of([only_context], DEFAULT).in_order(violation, [violation.wish]) is None  # type: ignore[list-item]


def test_a_path_without_a_linear_layer_starts_at_what_feeds_it() -> None:
    """A path without a linear layer is described by the call that ends the path before it."""
    build = GraphBuilder()
    first = build.add("Dense", activation="relu")
    unknown = build.add("LSTM", first)
    norm = build.add("BN", first, unknown)
    build.add("Dense", norm)
    graph = build.graph()
    (violation,) = [one for one in found(graph) if not one.everywhere]
    ends = Foresight.of([graph], DEFAULT).in_order(violation, [violation.wish])  # type: ignore[list-item]
    assert ends is not None
    assert ends[0].id == unknown


def test_where_every_path_asks_for_it_there_is_none() -> None:
    """There is none if all paths are out of order."""
    graph = path("Dense → ReLU → BN")
    (violation,) = found(graph)
    assert Foresight.of([graph], DEFAULT).in_order(violation, wishes(graph)) is None


def test_an_unknown_call_at_an_end_is_told_where_the_same_expression_applies_the_norm() -> None:
    """An unknown call is reported only if the same expression applies the norm."""
    build = GraphBuilder()
    dense = build.add("Dense", activation="relu")
    unknown = build.add("call", dense, line=3, steps=[Step(Role.BOUNDARY, "call")])
    elsewhere = build.add("call", dense, line=4, steps=[Step(Role.BOUNDARY, "call")])
    build.add("BN", dense, line=3)
    graph = build.graph()
    norm = graph.calls[3]
    wish = MoveAfter(
        UnitStep(graph.calls[dense], graph.calls[dense].steps[1]), UnitStep(norm, norm.steps[0]), "equivalent"
    )
    assert unknown_end([None, graph.calls[elsewhere], graph.calls[unknown]], [wish]) == (
        graph.calls[unknown],
        Role.NORM,
    )
    assert unknown_end([None, graph.calls[elsewhere], graph.calls[dense]], [wish]) is None


def test_a_path_past_a_layer_is_found() -> None:
    """A path that contains only one of two layers is found; if all paths contain both, there is none."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    dense = build.add("Dense")
    relu = build.add("ReLU", dense, guard=flag)
    build.add("BN", (relu, flag), (dense, ~flag))
    graph = build.graph()
    first, activation, norm = graph.calls
    foresight = Foresight.of([graph], DEFAULT)
    past = foresight.past(norm, activation)
    assert past is not None
    assert past.chain == ("Dense", "BatchNormalization")
    assert foresight.past(norm, first) is None
    only_context = replace(graph, background=frozenset({0, 1, 2}))
    assert Foresight.of([only_context], DEFAULT).past(norm, activation) is None


def test_a_rule_that_fails_foresees_nothing() -> None:
    """The other rules are evaluated. The failure is reported when the file is checked."""
    graph = path("Dense → BN → ReLU → BN → Dense")
    failing = replace(DEFAULT, others=(_Failing(), *DEFAULT.others))
    brought = Foresight.of([graph], failing).brought(wishes(graph))
    assert brought is not None
    assert brought.rule.name == "repeated-norm"


class _Failing(type(RULES["ORD001"])):  # type: ignore[misc]
    __doc__ = RULES["ORD001"].__doc__

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        raise RuntimeError
