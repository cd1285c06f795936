"""Judging graphs by rules: each misplaced layer has one violation, whose facts hold for all of its paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from orderlint.graph import LayerGraph, Unit, UnitStep, units_of
from orderlint.graph.guards import GuardSpace
from orderlint.judging import DEFAULT_ORDER, Order, Rule, Violation, judge
from orderlint.judging.wishes import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish
from tests.graphs import GraphBuilder, line_of, path
from tests.judged import RULES

NORMS, DROPOUTS = RULES["ORD001"], RULES["ORD002"]


class _Crashing(type(NORMS)):  # type: ignore[misc]
    __doc__ = NORMS.__doc__

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        yield from NORMS.check(units, order)
        raise RuntimeError("a mistake in a rule")


class _Refusing(type(NORMS)):  # type: ignore[misc]
    """A rule that refuses a wish for units that start in line 1."""

    __doc__ = NORMS.__doc__

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for violation in NORMS.check(units, order):
            yield replace(violation, wish=None, refusal="so") if line_of(violation.unit) == 1 else violation


class _Wishing(type(NORMS)):  # type: ignore[misc]
    """A rule with a given wish for each unit, or none."""

    __doc__ = NORMS.__doc__

    def __init__(self, *wishes: Wish | None) -> None:
        self._wishes = wishes

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for violation, wish in zip(NORMS.check(units, order), self._wishes, strict=True):
            yield replace(violation, wish=wish, refusal=None)


class _Widening(type(NORMS)):  # type: ignore[misc]
    """A rule that also reports the head of the unit, which is not a layer of the pair."""

    __doc__ = NORMS.__doc__

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for violation in NORMS.check(units, order):
            yield replace(violation, because=(*violation.because, violation.unit.steps[0].call))


def told(graphs: Sequence[LayerGraph], *rules: Rule) -> list[tuple[str, int]]:
    """The code and line of each violation."""
    return [(one.rule.code, line_of(one.at)) for one in judge(graphs, rules or (NORMS,))]


def test_a_layer_on_many_paths_is_told_once_a_rule() -> None:
    """Violations are sorted by rule, and then in the order in which they were found."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("ReLU", build.add("Dense")))
    norm = build.add("BN", drop)
    for _ in range(2):
        build.add("ReLU", norm)
    assert told([build.graph()], NORMS, DROPOUTS) == [("ORD001", 4), ("ORD002", 3)]
    assert told([build.graph()] * 2) == [("ORD001", 4)]


def test_nothing_is_told_without_rules_or_graphs() -> None:
    """Without rules or graphs there are no violations."""
    assert judge([path("Dense → ReLU → BN")], []) == []
    assert judge([], [NORMS]) == []


def test_graphs_may_come_one_by_one() -> None:
    """The units of each graph can be given too, if they are known."""
    graphs = [path("Dense → ReLU → BN"), path("Dense → ReLU → BN", start=5)]
    assert [line_of(one.at) for one in judge(iter(graphs), [NORMS])] == [3, 7]
    assert [line_of(one.at) for one in judge(iter(graphs), [NORMS], paths=map(units_of, graphs))] == [3, 7]
    with pytest.raises(ValueError, match="shorter"):
        judge(graphs, [NORMS], paths=[units_of(graphs[0])])


def test_a_rule_may_have_neither_a_wish_nor_a_reason() -> None:
    """The violation has neither of them, too."""
    (found,) = judge([path("Dense → ReLU → BN")], [_Wishing(None)])
    assert (found.wish, found.refusal) == (None, None)


def test_what_only_some_paths_show_is_not_so_everywhere() -> None:
    """Two arms lead to one norm, only one of them through an activation."""
    build = GraphBuilder()
    flag = GuardSpace().atom("flag")
    dense = build.add("Dense")
    build.add("BN", (build.add("ReLU", dense, guard=flag), flag), (dense, ~flag))
    (found,) = judge([build.graph()], [NORMS])
    assert not found.everywhere
    (found,) = judge([path("Dense → ReLU → BN")], [NORMS])
    assert found.everywhere


def test_what_is_there_only_as_context_is_not_told() -> None:
    """At least one layer of the pair must not be context; a path on which the layer is context does not count."""

    def behind(*background: int) -> LayerGraph:
        return replace(path("Dense → ReLU → BN"), background=frozenset(background))

    assert told([behind(0, 1)]) == told([behind(0, 2)]) == [("ORD001", 3)]
    assert told([behind(1, 2)]) == []
    assert judge([behind(1, 2)], [_Widening()]) == []  # the head is not a layer of the pair
    in_order = path("Dense → Pool → BN")
    for background, everywhere in ((frozenset[int](), False), (frozenset({2}), True)):
        (found,) = judge([path("Dense → ReLU → BN"), replace(in_order, background=background)], [NORMS])
        assert found.everywhere is everywhere


