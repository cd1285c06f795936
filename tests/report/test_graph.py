"""Layer graphs as a tree and as JSON."""

from __future__ import annotations

import json

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from orderlint.diagnostics import Finding
from orderlint.graph import Edge, LayerCall, LayerGraph, Location, Role, Step
from orderlint.graph.guards import GuardSpace
from orderlint.report.graph import as_dict, render_json, render_tree
from orderlint.report.terminal import ASCII
from tests.support import ROOT

ROLES = {"Conv2D": Role.LINEAR, "BatchNormalization": Role.NORM, "ReLU": Role.ACTIVATION, "Add": Role.MERGE}


def graph(names: list[str], edges: list[tuple[int, int]]) -> LayerGraph:
    calls = []
    for number, name in enumerate(names):
        step = Step(ROLES.get(name, Role.BOUNDARY), name)
        calls.append(LayerCall(number, name, (step,), Location("net.py", number + 2, 5, number + 2, 20)))
    place = Location("net.py", 1, 1, 9, 1)
    return LayerGraph("build", place, tuple(calls), tuple(Edge(source, target) for source, target in edges))


def drawn(names: list[str], edges: list[tuple[int, int]]) -> list[str]:
    """The rows of a tree without roles and places."""
    return [row.split("  boundary")[0].split("  merge")[0].rstrip() for row in tree(graph(names, edges))]


def tree(one: LayerGraph) -> list[str]:
    return [row.partition("  net.py")[0].rstrip() for row in render_tree(one).splitlines()[1:]]


def test_a_chain_stays_on_one_level() -> None:
    """A chain is not indented, however long it is."""
    assert drawn(["A", "B", "C"], [(0, 1), (1, 2)]) == ["╰─ 0 A", "   1 B", "   2 C"]


def test_names_stand_in_one_column_whatever_the_number_of_a_call() -> None:
    """Numbers with one digit are padded, and marks below are aligned with the names."""
    names = ["A"] * 10 + ["B"]
    one = graph(names, [(number, number + 1) for number in range(10)])
    rows = tree(one)
    assert rows[9:] == ["   9  A  boundary", "   10 B  boundary"]
    found = Finding("ORD104", "dropout-on-output", "a", one.calls[9].place.location())
    assert render_tree(one, [found], room=36).splitlines()[-2] == "      ^ ORD104 dropout on output"


def test_a_skip_connection_points_to_where_it_goes_on() -> None:
    """The branch without layers is an arrow, the other one continues, and the merge is after both."""
    rows = drawn(["In", "A", "Add", "B"], [(0, 1), (1, 2), (0, 2), (2, 3)])
    assert rows == ["╰─ 0 In", "   ╰─ → 2 Add", "   1 A", "   2 Add", "   3 B"]


def test_branches_are_indented_until_they_meet() -> None:
    """Each branch starts with a corner; after the merge, the level is that of the fan-out."""
    rows = drawn(["In", "A", "B", "Add"], [(0, 1), (0, 2), (1, 3), (2, 3)])
    assert rows == ["╰─ 0 In", "   ├─ 1 A", "   │  → 3 Add", "   ╰─ 2 B", "      → 3 Add", "   3 Add"]


def test_branches_that_end_apart_stay_apart() -> None:
    """Two outputs are two branches."""
    assert drawn(["In", "A", "B"], [(0, 1), (0, 2)]) == ["╰─ 0 In", "   ├─ 1 A", "   ╰─ 2 B"]


def test_several_inputs_are_several_starts() -> None:
    """Each call without inputs starts at the left."""
    rows = drawn(["In", "In", "Add"], [(0, 2), (1, 2)])
    assert rows == ["├─ 0 In", "│  → 2 Add", "╰─ 1 In", "   2 Add"]


def test_a_row_shows_steps_roles_and_place() -> None:
    """An inline activation is listed in the name and in the roles; a condition is shown."""
    steps = (Step(Role.LINEAR, "Dense"), Step(Role.ACTIVATION, "ReLU"))
    guard = GuardSpace().atom("flag")
    call = LayerCall(0, "Dense", steps, Location("net.py", 4, 9, 4, 20), guard=guard)
    text = render_tree(LayerGraph("build", Location("net.py", 3, 1), (call,), ()))
    assert text.splitlines() == [
        "build  net.py:3:1",
        "╰─ 0 Dense → ReLU  linear, activation (on some paths)  net.py:4:9",
    ]
    assert render_tree(LayerGraph("build", Location("net.py", 3, 1), (call,), ()), glyphs=ASCII).isascii()


