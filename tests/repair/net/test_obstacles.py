"""Obstacles in the graph to rearranging a chain of layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderlint.graph import LayerGraph, UnitStep, units_of
from orderlint.graph.guards import GuardSpace
from orderlint.judging import MoveAfter, MoveBefore
from orderlint.repair.net.moves import Move, move_of
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Refused
from tests.graphs import GraphBuilder, path
from tests.repair.texts import Case, call_at


def swap(graph: LayerGraph, first: int, last: int) -> Move:
    """The move of a layer to after another one."""
    calls = Obstacles([graph]).path(graph.calls[first], graph.calls[last])
    one, other = calls[0], calls[-1]
    return move_of(MoveAfter(UnitStep(one, one.steps[0]), UnitStep(other, other.steps[-1]), "equivalent"), calls)


def test_a_straight_path_has_no_obstacle() -> None:
    """Each value has one consumer, which is the next layer."""
    build = GraphBuilder()
    norm = build.add("BN", build.add("Dropout", build.add("Dense")))
    Obstacles([build.graph()]).check(swap(build.graph(), 1, norm))


def test_a_value_with_another_reader_is_one() -> None:
    """The other reader would get a different value."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", drop)
    build.add("Dense", drop)
    with pytest.raises(Refused, match=r"output of `Dropout` in line 2 is also used in line 4"):
        Obstacles([build.graph()]).check(swap(build.graph(), drop, norm))


def test_readers_that_exclude_each_other_are_none() -> None:
    """The value has different consumers under exclusive conditions."""
    space = GuardSpace()
    g = space.atom("g")
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", (drop, g), guard=g)
    build.add("Dense", (drop, ~g), guard=~g)
    Obstacles([build.graph()]).check(swap(build.graph(), drop, norm))