def test_a_path_that_may_go_on_unseen_does_not_count() -> None:
    """The continuation of an open path may have the finding, so the layer is not counted as in order there."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    drop = build.add("Dropout", build.add("Dense", guard=flag), line=2)
    build.add("ReLU", (drop, ~flag), guard=~flag)
    assert [unit.is_open for unit in units_of(build.graph())] == [True]
    (found,) = judge([path("Dense → Dropout → BN"), build.graph()], [DROPOUTS])
    assert found.everywhere


def test_a_rule_that_fails_costs_itself_alone() -> None:
    """The other rules run, and the callback gets the rule and its error; without a callback the error is raised."""
    graphs = [path("Dense → ReLU → Dropout → BN")]
    failed: list[tuple[Rule, str]] = []
    crashing = _Crashing()
    found = judge(graphs, [crashing, DROPOUTS], on_crash=lambda rule, error: failed.append((rule, str(error))))
    assert [one.rule.code for one in found] == ["ORD002"]
    assert failed == [(crashing, "a mistake in a rule")]
    with pytest.raises(RuntimeError, match="a mistake in a rule"):
        judge(graphs, [crashing])


def test_uses_that_wish_for_the_same_change_have_one_wish() -> None:
    """Different wishes of other uses are kept besides it."""
    same = [path("Dense → ReLU → BN"), path("Dense → ReLU → BN")]
    (found,) = judge(same, [NORMS])
    assert isinstance(found.wish, MoveBefore)
    assert found.other_wishes == ()
    (found,) = judge([path("Dense → ReLU → BN"), path("Dense → Activation(tanh) → BN")], [NORMS])
    assert isinstance(found.wish, MoveBefore)
    assert [wish.anchor.name for wish in (found.wish, *found.other_wishes) if isinstance(wish, MoveBefore)] == [
        "ReLU",
        "tanh",
    ]


def test_a_change_does_what_it_does_where_it_does_most() -> None:
    """One path swaps a dropout and a ReLU; on another path the same move also passes a norm."""
    short, long = path("Dense → Dropout → ReLU"), path("Dense → Dropout → BN → ReLU")
    again = replace(long.calls[3], applied=short.calls[2].applied)
    long = replace(long, calls=(*long.calls[:3], again))
    for graphs in ([short, long], [long, short]):
        (found,) = judge(graphs, [RULES["ORD003"]])
        assert found.wish is not None
        assert (found.wish.effect, found.other_wishes) == ("same-inference", ())
    (found,) = judge([short], [RULES["ORD003"]])
    assert found.wish is not None
    assert found.wish.effect == "equivalent"


def test_a_use_that_cannot_be_changed_refuses_it_for_all() -> None:
    """All uses share the same code, so moving the layer would change that use too."""
    build = GraphBuilder()
    build.add("BN", build.add("ReLU", build.add("Dense", line=4), line=2), line=3)
    (found,) = judge([build.graph(), path("Dense → ReLU → BN")], [_Refusing()])
    assert (found.wish, found.refusal, found.other_wishes) == (None, "so", ())
    (found,) = judge([build.graph()], [_Refusing()])
    assert (found.wish is None, found.refusal) == (False, None)


def test_what_is_not_judged_is_told() -> None:
    """A unit with too many steps is reported, whatever the caller; the rest is judged."""
    long = path(" → ".join(["Dense", *["Flatten"] * 2_000]))
    shortfalls: list[object] = []
    assert judge(
        [long, path("Dense → ReLU → BN")], [NORMS, RULES["ORD101"]], DEFAULT_ORDER, on_shortfall=shortfalls.append
    )
    assert shortfalls


def test_rules_about_text_find_nothing_in_graphs() -> None:
    """These rules are judged on the text."""
    assert judge([path("Dense → ReLU → BN")], [RULES["ORD901"], RULES["ORD900"]]) == []


def last_step(text: str, start: int = 1) -> UnitStep:
    """The last step of a path."""
    call = path(text, start=start).calls[-1]
    return UnitStep(call, call.steps[-1])


RELU, OTHER = last_step("ReLU", 1), last_step("ReLU", 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MoveAfter(RELU, OTHER, "changes-model"), MoveAfter(RELU, RELU, "changes-model")),
        (MoveAfter(RELU, OTHER, "changes-model"), MoveAfter(OTHER, OTHER, "changes-model")),
        (MoveBefore(RELU.call, OTHER, "changes-model"), MoveBefore(RELU.call, RELU, "changes-model")),
        (MoveBefore(RELU.call, OTHER, "changes-model"), MoveAfter(RELU, OTHER, "changes-model")),
        (
            SetArgument(RELU.call, "use_bias", False, "equivalent"),
            SetArgument(RELU.call, "use_bias", None, "equivalent"),
        ),
        (SetArgument(RELU.call, "use_bias", False, "equivalent"), SetArgument(RELU.call, "bias", False, "equivalent")),
        (SetArgument(RELU.call, "use_bias", False, "equivalent"), ReplaceLayer(RELU.call, "use_bias", "equivalent")),
        (ReplaceLayer(RELU.call, "ELU", "changes-model"), ReplaceLayer(RELU.call, "PReLU", "changes-model")),
        (ReplaceLayer(RELU.call, "ELU", "changes-model"), ReplaceLayer(OTHER.call, "ELU", "changes-model")),
    ],
)
def test_wishes_for_other_changes_are_told_apart(one: Wish, other: Wish) -> None:
    """Two equal wishes are one."""
    graphs = [path("Dense → ReLU → BN")] * 2
    (found,) = judge(graphs, [_Wishing(one, other)])
    assert (found.wish, found.other_wishes) == (one, (other,))
    (found,) = judge(graphs, [_Wishing(one, replace(one))])
    assert (found.wish, found.other_wishes) == (one, ())
