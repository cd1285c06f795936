"""The units of a layer graph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderlint.graph import LayerGraph, Location, Role, Step
from orderlint.graph.guards import Guard, GuardSpace, GuardSpaceFull
from orderlint.graph.shortfalls import Limit, Shortfall
from orderlint.graph.units import End, Unit, units_of
from tests.graphs import GraphBuilder, chains, path


def only(graph: LayerGraph) -> Unit:
    (unit,) = units_of(graph)
    return unit


def ends(graph: LayerGraph) -> list[tuple[tuple[str, ...], str]]:
    return [(unit.chain, unit.end.value) for unit in units_of(graph)]


def test_unit_runs_from_linear_to_linear() -> None:
    """A linear layer ends one unit and is the head of the next."""
    graph = path("Dense → BN → Activation(relu) → Dropout → Dense → BN")
    assert ends(graph) == [
        (("Dense", "BatchNormalization", "ReLU", "Dropout"), "linear"),
        (("Dense", "BatchNormalization"), "output"),
    ]


def test_inline_activation_is_a_step_of_its_own() -> None:
    """`Dense(activation="relu")` is the head of its unit, and its activation is the first step after it."""
    unit = only(path("Dense(relu) → BN"))
    assert [step.role for step in unit.steps] == [Role.LINEAR, Role.ACTIVATION, Role.NORM]
    assert unit.steps[0].call is unit.steps[1].call
    assert unit.head is unit.steps[0]


def test_pass_steps_belong_to_the_unit_and_not_to_its_chain() -> None:
    """Pooling continues a unit, and is not in its chain."""
    unit = only(path("Conv → Pool → BN"))
    assert [step.name for step in unit.steps] == ["Conv2D", "MaxPooling2D", "BatchNormalization"]
    assert unit.chain == ("Conv2D", "BatchNormalization")


def test_value_with_two_consumers_gives_two_paths() -> None:
    """Each consumer of an output has its own path."""
    build = GraphBuilder()
    dense = build.add("Dense")
    build.add("BN", dense)
    build.add("Dropout", dense)
    assert chains(build.graph()) == [("Dense", "BatchNormalization"), ("Dense", "Dropout")]


def test_merge_ends_every_unit_that_reaches_it_and_starts_a_headless_one() -> None:
    """The unit after a merge has no head; the merge is not one of its steps."""
    build = GraphBuilder()
    left, right = build.add("Conv"), build.add("Conv")
    norm = build.add("BN", right)
    merged = build.add("Add", left, norm)
    build.add("ReLU", merged)
    units = list(units_of(build.graph()))
    assert [(unit.chain, unit.end) for unit in units] == [
        (("Conv2D",), End.MERGE),
        (("Conv2D", "BatchNormalization"), End.MERGE),
        (("ReLU",), End.OUTPUT),
    ]
    assert [unit.head is None for unit in units] == [False, False, True]
    assert units[0].follower is build.calls[merged]


def test_boundary_starts_a_headless_unit() -> None:
    """The unit after a recurrent layer has no head."""
    graph = path("LSTM → Dropout → BN → Dense")
    assert ends(graph) == [(("Dropout", "BatchNormalization"), "linear"), (("Dense",), "output")]
    assert next(iter(units_of(graph))).head is None


def test_call_without_producer_starts_a_headless_unit() -> None:
    """A function that is judged separately starts with its parameter, which is not a call."""
    unit = only(path("Dropout → BN"))
    assert unit.head is None
    assert unit.chain == ("Dropout", "BatchNormalization")


def test_merge_that_feeds_a_linear_has_no_empty_unit() -> None:
    """Two adjacent layers that end units have no unit between them."""
    build = GraphBuilder()
    left, right = build.add("LSTM"), build.add("LSTM")
    build.add("Dense", build.add("Add", left, right))
    assert chains(build.graph()) == [("Dense",)]


def test_arms_that_exclude_each_other_are_not_combined() -> None:
    """`if f: BN` and a later `if not f: Dropout` have no path in common."""
    build, flag = GraphBuilder(), GuardSpace().atom("f")
    dense = build.add("Dense")
    norm = build.add("BN", dense, guard=flag)
    drop = build.add("Dropout", (dense, ~flag), (norm, flag), guard=~flag)
    build.add("ReLU", (norm, flag), (drop, ~flag))
    assert chains(build.graph()) == [("Dense", "BatchNormalization", "ReLU"), ("Dense", "Dropout", "ReLU")]


def test_arm_that_may_be_skipped_gives_both_paths() -> None:
    """An optional layer is on one path and not on the other."""
    build, flag = GraphBuilder(), GuardSpace().atom("f")
    dense = build.add("Dense")
    drop = build.add("Dropout", dense, guard=flag)
    build.add("BN", (dense, ~flag), (drop, flag))
    assert sorted(chains(build.graph())) == [
        ("Dense", "BatchNormalization"),
        ("Dense", "Dropout", "BatchNormalization"),
    ]


def test_path_carries_its_condition() -> None:
    """The guard of a unit is the conjunction of the conditions on its path."""
    build, space = GraphBuilder(), GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    dense = build.add("Dense", guard=a)
    build.add("BN", (dense, b), guard=b)
    assert only(build.graph()).guard.same_as(a & b)


def test_call_that_is_fed_on_some_paths_only_starts_a_headless_unit_on_the_others() -> None:
    """After `if a: x = Dense(8)(x)`, `x = BN(x)` takes the argument of the function where `a` is false."""
    build = GraphBuilder()
    a = GuardSpace().atom("a")
    dense = build.add("Dense", guard=a)
    build.add("BN", (dense, a))
    headed, headless = units_of(build.graph())
    assert (headed.chain, headed.guard) == (("Dense", "BatchNormalization"), a)
    assert (headless.chain, headless.head) == (("BatchNormalization",), None)
    assert headless.guard.same_as(~a)


def test_call_that_is_fed_in_each_case_starts_none() -> None:
    """It has one source if `a`, and another one if not."""
    build = GraphBuilder()
    a = GuardSpace().atom("a")
    one, other = build.add("Dense", guard=a), build.add("LSTM", guard=~a)
    build.add("BN", (one, a), (other, ~a))
    assert [unit.guard.same_as(guard) for unit, guard in zip(units_of(build.graph()), (a, ~a), strict=True)] == [
        True
    ] * 2


def test_output_that_is_also_consumed_ends_a_unit() -> None:
    """One path ends at the model output, and another continues."""
    build = GraphBuilder()
    dense = build.add("Dense")
    relu = build.add("ReLU", dense)
    build.add("BN", relu)
    assert ends(build.graph(outputs=[relu])) == [
        (("Dense", "ReLU"), "output"),
        (("Dense", "ReLU", "BatchNormalization"), "output"),
    ]


def test_unit_knows_whether_it_ends_at_a_model_output() -> None:
    """A value that leaves a helper is not a model output; one that leaves the model is."""
    assert [unit.model_output for unit in units_of(path("Dense → Dropout"))] == [False]
    assert [unit.model_output for unit in units_of(path("Dense → Dropout", output=True))] == [True]
    assert [unit.model_output for unit in units_of(path("Dense → Dropout → Dense", output=True))] == [False, True]


def test_value_that_is_unused_under_a_condition_still_gives_its_unit() -> None:
    """If the condition of the path excludes every consumer, the path ends there, and is open."""
    build, flag = GraphBuilder(), GuardSpace().atom("f")
    relu = build.add("ReLU", build.add("Dense", guard=flag))
    norm = build.add("BN", relu)
    build.add("Dropout", (norm, ~flag), guard=~flag)
    unit = only(build.graph())
    assert unit.chain == ("Dense", "ReLU", "BatchNormalization")
    assert unit.is_open
    assert not only(path("Dense → ReLU")).is_open


def test_composite_call_may_hold_several_units() -> None:
    """The call of a composite layer of the user has several steps in order; a linear step starts a new unit."""
    build = GraphBuilder()
    roles = (Role.LINEAR, Role.NORM, Role.LINEAR, Role.ACTIVATION)
    block = build.add("Block", steps=[Step(role, role.value) for role in roles])
    build.add("Dropout", block)
    assert ends(build.graph()) == [(("linear", "norm"), "linear"), (("linear", "activation", "Dropout"), "output")]


def test_early_branch_is_not_lost_among_many_paths() -> None:
    """Beyond the bound, a path is still followed if its roles differ from those of earlier paths."""
    build = GraphBuilder()
    dense = build.add("Dense")
    last = [dense, build.add("Dropout", dense)]
    for _ in range(20):
        last = [build.add("Flatten", *last), build.add("Identity", *last)]
    build.add("BN", *last)
    found = {unit.chain for unit in units_of(build.graph(), limit=100)}
    assert found == {("Dense", "BatchNormalization"), ("Dense", "Dropout", "BatchNormalization")}


def test_paths_are_bounded() -> None:
    """Many branches in a row do not multiply the paths without bound."""
    build = GraphBuilder()
    last = [build.add("Dense")]
    for _ in range(40):
        last = [build.add("ReLU", *last), build.add("Dropout", *last)]
    build.add("BN", *last)
    units = list(units_of(build.graph(), limit=50))
    assert 0 < len(units) < 10_000


def test_paths_of_all_starts_together_are_bounded() -> None:
    """If each of many starts has many paths, later starts follow fewer, but still every sequence of roles."""
    build = GraphBuilder()
    last = [build.add("Dense")]
    for _ in range(60):
        linear = build.add("Dense", *last)
        last = [linear, build.add("Identity", linear), build.add("Dropout", linear)]
        for _ in range(6):
            last = [build.add("Flatten", *last), build.add("Identity", *last)]
    build.add("BN", *last)
    told: list[Shortfall] = []
    units = list(units_of(build.graph(), limit=100, on_shortfall=told.append))
    assert len(units) < 1_000  # 60 starts with 192 paths each are 11,520 paths; with equal bounds for all starts, 2,041
    assert {unit.chain for unit in units if "BatchNormalization" in unit.chain} == {
        ("Dense", "BatchNormalization"),
        ("Dense", "Dropout", "BatchNormalization"),
    }
    assert {fall.limit for fall in told} == {Limit.PATHS}


def test_a_long_chain_is_one_unit() -> None:
    """The unit of a chain of 900 layers is complete; one of 3,000 is left out and reported."""
    build = GraphBuilder()
    last = build.add("Dense")
    for _ in range(900):
        last = build.add("ReLU", last)
    told: list[Shortfall] = []
    (unit,) = units_of(build.graph(), on_shortfall=told.append)
    assert len(unit.steps) == 901
    assert not told
    for _ in range(2_100):
        last = build.add("ReLU", last)
    assert not list(units_of(build.graph(), on_shortfall=told.append))
    assert [fall.limit for fall in told] == [Limit.PATHS]


def test_shared_layer_is_one_layer_applied_twice() -> None:
    """Two calls of one layer have the same `layer_id`, each with its own place."""
    build = GraphBuilder()
    first = build.add("Dense", made_on=10)
    build.add("Dense", first, made_on=10)
    one, two = build.calls
    assert one.layer_id == two.layer_id
    assert one.place != two.place


def test_place_is_the_application_unless_said_otherwise() -> None:
    """A finding is reported where the layer is applied, or at the place given for it."""
    build = GraphBuilder()
    build.add("Dense", made_on=10)
    assert build.calls[0].place.location() == Location("net.py", 1, 1)


def test_a_unit_starts_behind_the_step_that_ends_another() -> None:
    """The same holds within a composite layer."""
    build = GraphBuilder()
    roles = (Role.BOUNDARY, Role.DROPOUT, Role.NORM)
    build.add("Dense", steps=[Step(role, role.value) for role in roles])
    assert chains(build.graph()) == [("dropout", "norm")]


def test_a_call_that_holds_nothing_of_a_unit_makes_none() -> None:
    """If the output of a recurrent layer is the output of the model, there is nothing to judge after it."""
    assert list(units_of(path("LSTM", output=True))) == []
    assert list(units_of(path("LSTM"))) == []


def test_only_a_unit_that_ends_at_an_output_may_be_one() -> None:
    """A unit that ends at the next linear layer is not an output, and its continuation is known."""
    first, last = units_of(path("Dense → BN → Dense → ReLU", output=True))
    assert (first.end, first.model_output, first.is_open) == (End.LINEAR, False, False)
    assert (last.end, last.model_output, last.is_open) == (End.OUTPUT, True, False)
    made = Unit(first.steps, first.head, End.LINEAR)
    assert (made.model_output, made.is_open) == (False, False)


def test_a_path_whose_conditions_are_too_many_ends_there_and_is_told() -> None:
    """The unit is open, so it does not count when a rule says that all paths have a finding."""
    build, space = GraphBuilder(), GuardSpace(limit=10)  # room for these two conditions, but not for both together
    a, b, c = (space.atom(key) for key in "abc")
    relu = build.add("ReLU", build.add("Dense"), guard=a | b)
    build.add("BN", relu, guard=b | c)
    told: list[Shortfall] = []
    graph = build.graph()
    (unit,) = units_of(graph, on_shortfall=told.append)
    assert (unit.chain, unit.is_open) == (("Dense", "ReLU"), True)
    assert [one.limit for one in told] == [Limit.CONDITIONS]


def test_each_walk_tells_of_the_ways_on_that_it_leaves_out() -> None:
    """The results of one walk do not hide the shortfall from the next walk, nor from a second start."""
    build, space = GraphBuilder(), GuardSpace(limit=10)
    a, b, c = (space.atom(key) for key in "abc")
    relu = build.add("ReLU", build.add("Dense"))
    build.add("BN", (relu, a | b), guard=b | c)
    graph = build.graph()
    told: list[Shortfall] = []
    for times in (1, 2):
        list(units_of(graph, on_shortfall=told.append))
        assert [one.limit for one in told] == [Limit.CONDITIONS] * times


def test_a_value_that_is_handed_back_may_go_on_otherwise() -> None:
    """Besides the path to its consumer, there is one that ends at the unknown caller."""
    build = GraphBuilder()
    dense = build.add("Dense")
    build.add("BN", dense)
    found = units_of(replace(build.graph(), returned=frozenset({dense})))
    assert [(unit.chain, unit.is_open) for unit in found] == [
        (("Dense",), True),
        (("Dense", "BatchNormalization"), False),
    ]


def test_paths_that_the_code_refuses_are_no_units() -> None:
    """A path whose condition only holds where the code raises an error is left out."""
    space = GuardSpace()
    regularized, normalized = space.atom("regularized"), space.atom("normalized")
    build = GraphBuilder()
    dense = build.add("Dense")
    drop = build.add("Dropout", dense, guard=regularized)
    build.add("BN", drop, guard=normalized)
    build.add("BN", dense, guard=normalized & ~regularized)
    graph = build.graph()
    assert ("Dense", "Dropout", "BatchNormalization") in chains(graph)
    accepted = replace(graph, accepted=~(regularized & normalized))
    assert ("Dense", "Dropout", "BatchNormalization") not in chains(accepted)
    assert ("Dense", "BatchNormalization") in chains(accepted)


def test_a_path_is_judged_if_it_takes_too_much_room_to_tell_whether_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The path is judged as if it were accepted."""

    def full(self: Guard, other: Guard) -> bool:
        raise GuardSpaceFull

    space = GuardSpace()
    graph = replace(path("Dense → Dropout → BN"), accepted=~space.atom("refused"))
    monkeypatch.setattr(Guard, "meets", full)
    assert ("Dense", "Dropout", "BatchNormalization") in chains(graph)


def test_paths_are_followed_where_there_is_no_room_to_shorten_what_they_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Removing known conditions only saves work, so the paths are the same without it."""

    def full(self: Guard, known: Guard) -> Guard:
        raise GuardSpaceFull

    build, space = GraphBuilder(), GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    relu = build.add("ReLU", build.add("Dense", guard=a), guard=a)
    build.add("BN", relu, guard=a & b)
    monkeypatch.setattr(Guard, "given", full)
    told: list[Shortfall] = []
    assert [unit.chain for unit in units_of(build.graph(), on_shortfall=told.append)] == [
        ("Dense", "ReLU", "BatchNormalization"),
    ]
    assert told == []
