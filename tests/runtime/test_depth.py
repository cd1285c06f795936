"""Long and deep models: no function recurses over layers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orderlint.engine.inspecting import inspect_file, inspect_model
from orderlint.runtime.models import read_model
from tests.runtime.seen import chains_of, graph_of

LENGTH = 10_000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Keras recurses over layers while it builds a functional model."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10 * LENGTH)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def test_ten_thousand_layers_applied_one_after_the_other(keras3: Any) -> None:
    """A functional chain of 10,000 layers is inspected within the default recursion limit."""
    layers = keras3.layers
    dense, relu = layers.Dense(1), keras3.src.ops.nn.Relu()  # shared, since constructing layers takes long
    x = source = keras3.Input((1,))
    for _ in range(LENGTH // 5):
        x = relu(relu(relu(relu(dense(x)))))
    with deep_recursion():
        model = keras3.Model(source, layers.BatchNormalization()(layers.Dropout(0.5)(x)))
    assert len(graph_of(model).calls) == LENGTH + 3
    assert [finding.code for finding in inspect_model(model)] == ["ORD002", "ORD001"]  # in the order of data flow


def test_ten_thousand_layers_in_a_sequential(keras3: Any) -> None:
    """A Sequential that is not built."""
    layers = keras3.layers
    dense = layers.Dense(1)
    model = keras3.Sequential([layers.Dense(1, activation="relu"), layers.BatchNormalization()])
    model._layers[:0] = [dense] * LENGTH  # each `add` looks at all layers
    assert len(graph_of(model).calls) == LENGTH + 3
    assert [finding.code for finding in inspect_model(model)] == ["ORD001"]


def test_ten_thousand_layers_in_a_file(tmp_path: Path) -> None:
    """A file with 10,000 layers."""
    names = [f"layer_{number}" for number in range(LENGTH)]
    layers: list[dict[str, Any]] = [
        {"class_name": "InputLayer", "config": {"name": "in"}, "name": "in", "inbound_nodes": []}
    ]
    for before, name in zip(["in", *names], names, strict=False):
        kind = {"class_name": "Dense", "config": {"name": name, "activation": "relu"}}
        layers.append({**kind, "name": name, "inbound_nodes": [[[before, 0, 0, {}]]]})
    layers.append(
        {
            "class_name": "BatchNormalization",
            "config": {"name": "bn"},
            "name": "bn",
            "inbound_nodes": [[[names[-1], 0, 0, {}]]],
        }
    )
    config = {"name": "m", "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [["bn", 0, 0]]}
    path = tmp_path / "long.json"
    path.write_text(json.dumps({"class_name": "Functional", "config": config}), encoding="utf-8")
    (finding,) = inspect_file(path)
    assert finding.location.layer == "bn"


def test_a_call_that_applies_two_thousand_layers(keras3: Any) -> None:
    """A traced chain may be longer than the recursion limit."""
    layers = keras3.layers

    class Long(keras3.Model):
        def __init__(self) -> None:
            super().__init__(name="long")
            self.act = layers.ReLU()

        def call(self, x: Any) -> Any:
            for _ in range(2_000):
                x = self.act(x)
            return x

    assert len(read_model(Long(), input_shape=(1,)).graphs[0].calls) == 2_001


def test_models_nested_sixty_deep(keras: Any) -> None:
    """All levels are opened."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1), layers.ReLU()], name="level_0")
    for level in range(1, 60):
        source = keras.Input((1,))
        model = keras.Model(source, model(source), name=f"level_{level}")
    source = keras.Input((1,))
    outer = keras.Model(source, layers.BatchNormalization()(model(source)))
    assert chains_of(outer) == ["Dense ReLU BatchNormalization | output"]
    path = graph_of(outer).calls[1].applied.location().layer
    assert path is not None
    assert path.count("/") == 60
