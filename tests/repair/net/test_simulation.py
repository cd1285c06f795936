"""Simulation: the units that a file should have after repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import LayerGraph, Unit, UnitStep, units_of
from orderlint.graph.guards import GuardSpace
from orderlint.judging import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish, judge
from orderlint.repair.net import simulation
from orderlint.repair.net.simulation import Shape, Steps, Units, expected, granted, paths_of, shapes, steps_of
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.graphs import GraphBuilder, path
from tests.judged import standards

DEFAULT = standards()
STEPS = Steps()
LAYERS = ["BN", "ReLU", "Dropout", "Activation(tanh)", "MaxPooling2D", "Flatten"]
PATHS = st.lists(st.sampled_from(LAYERS), min_size=1, max_size=5)
HEADS = st.sampled_from(["Dense", "Dense(relu)", "Conv"])


def shapes_of(graphs: Sequence[LayerGraph]) -> Counter[Shape]:
    return shapes(paths_of(graphs), STEPS)


def expected_of(graphs: Sequence[LayerGraph], wishes: Sequence[Wish]) -> Counter[Shape]:
    return sum(expected(paths_of(graphs), wishes, [STEPS] * len(graphs)), Counter())


def unit_of(graph: LayerGraph) -> Unit:
    (unit,) = units_of(graph)
    return unit


def wishes_of(graph: LayerGraph) -> list[Wish]:
    """The wishes of the ordering rules."""
    return [found.wish for found in judge([graph], DEFAULT.rules) if found.wish is not None]


def settled(graph: LayerGraph) -> Units:
    """The units after wishes have been granted one by one until none are left."""
    units = Units(units_of(graph))
    for _ in range(9):
        found = [one.wish for rule in DEFAULT.rules for one in rule.check(units, DEFAULT.order) if one.wish]
        if not found:
            return units
        units = Units(granted(graph, units, found[:1]))
    raise AssertionError("it does not settle")


def test_equal_steps_have_equal_numbers() -> None:
    """Equal steps have equal numbers, so that numbers can be compared instead of steps."""
    steps = Steps()
    assert [steps.number(one) for one in ("a", ("b", 1), "a", ("b", 1))] == [0, 1, 0, 1]
    assert not steps.is_idempotent(0)


@given(HEADS, PATHS)
def test_granting_what_is_wished_for_settles(head: str, layers: list[str]) -> None:
    """Granting all wishes results in a unit without wishes that has the same steps."""
    graph = path(" → ".join([head, *layers]))
    before = Counter(step.name for step in unit_of(graph).steps)
    after = Counter(step.name for unit in settled(graph) for step in unit.steps)
    assert not after - before
    assert set(before - after) <= {"ReLU"}  # an inline one that is followed by the same activation is removed


@given(HEADS, PATHS)
def test_nothing_is_expected_to_change_without_wishes(head: str, layers: list[str]) -> None:
    """Without wishes, the expected shapes of a graph are its own, and its units are the same objects."""
    graph = path(" → ".join([head, *layers]))
    assert expected_of([graph], []) == shapes_of([graph])
    units = Units(units_of(graph))
    assert all(one is other for one, other in zip(granted(graph, units, []), units, strict=True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dense → ReLU → BN", "Dense → BN → ReLU"),
        ("Dense(relu) → BN", "Dense → BN → ReLU"),
        ("Dense(relu) → BN → ReLU", "Dense → BN → ReLU"),
        ("Dense → Dropout → BN → ReLU", "Dense → BN → ReLU → Dropout"),
        ("Conv → ReLU → MaxPooling2D → BN", "Conv → BN → ReLU → MaxPooling2D"),
        ("Dense → Dropout → Softmax", "Dropout → Dense → Softmax"),
        ("LSTM → Dense → Dropout → Softmax", "LSTM → Dropout → Dense → Softmax"),
        ("Dense → ReLU → Dense → Dropout → Softmax", "Dense → ReLU → Dropout → Dense → Softmax"),
    ],
)
def test_the_expected_units_are_those_of_the_repaired_text(before: str, after: str) -> None:
    """An activation that becomes a layer is the same step as an existing activation layer."""
    graph = path(before)
    assert expected_of([graph], wishes_of(graph)[:1]) == shapes_of([path(after)])


def test_only_a_unit_that_ends_where_nothing_is_known_to_follow_may_go_on() -> None:
    """A unit that ends in an unknown call may become longer, but not one that ends in an output or a layer."""

    def may_end(graph: LayerGraph) -> list[bool]:
        return [shape.may_end for shape in shapes_of([graph])]

    assert may_end(path("Dense → ReLU")) == [True]
    assert may_end(path("Dense → ReLU", output=True)) == [False]
    assert False in may_end(path("Dense → ReLU → Dense"))


def test_each_iteration_of_a_layer_moves_past_the_nearest_anchor() -> None:
    """A layer in a loop occurs several times in a unit, and moves past the nearest anchor each time."""
    build = GraphBuilder()
    last = build.add("Dense")
    for _ in range(2):
        last = build.add("BN", build.add("Dropout", last, line=2), line=3)
    graph = build.graph()
    drop, norm = (UnitStep(call, call.steps[0]) for call in graph.calls[1:3])
    wish = MoveAfter(drop, norm, "equivalent")
    (unit,) = granted(graph, Units(units_of(graph)), [wish])
    assert [step.call.id for step in unit.steps] == [0, 2, 1, 4, 3]


def test_graphs_that_cannot_be_paired_have_the_numbers_of_all() -> None:
    """Graphs cannot be paired if a repair removes or renames a function; then all numbers are compared."""
    graphs = [path("Dense → ReLU"), path("Dense → BN")]
    before, after = steps_of(paths_of(graphs), paths_of(graphs[:1]), ())
    assert (len(before), len(after)) == (2, 1)
    assert len({*before, *after}) == 1


def test_what_is_not_wished_for_is_another_shape() -> None:
    """Another argument, layer or end is another shape; another file name is not."""
    same = shapes_of([path("Dense → BN → ReLU")])
    assert shapes_of([path("Dense → BN → Activation(relu)")]) == same
    for other in ("Dense → BN → Activation(tanh)", "Conv → BN → ReLU", "Dense → ReLU → BN", "BN → ReLU"):
        assert shapes_of([path(other)]) != same
    assert shapes_of([path("Dense → BN → ReLU", output=True)]) != same


def test_an_argument_and_a_class_change_where_they_are_made() -> None:
    """The wishes of the companion rules change facts of a layer, not its position."""
    graph = path("Conv → BN")
    conv = graph.calls[0]
    (shape,) = expected_of([graph], [SetArgument(conv, "use_bias", False, "equivalent")])
    assert shape != next(iter(shapes_of([graph])))
    graph = path("Conv → Dropout")
    wished = expected_of([graph], [ReplaceLayer(graph.calls[1], "SpatialDropout2D", "changes-model")])
    assert wished == shapes_of([path("Conv → SpatialDropout2D")])


def test_a_dropout_of_channels_that_becomes_a_plain_one_has_no_rank() -> None:
    """After a layer that flattens, a spatial dropout becomes a plain one, which drops single values."""
    graph = path("Conv → SpatialDropout2D → BN")
    dropout, norm = (UnitStep(call, call.steps[0]) for call in graph.calls[1:])
    wished = expected_of([graph], [MoveAfter(dropout, norm, "same-inference", becomes="Dropout")])
    assert wished == shapes_of([path("Conv → BN → Dropout")])


def test_an_unknown_activation_counts_unless_it_is_left_out() -> None:
    """An unknown activation that is taken out of a layer may become a layer without effect."""
    graphs = [path("Dense → Activation"), path("Dense")]
    one, other = (shapes(paths_of([graph]), STEPS) for graph in graphs)
    assert one != other
    one, other = (shapes(paths_of([graph]), Steps(skips_unknown=True)) for graph in graphs)
    assert {shape.steps for shape in one} == {shape.steps for shape in other}


def test_a_layer_in_a_loop_moves_in_each_iteration() -> None:
    """In each iteration, the layer moves next to the activation of the same iteration."""
    build = GraphBuilder()
    last: tuple[int, ...] = ()
    for _ in range(2):
        dense = build.add("Dense", *last, line=1)
        last = (build.add("BN", build.add("ReLU", dense, line=2), line=3),)
    graph = build.graph()
    after = shapes_of([path("Dense → BN → ReLU → Dense → BN → ReLU")])
    assert expected_of([graph], wishes_of(graph)[:1]) == after


def test_a_dropout_under_a_condition_goes_before_the_linear_layer_on_its_paths() -> None:
    """The linear layer then has inputs with and without dropout, and the layers after it have one kind of input."""
    space = GuardSpace()
    g = space.atom("rate")
    build = GraphBuilder()
    linear = build.add("Conv", build.add("ReLU", build.add("BN")))
    drop = build.add("Dropout", (linear, g), guard=g)
    build.add("ReLU", build.add("BN", (linear, ~g), (drop, g)))
    graph = build.graph()
    head, dropout = (UnitStep(call, call.steps[0]) for call in (graph.calls[linear], graph.calls[drop]))
    units = list(granted(graph, Units(units_of(graph)), [MoveBefore(dropout.call, head, "same-inference")]))
    assert sorted(unit.chain for unit in units) == [
        ("BatchNormalization", "ReLU"),
        ("BatchNormalization", "ReLU", "Dropout"),
        ("Conv2D", "BatchNormalization", "ReLU"),
    ]


def test_blocks_that_follow_each_other_are_all_fed_with_and_without_it() -> None:
    """What was one path after a block is then one under each condition."""
    space = GuardSpace()
    g = space.atom("rate")
    build = GraphBuilder()
    last, drops, linears = build.add("ReLU", build.add("BN")), [], []
    for _ in range(2):
        linears.append(build.add("Conv", last, made_on=90, line=90))
        drops.append(build.add("Dropout", (linears[-1], g), guard=g, made_on=91, line=91))
        last = build.add("ReLU", build.add("BN", (linears[-1], ~g), (drops[-1], g)))
    graph = build.graph()
    head, dropout = (UnitStep(call, call.steps[0]) for call in (graph.calls[linears[0]], graph.calls[drops[0]]))
    units = list(granted(graph, Units(units_of(graph)), [MoveBefore(dropout.call, head, "same-inference")]))
    block = ("Conv2D", "BatchNormalization", "ReLU")
    assert sorted(unit.chain for unit in units if unit.head is not None) == [block, block, (*block, "Dropout")]


def test_where_units_are_is_found_out_once() -> None:
    """The positions of units are computed once for hundreds of plans."""
    units = Units(units_of(path("Dense → Dropout → BN")))
    _, dropout, norm = units[0].steps
    assert units.by_place[dropout.call.place] == units.by_place[norm.call.place] == [0]
    assert units.by_place is units.by_place


def test_a_graph_is_held_against_the_wishes_for_its_own_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file of hundreds of functions, a wish is compared only with the graphs that contain its layer."""
    texts = ("Dense → ReLU → BN", "Dense → Dropout → BN → ReLU", "Dense → BN")
    graphs = [path(text, start=10 * number) for number, text in enumerate(texts, 1)]
    wishes = [wishes_of(graph) for graph in graphs]
    asked = []

    def noted(graph: LayerGraph, units: Units, some: Sequence[Wish]) -> Iterator[Unit]:
        asked.append(list(some))
        return granted(graph, units, some)

    monkeypatch.setattr(simulation, "granted", noted)
    together = expected(paths_of(graphs), [wish for some in reversed(wishes) for wish in some], [STEPS] * len(graphs))
    assert asked == wishes
    assert together == [expected_of([graph], some) for graph, some in zip(graphs, wishes, strict=True)]


@pytest.mark.parametrize(
    ("end", "chains"),
    [
        ("    return Dense(1)(ReLU()(x))\n", ["BatchNormalization ReLU"]),
        (
            "    return Dense(1)(ReLU()(x)) if c else Dense(2)(x)\n",
            ["BatchNormalization ReLU ReLU", "BatchNormalization ReLU"],
        ),
    ],
)
def test_no_layer_is_made_of_an_activation_that_follows_on_all_paths(end: str, chains: list[str]) -> None:
    """If the activation follows on some paths only, a layer is added and is repeated there."""
    head = "from keras.layers import *\ndef f(x, c):\n    x = Dense(8, activation='relu')(x)\n"
    graphs = analyze(source_from_text(f"{head}    x = BatchNormalization()(x)\n{end}", "net.py"))
    wish = judge(graphs, standards().rules)[0].wish
    assert wish is not None
    (graph, units), *_ = paths_of(graphs)
    made = [" ".join(step.name for step in unit.steps[1:]) for unit in granted(graph, units, [wish])]
    assert [one for one in made if one] == chains