def test_an_output_of_the_model_is_read_outside() -> None:
    """The caller of a model may read its outputs."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", drop)
    with pytest.raises(Refused, match="also an output of a model, which would change"):
        Obstacles([build.graph(outputs=[drop])]).check(swap(build.graph(outputs=[drop]), drop, norm))


def test_an_output_of_the_model_where_it_goes_on_elsewhere_is_no_obstacle() -> None:
    """The output of the model changes only if it is the value that goes to the moving layer."""
    g = GuardSpace().atom("g")
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", (drop, g))
    build.add("Dense", (drop, ~g))
    graph = replace(build.graph(outputs=[drop]), leaving={drop: ~g})
    Obstacles([graph]).check(swap(graph, drop, norm))


def test_a_shared_layer_with_weights_stays() -> None:
    """A norm that is also applied elsewhere does not move; a shared dropout may."""
    for name, refused in (("BN", True), ("Dropout", False)):
        build = GraphBuilder()
        first = build.add(name, build.add("Dense"), made_on=9)
        build.add("ReLU", first)
        build.add(name, build.add("Dense"), made_on=9)
        graph = build.graph()
        move = swap(graph, first, 2)
        if refused:
            with pytest.raises(Refused, match="and its weights are shared; construct a layer for each use"):
                Obstacles([graph]).check(move)
        else:
            Obstacles([graph]).check(move)


def test_the_shortest_way_of_the_data_is_found() -> None:
    """The path includes both ends; if there is none, there is no repair."""
    build = GraphBuilder()
    first = build.add("Dense")
    long = build.add("ReLU", build.add("ReLU", first))
    last = build.add("Add", long, build.add("ReLU", first))
    obstacles = Obstacles([build.graph()])
    calls = build.calls
    assert [call.id for call in obstacles.path(calls[first], calls[last])] == [first, last - 1, last]
    with pytest.raises(Refused):
        obstacles.path(calls[last], calls[first])


def test_ways_from_place_to_place_stay_in_a_unit() -> None:
    """There is one path for each layer of the first place. The next linear layer starts another unit."""
    helper = "def act(x):\n    return ReLU()(x)\ndef norm(x):\n    return BatchNormalization()(x)\n"
    block = "x = Dense(8)(x)\nx = act(x)\n"
    case = Case(f"{helper}{block}x = norm(x)\n{block}x = Dropout(0.5)(x)\nx = norm(x)\n{block}{block}x = norm(x)\n")
    first, last = (call_at(case.graphs, line).place for line in (2, 4))
    ways = [[call.layer for call in way] for way in case.obstacles.ways(first, last)]
    straight = ["ReLU", "BatchNormalization"]
    assert ways == [straight, ["ReLU", "Dropout", "BatchNormalization"], straight]


def test_neighbors_are_told_in_both_directions() -> None:
    """The calls before and after a call."""
    build = GraphBuilder()
    build.add("ReLU", build.add("BN", build.add("Dense")))
    obstacles = Obstacles([build.graph()])
    norm = build.calls[1]
    assert [call.layer for call in obstacles.neighbors(norm)] == ["Dense", "ReLU"]
    assert obstacles.producers(norm) == [build.calls[0]]
    assert obstacles.consumers(norm) == [build.calls[2]]


def test_a_layer_made_in_a_helper_must_lead_to_its_norm_everywhere() -> None:
    """Each use of the helper counts, up to the next linear layer."""
    build = GraphBuilder()
    one = build.add("Dense", made_on=9, activation="relu")
    build.add("BN", build.add("Flatten", one), line=8)
    other = build.add("Dense", made_on=9, activation="relu")
    norm = build.add("BN", other, line=8)
    calls = build.calls
    assert Obstacles([build.graph()]).is_always_followed(calls[one], calls[norm])
    build.add("Dense", build.add("Dense", made_on=9, activation="relu"))
    assert not Obstacles([build.graph()]).is_always_followed(calls[one], calls[norm])


def test_a_split_activation_of_a_shared_linear_layer_is_refused() -> None:
    """The other application of the layer would lose its activation, too."""
    build = GraphBuilder()
    dense = build.add("Dense", made_on=9, activation="relu")
    norm = build.add("BN", dense)
    build.add("Dense", made_on=9, activation="relu")
    graph = build.graph()
    (unit, *_) = units_of(graph)
    move = move_of(MoveBefore(graph.calls[norm], unit.steps[1], "changes-model"), graph.calls[:2])
    with pytest.raises(Refused, match="`Dense` is one layer object"):
        Obstacles([graph]).check(move)


def test_ways_that_come_together_again_lead_to_one_layer() -> None:
    """If all paths lead to the norm. A path that ends, or contains a linear layer, does not."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", drop)
    relu = build.add("ReLU", norm, drop)
    build.add("Dense", relu)
    graph = build.graph()
    obstacles = Obstacles([graph])
    assert obstacles.always_leads_to(graph.calls[norm], graph.calls[relu].place)
    assert obstacles.always_leads_to(graph.calls[drop], graph.calls[relu].place)
    assert not obstacles.always_leads_to(graph.calls[drop], graph.calls[norm].place)
    assert not obstacles.always_leads_to(graph.calls[relu], graph.calls[norm].place)


def test_what_follows_an_activation_opens_with_it() -> None:
    """Only `pass` layers may be between the two, but no other layer or input."""

    def check(layers: str) -> None:
        graph = path(layers)
        Obstacles([graph]).check_follows_activation(graph.calls[-1], graph.calls[0])

    check("BN → ReLU → MaxPooling2D → Conv")
    check("Conv(relu) → Conv")
    check("Dropout → Conv → ReLU → Conv")
    check("Dropout → ReLU → Conv")  # the activation itself, in the previous iteration
    check("Conv → Dropout → BN → ReLU → Conv")
    dropped = ("ReLU → Dropout → Conv", "Conv → Dropout → ReLU → Conv")
    for layers in ("Conv", "Flatten → Conv", "Conv → BN → Conv", *dropped):
        with pytest.raises(Refused):
            check(layers)


def test_what_is_handed_in_follows_no_activation() -> None:
    """Without `a`, the convolution or the pooling before it gets the argument of the function."""
    for between in ((), ("MaxPooling2D",)):
        build = GraphBuilder()
        a = GuardSpace().atom("a")
        last = build.add("ReLU", guard=a)
        for name in (*between, "Conv"):
            last = build.add(name, (last, a) if last == 0 else last)
        graph = build.graph()
        with pytest.raises(Refused):
            Obstacles([graph]).check_follows_activation(graph.calls[last], graph.calls[last])