def test_json_is_that_of_the_architecture() -> None:
    """Calls have id, layer, roles and place; edges are pairs."""
    steps = (Step(Role.LINEAR, "Dense"), Step(Role.ACTIVATION, "ReLU"))
    call = LayerCall(0, "Dense", steps, Location("net.py", 5, 9, 5, 20))
    one = LayerGraph("build_model", Location("net.py", 3, 1), (call,), ())
    assert json.loads(render_json([one])) == {
        "version": 1,
        "graphs": [
            {
                "name": "build_model",
                "path": "net.py",
                "line": 3,
                "calls": [
                    {
                        "id": 0,
                        "layer": "Dense",
                        "roles": ["linear", "activation"],
                        "path": "net.py",
                        "line": 5,
                        "column": 9,
                        "cell": None,
                    }
                ],
                "edges": [],
            }
        ],
    }


def test_json_follows_its_schema() -> None:
    """The output is valid against `docs/graph.schema.json`."""
    schema = json.loads((ROOT / "docs" / "graph.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(as_dict([graph(["In", "Conv2D", "Add"], [(0, 1), (1, 2), (0, 2)])]), schema)
    jsonschema.validate(as_dict([]), schema)


@given(st.data(), st.integers(1, 30))
def test_every_call_is_drawn_once_and_every_edge_is_there(data: st.DataObject, size: int) -> None:
    """In any graph, each call has one row, after all of its inputs."""
    pairs = [(source, target) for target in range(size) for source in range(target)]
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=60)) if pairs else []
    one = graph(["X"] * size, edges)
    rows = [row.lstrip("├╰─│ ") for row in tree(one)]
    order = [int(row.split()[0]) for row in rows if not row.startswith("→")]
    assert sorted(order) == list(range(size))
    assert all(order.index(source) < order.index(target) for source, target in edges)


def test_long_chains_and_deep_fan_outs_need_no_recursion() -> None:
    """A chain of ten thousand calls with a second output each."""
    size = 10_000
    chain = [(number, number + 1) for number in range(size - 1)]
    heads = [(number, size + number) for number in range(size)]
    assert len(tree(graph(["X"] * size * 2, chain + heads))) == 2 * size


def test_narrow_trees_have_their_marks_below() -> None:
    """If a row is too long, marks are on the row below and roles are omitted; no mark is lost."""
    one = graph(["Conv2D", "ReLU", "BatchNormalization"], [(0, 1), (1, 2)])
    found = Finding("ORD001", "norm-after-activation", "m", one.calls[2].place.location())
    assert render_tree(one, [found], room=100).splitlines() == [
        "build  net.py:1:1",
        "╰─ 0 Conv2D              linear      net.py:2:5",
        "   1 ReLU                activation  net.py:3:5",
        "   2 BatchNormalization  norm        net.py:4:5  ^ ORD001 norm after activation",
    ]
    assert render_tree(one, [found], room=50).splitlines()[-2:] == [
        "   2 BatchNormalization  norm        net.py:4:5",
        "     ^ ORD001 norm after activation",
    ]
    assert render_tree(one, [found], room=40).splitlines()[-2:] == [
        "   2 BatchNormalization  net.py:4:5",
        "     ^ ORD001 norm after activation",
    ]
    both = [found, Finding("ORD002", "dropout-before-norm", "m", found.location)]
    assert render_tree(one, both, room=40).splitlines()[-3:] == [
        "   2 BatchNormalization  net.py:4:5",
        "     ^ ORD001 norm after activation,",
        "       ORD002 dropout before norm",
    ]
    assert render_tree(one, [found], room=32).splitlines()[-4:] == [
        "   2 BatchNormalization",
        "     net.py:4:5",
        "     ^ ORD001 norm after",
        "       activation",
    ]
