"""Why a chain of layers must not be rearranged, as far as the graph tells."""

from __future__ import annotations

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
    """The move that a layer goes behind another."""
    calls = Obstacles([graph]).path(graph.calls[first], graph.calls[last])
    one, other = calls[0], calls[-1]
    return move_of(MoveAfter(UnitStep(one, one.steps[0]), UnitStep(other, other.steps[-1]), "equivalent"), calls)


def test_a_straight_path_has_no_obstacle() -> None:
    """Each value goes to the next layer and nowhere else."""
    build = GraphBuilder()
    norm = build.add("BN", build.add("Dropout", build.add("Dense")))
    Obstacles([build.graph()]).check(swap(build.graph(), 1, norm))


def test_a_value_with_another_reader_is_one() -> None:
    """It would get another value."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", drop)
    build.add("Dense", drop)
    with pytest.raises(Refused, match=r"output of `Dropout` in line 2 is also used in line 4"):
        Obstacles([build.graph()]).check(swap(build.graph(), drop, norm))


def test_readers_that_exclude_each_other_are_none() -> None:
    """In one world the value goes one way, in the other the other."""
    space = GuardSpace()
    g = space.atom("g")
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", (drop, g), guard=g)
    build.add("Dense", (drop, ~g), guard=~g)
    Obstacles([build.graph()]).check(swap(build.graph(), drop, norm))


def test_an_output_of_the_model_is_read_outside() -> None:
    """A model hands it to whoever asks."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    norm = build.add("BN", drop)
    with pytest.raises(Refused, match="also an output of a model, which would change"):
        Obstacles([build.graph(outputs=[drop])]).check(swap(build.graph(outputs=[drop]), drop, norm))


def test_a_shared_layer_with_weights_stays() -> None:
    """A norm that is applied elsewhere too does not move; a shared dropout may."""
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
    """Both ends included; where there is none, no repair is right."""
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
    """One for each layer of the first place; behind a linear layer another unit starts."""
    helper = "def act(x):\n    return ReLU()(x)\ndef norm(x):\n    return BatchNormalization()(x)\n"
    block = "x = Dense(8)(x)\nx = act(x)\n"
    case = Case(f"{helper}{block}x = norm(x)\n{block}x = Dropout(0.5)(x)\nx = norm(x)\n{block}{block}x = norm(x)\n")
    first, last = (call_at(case.graphs, line).place for line in (2, 4))
    ways = [[call.layer for call in way] for way in case.obstacles.ways(first, last)]
    straight = ["ReLU", "BatchNormalization"]
    assert ways == [straight, ["ReLU", "Dropout", "BatchNormalization"], straight]


def test_neighbors_are_told_in_both_directions() -> None:
    """What feeds a call, and what it feeds."""
    build = GraphBuilder()
    build.add("ReLU", build.add("BN", build.add("Dense")))
    obstacles = Obstacles([build.graph()])
    norm = build.calls[1]
    assert [call.layer for call in obstacles.neighbors(norm)] == ["Dense", "ReLU"]
    assert obstacles.producers(norm) == [build.calls[0]]
    assert obstacles.consumers(norm) == [build.calls[2]]


def test_a_layer_made_in_a_helper_must_lead_to_its_norm_everywhere() -> None:
    """Each use of the helper, up to the next linear layer, counts."""
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
    """The other use of the layer would lose it too."""
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
    """Whichever is taken; one that ends, or passes a linear layer, does not."""
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
    """`pass` layers between the two do not matter; another layer does, and so does the input of the model."""

    def check(layers: str) -> None:
        graph = path(layers)
        Obstacles([graph]).check_follows_activation(graph.calls[-1], graph.calls[0])

    check("BN → ReLU → MaxPooling2D → Conv")
    check("Conv(relu) → Conv")
    check("Dropout → Conv → ReLU → Conv")
    check("Dropout → ReLU → Conv")  # itself, from the turn before
    check("Conv → Dropout → BN → ReLU → Conv")
    dropped = ("ReLU → Dropout → Conv", "Conv → Dropout → ReLU → Conv")
    for layers in ("Conv", "Flatten → Conv", "Conv → BN → Conv", *dropped):
        with pytest.raises(Refused):
            check(layers)


def test_what_is_handed_in_follows_no_activation() -> None:
    """The convolution, or the pooling before it, takes what was handed in if not `a`."""
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
    """A convolution in a loop may get its first data from the input."""
    build = GraphBuilder()
    first = build.add("Conv", made_on=7)
    second = build.add("Conv", build.add("ReLU", first), made_on=7)
    graph = build.graph()
    with pytest.raises(Refused):
        Obstacles([graph]).check_follows_activation(graph.calls[second], graph.calls[first])
