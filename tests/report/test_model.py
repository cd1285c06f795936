"""The tree of a built model."""

from __future__ import annotations

from itertools import pairwise

from orderlint.diagnostics import Finding, Severity
from orderlint.graph import Edge, LayerCall, LayerGraph, Location, Role, Step
from orderlint.report import model, model_summary
from orderlint.report.terminal import ASCII


def call(number: int, path: str, *names: str) -> LayerCall:
    steps = tuple(Step(Role.PASS, name) for name in names)
    return LayerCall(number, names[0], steps, Location("net.keras", layer=path))


def graph(*calls: LayerCall) -> LayerGraph:
    edges = tuple(Edge(one.id, other.id) for one, other in pairwise(calls))
    return LayerGraph("net", Location("net.keras"), calls, edges)


def finding(path: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("ORD001", "norm-after-activation", "message", Location("net.keras", layer=path), severity=severity)


def test_tree() -> None:
    """Models and blocks contain their layers, inline activations are steps, and marks are at the end of rows."""
    tree = graph(
        call(0, "source", "Input"),
        call(1, "encoder/block/fc", "Dense", "ReLU"),
        call(2, "encoder/block/bn", "BatchNormalization"),
        call(3, "encoder/drop", "Dropout"),
        call(4, "head", "Dense"),
    )
    assert model.render(tree, [finding("encoder/block/bn")]).splitlines() == [
        "net  net.keras",
        "├─ source     Input",
        "├─ encoder",
        "│  ├─ block",
        "│  │  ├─ fc   Dense → ReLU",
        "│  │  ╰─ bn   BatchNormalization   ORD001 norm after activation",
        "│  ╰─ drop    Dropout",
        "╰─ head       Dense",
    ]
    assert model.render(tree, [], glyphs=ASCII).splitlines()[5] == "|  |  `- bn   BatchNormalization"


def test_in_little_room_marks_stand_below_their_layers() -> None:
    """No row is wider than the terminal."""
    tree = graph(call(0, "fc", "Dense"), call(1, "block/bn", "BatchNormalization"), call(2, "head", "Dense"))
    assert model.render(tree, [finding("block/bn")], room=40).splitlines()[2:] == [
        "├─ block",
        "│  ╰─ bn   BatchNormalization",
        "│     ORD001 norm after activation",
        "╰─ head    Dense",
    ]


def test_in_little_room_layers_stay_in_a_column() -> None:
    """The column is as far left as the longest chain needs; what does not fit is on the row below."""
    tree = graph(call(0, "fc", "Dense"), call(1, "average_pooling", "AveragePooling2D"), call(2, "block_1", "Dense"))
    assert model.render(tree, [], room=34).splitlines()[1:] == [
        "├─ fc             Dense",
        "├─ average_pooling",
        "│  AveragePooling2D",
        "╰─ block_1        Dense",
    ]
    assert model.render(graph(call(0, "a_long_name", "Dense")), [], room=5).splitlines()[1:] == [
        "╰─ a_long_name",
        "   Dense",
    ]


def test_large_trees_show_what_is_marked_and_what_is_near() -> None:
    """The other layers are counted."""
    calls = [call(number, f"stage/layer_{number}", "Dense") for number in range(200)]
    rows = model.render(graph(*calls), [finding("stage/layer_100")]).splitlines()
    assert rows[1].startswith("╰─ stage")
    assert "┆  95 more" in rows
    assert sum("layer_" in row for row in rows) == 2 + 7 + 3
    assert sum("ORD001" in row for row in rows) == 1


def test_two_marks_and_a_layer_applied_twice() -> None:
    """Marks belong to applications."""
    tree = graph(call(0, "act", "ReLU"), call(1, "act#2", "ReLU"))
    rows = model.render(tree, [finding("act#2"), finding("act#2", Severity.WARNING)]).splitlines()
    assert rows[1].endswith("ReLU")
    assert rows[2].count("ORD001") == 2


def test_names_cannot_steer_the_terminal() -> None:
    """Names from a file are escaped."""
    tree = graph(call(0, "a\x1b[31m", "Den\x07se"))
    assert "\x1b" not in model.render(tree, [])
    assert "\x07" not in model.render(tree, [])


def test_summary() -> None:
    """The number of findings and models."""
    from orderlint.diagnostics import Report

    clean, dirty = Report(), Report((finding("a"), finding("b")))
    assert model_summary.render([clean]) == "No layer out of order in 1 model."
    lines = model_summary.render([clean, dirty]).splitlines()
    assert lines[0] == "2 findings in 1 of 2 models."
    assert lines[-1] == "`orderlint rule ORD001` explains the rule."
    assert model_summary.render([], 1) == "1 target could not be inspected."
