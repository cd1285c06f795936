"""Calls and their graphs: graphs with equal contents are equal, wherever they come from."""

from __future__ import annotations

import pickle
from dataclasses import replace

from orderlint.graph.calls import LayerGraph, Location, Role
from orderlint.graph.guards import ALWAYS, NEVER, GuardSpace
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.graphs import GraphBuilder, path

TEXT = "x = Dense(8)(x)\nif c:\n    x = BatchNormalization()(x)\nx = ReLU()(x)\n"


def graph(text: str) -> LayerGraph:
    (found,) = analyze(source_from_text(text, "net.py"))
    return found


def test_graphs_of_the_same_text_are_equal() -> None:
    """Their guards belong to different spaces and their places to different trees, but the contents are equal."""
    assert graph(TEXT) == graph(TEXT)
    assert hash(graph(TEXT)) == hash(graph(TEXT))


def test_graphs_that_differ_are_not() -> None:
    """They differ in a layer, in a place, or in a guard."""
    for other in (TEXT.replace("ReLU", "ELU"), f"\n{TEXT}", TEXT.replace("if c", "if not c")):
        assert graph(TEXT) != graph(other)
    assert graph(TEXT) != "graph"


def test_a_pickled_graph_is_equal_and_holds_no_syntax() -> None:
    """A graph can be sent to another process, and has plain locations."""
    there = pickle.loads(pickle.dumps(graph(TEXT)))
    assert there == graph(TEXT)
    assert all(isinstance(call.applied, Location) for call in there.calls)


def test_edges_are_found_from_both_ends() -> None:
    """A call knows the calls that it feeds, and those that feed it."""
    build = GraphBuilder()
    first = build.add("Dense")
    build.add("ReLU", first)
    build.add("ELU", first)
    found = build.graph()
    assert [edge.target for edge in found.consumers(found.calls[first])] == [1, 2]
    assert [edge.source for edge in found.producers(found.calls[2])] == [first]
    assert found.producers(found.calls[first]) == ()


def test_a_call_takes_what_no_other_gives_where_nothing_feeds_it() -> None:
    """A call has input from outside always, on some paths, or never."""
    build = GraphBuilder()
    space = GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    first = build.add("Dense", guard=a)
    fed = [build.add("BN", (first, a)), build.add("BN", (first, a & b), guard=b), build.add("BN", (first, a), guard=a)]
    found = build.graph()
    outside = [found.outside(found.calls[number]) for number in (first, *fed)]
    assert all(one.same_as(other) for one, other in zip(outside, (a, ~a, b & ~a, NEVER), strict=True))


def test_an_output_leaves_always_or_on_some_paths() -> None:
    """A value that is not an output never leaves the model."""
    g = GuardSpace().atom("g")
    calls = path("Dense → ReLU → ELU").calls
    found = LayerGraph("net", Location("net.py"), calls, (), frozenset({1, 2}), leaving={2: g})
    assert [found.leaves(call) for call in calls] == [NEVER, ALWAYS, g]


def test_a_call_stands_where_it_is_reported() -> None:
    """The place is that of the application, unless one expression applies several layers."""
    (call,) = path("Dense(relu)").calls
    assert call.place == call.applied
    assert call.roles == (Role.LINEAR, Role.ACTIVATION)
    assert call.located() == call
    reported = Location("net.py", 3, 4)
    assert replace(call, reported=reported).located().place == reported


def test_a_location_of_a_file_alone_has_no_lines() -> None:
    """Lines count from 1."""
    assert Location("net.keras") == Location("net.keras", 0, 0, 0, 0, None, None)