def test_each_layer_that_is_made_there_has_to_follow_an_activation() -> None:
    """In its first iteration, a convolution in a loop may get the input."""
    build = GraphBuilder()
    first = build.add("Conv", made_on=7)
    second = build.add("Conv", build.add("ReLU", first), made_on=7)
    graph = build.graph()
    with pytest.raises(Refused):
        Obstacles([graph]).check_follows_activation(graph.calls[second], graph.calls[first])


def test_a_shared_layer_in_another_order_stays_as_it_is() -> None:
    """All uses between the two places change together; a third use would be changed, too."""
    build = GraphBuilder()
    for iteration in range(2):
        linear = build.add("Dense", line=10 + iteration)
        drop = build.add("Dropout", linear, line=1, made_on=8)
        build.add("BN", drop, line=2, made_on=9)
    first, last = build.calls[1], build.calls[2]
    Obstacles([build.graph()]).check_shared_everywhere(first, last)
    build.add("BN", build.add("Dense"), line=5, made_on=9)
    Obstacles([build.graph(background=[7])]).check_shared_everywhere(first, last)  # a context, which is checked itself
    with pytest.raises(Refused, match=r"`BatchNormalization` in line 2 is one layer object .* another order"):
        Obstacles([build.graph()]).check_shared_everywhere(first, last)


def fanned(*readers: str, activation: str = "ReLU", made_on: int | None = None) -> tuple[GraphBuilder, Move]:
    """An activation with several consumers, and the move of the last one to before it."""
    build = GraphBuilder()
    source = build.add(activation, build.add("Dense"))
    norms = [build.add(name, source, made_on=made_on) for name in readers]
    graph = build.graph()
    wish = MoveBefore(graph.calls[norms[-1]], UnitStep(graph.calls[source], graph.calls[source].steps[0]), "equivalent")
    return build, move_of(wish, [graph.calls[number] for number in (0, source, norms[-1])])


def test_an_activation_that_norms_alone_read_goes_behind_each() -> None:
    """At least two norms, since one would just be moved. Another consumer would lose the activation."""
    build, move = fanned("BN", "BN", "BN")
    assert [call.id for call in Obstacles([build.graph()]).fan(move)] == [2, 3, 4]
    for readers, activation in ((["BN"], "ReLU"), (["BN", "Dense", "BN"], "ReLU"), (["BN", "BN"], "PReLU")):
        build, move = fanned(*readers, activation=activation)
        with pytest.raises(Refused):
            Obstacles([build.graph()]).fan(move)
    build, move = fanned("BN", "BN")
    with pytest.raises(Refused):
        Obstacles([build.graph(outputs=[1])]).fan(move)


def test_norms_that_read_an_activation_must_not_be_shared() -> None:
    """The weights of a norm that is also applied elsewhere would be used for other values there."""
    build, move = fanned("BN", "BN", made_on=9)
    with pytest.raises(Refused, match="its weights are shared"):
        Obstacles([build.graph()]).fan(move)


def test_an_activation_of_a_helper_is_read_by_the_same_norms_in_each_use() -> None:
    """A use that is only context does not count."""
    build = GraphBuilder()
    uses = []
    for _ in range(2):
        source = build.add("ReLU", build.add("Dense", line=1), line=2)
        uses.append((source, [build.add("BN", source, line=line) for line in (3, 4)]))
    (source, norms), (other, others) = uses
    graph = build.graph()
    wish = MoveBefore(graph.calls[norms[1]], UnitStep(graph.calls[source], graph.calls[source].steps[0]), "equivalent")
    move = move_of(wish, [graph.calls[number] for number in (0, source, norms[1])])
    assert len(Obstacles([graph]).fan(move)) == 2
    build.add("BN", other, line=5)
    assert len(Obstacles([build.graph(background=[other, *others, 8])]).fan(move)) == 2
    with pytest.raises(Refused):
        Obstacles([build.graph()]).fan(move)


