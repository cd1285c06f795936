"""The recorder: calls of layers, the data flow between them, and their graphs."""

from __future__ import annotations

from orderlint.graph import Location, Role, Step
from orderlint.graph.guards import ALWAYS, NEVER, GuardSpace
from orderlint.source.state.recorder import Applied, Recorder, Root, Source

PLACE = Location("net.py", 1, 1)


def applied(
    layer: str = "Dense", role: Role = Role.LINEAR, uid: int | None = 1, line: int = 1, made: Location = PLACE
) -> Applied:
    return Applied(layer, (Step(role, layer),), Location("net.py", line, 1), made, uid, {}, iterated=True)


def record(recorder: Recorder, *sources: Source, **what: object) -> int:
    return recorder.record(applied(**what), list(sources), ALWAYS, background=False)  # type: ignore[arg-type]


def edges(recorder: Recorder) -> list[tuple[int, int]]:
    return list(recorder.edges)


def test_calls_are_fed_by_their_sources() -> None:
    """A call has an edge from each source, under the guard of the source's value; an impossible edge is left out."""
    recorder, g = Recorder(), GuardSpace().atom("g")
    first, second = record(recorder), record(recorder)
    third = recorder.record(applied(), [(g, first), (~g, second), (NEVER, first)], ALWAYS, background=False)
    assert recorder.edges == {(first, third): g, (second, third): ~g}


def test_novelty_is_a_layer_met_for_the_first_or_second_time() -> None:
    """A loop that applies the same layer for the third time brings nothing new."""
    recorder = Recorder()
    seen = []
    for _ in range(4):
        record(recorder, uid=7)
        seen.append(recorder.novelty)
    assert seen == [1, 2, 2, 2]


def test_a_boundary_that_nobody_uses_is_cut_off() -> None:
    """`print(x)` is removed from the network; a layer whose value is not used is kept."""
    recorder = Recorder()
    source = record(recorder)
    boundary = record(recorder, (ALWAYS, source), layer="show", role=Role.BOUNDARY, uid=None)
    layer = record(recorder, (ALWAYS, source))
    recorder.drop_if_boundary(boundary)
    recorder.drop_if_boundary(layer)
    assert edges(recorder) == [(source, layer)]


def test_a_model_applied_again_is_copied_between_its_inputs_and_outputs() -> None:
    """The copy has the same calls and edges, and the call before the model feeds it."""
    recorder = Recorder()
    start, other = record(recorder), record(recorder)
    first = record(recorder, (ALWAYS, start))
    last = record(recorder, (ALWAYS, first))
    copies = recorder.copy({start: [(ALWAYS, other)]}, {last}, ALWAYS, background=False)
    assert set(copies) == {first, last}
    assert edges(recorder)[-2:] == [(other, copies[first]), (copies[first], copies[last])]


def test_each_root_is_a_graph_and_those_that_data_joins_are_one() -> None:
    """Roots without data flow between them have separate graphs; the ids of calls start from 0 in each graph."""
    recorder = Recorder()
    roots = []
    for name in ("one", "two", "three"):
        roots.append(Root(recorder.size, name, PLACE))
        record(recorder, *([(ALWAYS, 0)] if name == "three" else []))
    graphs = recorder.graphs(roots)
    assert [(graph.name, [call.id for call in graph.calls]) for graph in graphs] == [("one", [0, 1]), ("two", [0])]


def test_what_is_cut_is_in_no_graph() -> None:
    """After `cut` only later calls are in the graphs, without edges from earlier ones."""
    recorder = Recorder()
    before = record(recorder)
    start = recorder.size
    record(recorder, (ALWAYS, before))
    recorder.cut(start)
    (graph,) = recorder.graphs([Root(0, "whole", PLACE)])
    assert len(graph.calls) == 1
    assert graph.edges == ()


def test_an_expression_that_applies_several_layers_is_reported_where_they_are_made() -> None:
    """`for layer in layers: x = layer(x)` is one expression: a finding is reported where the layer was constructed."""
    recorder = Recorder()
    first, second = Location("net.py", 2, 1), Location("net.py", 3, 1)
    record(recorder, uid=1, line=5, made=first)
    record(recorder, uid=2, line=5, made=second)
    record(recorder, uid=3, line=6, made=first)
    (graph,) = recorder.graphs([Root(0, "whole", PLACE)])
    assert [call.place for call in graph.calls] == [first, second, Location("net.py", 6, 1)]


def test_what_is_handed_back_is_told_of_its_graph() -> None:
    """A value that a function returns to unknown callers is marked in the graph of its call."""
    recorder = Recorder()
    first = record(recorder)
    second = record(recorder, (ALWAYS, first))
    other = record(recorder, line=9)
    recorder.hand_back([(ALWAYS, first), (ALWAYS, other)])
    one, another = recorder.graphs([Root(first, "net", PLACE), Root(other, "other", PLACE)])
    assert one.returned == {first}
    assert another.returned == {0}
    assert one.calls[second].id not in one.returned
