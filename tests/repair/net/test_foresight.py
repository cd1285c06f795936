"""What granting wishes would bring, seen before a text is touched."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.graph import LayerGraph
from orderlint.judging import Violation, Wish, judge
from orderlint.repair.net.foresight import Foresight
from tests.graphs import GraphBuilder, path
from tests.judged import standards

DEFAULT = standards()


def found(graph: LayerGraph) -> list[Violation]:
    return judge([graph], DEFAULT.rules)


def wishes(graph: LayerGraph) -> Sequence[Wish]:
    return [found(graph)[0].wish]  # type: ignore[list-item]


def test_a_repair_that_makes_no_finding_brings_none() -> None:
    """Of no rule, selected or not."""
    graph = path("Dense → ReLU → BN")
    assert Foresight.of([graph], DEFAULT).brought(wishes(graph)) is None


def test_two_norms_side_by_side_would_be_a_finding() -> None:
    """Though the rule that finds it is not selected."""
    graph = path("Dense → BN → ReLU → BN → Dense")
    brought = Foresight.of([graph], DEFAULT).brought(wishes(graph))
    assert brought is not None
    assert brought.rule.name == "repeated-norm"


def test_a_finding_that_was_there_is_not_brought() -> None:
    """Only what is new counts."""
    graph = path("Dense → ReLU → ReLU → BN")
    assert Foresight.of([graph], DEFAULT).brought(wishes(graph)) is None


def test_dropouts_that_come_to_stand_side_by_side_are_told() -> None:
    """Each pair once, and not one that was there before."""
    graph = path("Dense → Dropout → BN → ReLU → Dropout")
    foresight = Foresight.of([graph], DEFAULT)
    ((one, other),) = foresight.side_by_side(wishes(graph))
    assert (one.id, other.id) == (1, 4)
    assert foresight.side_by_side([]) == []


def test_a_path_in_order_through_the_same_layer_is_found() -> None:
    """It is told by where it starts and by what follows."""
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


def test_where_every_path_asks_for_it_there_is_none() -> None:
    """All of them are out of order."""
    graph = path("Dense → ReLU → BN")
    (violation,) = found(graph)
    assert Foresight.of([graph], DEFAULT).in_order(violation, wishes(graph)) is None