def test_mere_context_need_not_follow_an_activation() -> None:
    """It is checked where it is defined."""
    build = GraphBuilder()
    first = build.add("Conv", made_on=7)
    second = build.add("Conv", build.add("ReLU", first), made_on=7)
    graph = build.graph(background=[first])
    Obstacles([graph]).check_follows_activation(graph.calls[second], graph.calls[first])


def test_what_is_constructed_or_applied_for_others_too_is_known() -> None:
    """By the expressions that construct and apply it."""
    build = GraphBuilder()
    build.add("Dense", line=1, made_on=7)
    build.add("Dense", line=2, made_on=7)
    build.add("ReLU", line=3, made_on=8)
    build.add("ReLU", line=3, made_on=9)
    build.add("BN", line=4, made_on=10)
    calls, obstacles = build.calls, Obstacles([build.graph()])
    assert [obstacles.is_made_for_others(call) for call in calls] == [True, True, False, False, False]
    assert [obstacles.applies_others(call) for call in calls] == [False, False, True, True, False]


def test_ways_that_cross_are_walked_once() -> None:
    """Each pair of layers doubles the number of paths."""
    build = GraphBuilder()
    start = last = build.add("Dropout", build.add("Dense"))
    for _ in range(40):
        last = build.add("MaxPooling2D", build.add("Flatten", last), build.add("Flatten", last))
    norm = build.add("BN", last)
    build.add("BN", build.add("Dense", norm))
    calls, obstacles = build.calls, Obstacles([build.graph()])
    assert obstacles.always_leads_to(calls[start], calls[norm].place)
    assert obstacles.is_always_followed(calls[0], calls[norm])
    assert not obstacles.is_always_followed(calls[0], calls[-1])
    assert not obstacles.always_leads_to(calls[start], calls[-1].place)


def test_a_shared_norm_that_an_activation_goes_behind_stays() -> None:
    """Its other application would get values without activation."""
    build = GraphBuilder()
    source = build.add("ReLU", build.add("Dense"))
    norm = build.add("BN", source, made_on=9)
    build.add("BN", build.add("Dense"), made_on=9)
    graph = build.graph()
    with pytest.raises(Refused, match="`BatchNormalization` is one layer object"):
        Obstacles([graph]).check(swap(graph, source, norm))


def test_an_output_on_some_paths_only_is_not_read_outside_on_the_others() -> None:
    """The model ends there unless `g`, and goes on if `g`; only the latter is the path of the move."""
    build = GraphBuilder()
    g = GuardSpace().atom("g")
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", (drop, g), guard=g)
    graph = build.graph(outputs=[drop])
    Obstacles([graph]).check(swap(graph, drop, norm))


def test_an_activation_within_a_linear_layer_goes_behind_each_norm() -> None:
    """The activation is taken out of the linear layer, which has weights and is not moved."""
    build = GraphBuilder()
    dense = build.add("Dense", activation="relu")
    norms = [build.add("BN", dense), build.add("BN", dense)]
    graph = build.graph()
    wish = MoveBefore(graph.calls[norms[1]], UnitStep(graph.calls[dense], graph.calls[dense].steps[1]), "equivalent")
    move = move_of(wish, [graph.calls[dense], graph.calls[norms[1]]])
    assert [call.id for call in Obstacles([graph]).fan(move)] == norms


def test_where_conditions_cannot_be_joined_an_output_counts_as_read() -> None:
    """Whether the repair is right is unknown, so none is made."""

    def graph_of(limit: int) -> tuple[GuardSpace, LayerGraph]:
        space = GuardSpace(limit)
        build = GraphBuilder()
        drop = build.add("Dropout", build.add("Dense"))
        a, b, c, d = (space.atom(name) for name in "abcd")
        build.add("BN", (drop, a | b), guard=c | d)
        return space, build.graph(outputs=[drop])

    space, graph = graph_of(1_000)
    size = space.size
    Obstacles([graph]).check(swap(graph, 1, 2))
    _, full = graph_of(size)
    with pytest.raises(Refused, match="also an output"):
        Obstacles([full]).check(swap(full, 1, 2))
