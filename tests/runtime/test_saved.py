"""Saved models have the graph of the model object, in each format and version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderlint.catalog import RoleTable
from orderlint.graph import LayerGraph, Role
from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.models import read_model
from orderlint.runtime.saved import read_saved
from tests.runtime.seen import chains, paths, roles


def rich_model(keras: Any) -> Any:
    """Nested and shared parts, merges, wrappers, functions, an activation layer as an argument, several outputs."""
    import tensorflow as tf

    layers = keras.layers
    inside = keras.Input((4,), name="inside")
    y = layers.ReLU(name="inner_act")(layers.Dense(4, name="inner_fc")(inside))
    inner = keras.Model(inside, [y, layers.Dense(4, activation="tanh", name="inner_tanh")(y)], name="inner")
    stack = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, activation="relu", name="fc"), layers.BatchNormalization(name="bn")],
        name="stack",
    )
    act = layers.ReLU(name="act")
    ops = getattr(keras, "ops", None)
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    first, second = inner(left)
    third, fourth = inner(second)
    x = act(layers.Dense(4, activation=layers.LeakyReLU(), name="leaky")(stack(first)))
    z = act(layers.BatchNormalization(name="after")(layers.Dense(4, name="shared_user")(third)))
    w = (ops.relu if ops else tf.nn.relu)(layers.Add(name="joined")([x, z])) * 2.0
    w = (ops.concatenate if ops else tf.concat)([w, right + fourth], -1)[:, :3]
    w = layers.Reshape((3, 1), name="reshape")(w)
    w = layers.TimeDistributed(layers.Dense(2, activation="relu"), name="each")(w)
    w = layers.Flatten(name="flat")(stack(layers.Dense(4, name="last")(layers.Flatten(name="flat0")(w))))
    return keras.Model([left, right], [w, layers.Dropout(0.5, name="drop")(x)], name="rich")


def signature(graph: LayerGraph) -> object:
    calls = [(call.layer, call.steps, call.applied.location().layer, dict(call.facts)) for call in graph.calls]
    edges = sorted((edge.source, edge.target) for edge in graph.edges)
    by_path = {call.id: call.applied.location().layer for call in graph.calls}
    named = sorted((str(by_path[source]), str(by_path[target])) for source, target in edges)
    return sorted(map(str, calls)), named, sorted(str(by_path[number]) for number in graph.outputs)


@pytest.mark.parametrize("form", ["model.keras", "model.h5", "model.json", "model.hdf5"])
def test_a_file_tells_what_the_model_tells(keras: Any, form: str, tmp_path: Path) -> None:
    """Calls, steps, facts, paths, edges and outputs are those of the model object."""
    model = rich_model(keras)
    path = tmp_path / form
    if form == "model.json":
        path.write_text(model.to_json(), encoding="utf-8")
    elif form == "model.hdf5":
        model.save(tmp_path / "other.h5")
        (tmp_path / "other.h5").rename(path)
    else:
        model.save(path)
    (live,) = read_model(model).graphs
    saved = read_saved(path)
    assert signature(saved) == signature(live)
    assert chains(saved) == chains(live)


def test_saved_model_folder_of_keras_2(keras2: Any, tmp_path: Path) -> None:
    """The JSON in `keras_metadata.pb` has the same graph as the archive."""
    model = rich_model(keras2)
    folder = tmp_path / "saved"
    model.save(folder, save_format="tf")
    (tmp_path / "model.json").write_text(model.to_json(), encoding="utf-8")
    assert (folder / "keras_metadata.pb").is_file()
    assert chains(read_saved(folder)) == chains(read_saved(tmp_path / "model.json"))
    assert paths(read_saved(folder)) == paths(read_saved(tmp_path / "model.json"))


def test_exported_model_is_refused(keras3: Any, tmp_path: Path) -> None:
    """`model.export()` writes no layers: the error says so and what to do."""
    layers = keras3.layers
    model = keras3.Sequential([keras3.Input((4,)), layers.Dense(2)])
    model.export(tmp_path / "served", verbose=False)
    with pytest.raises(
        FileReadError, match=r"written by `model.export\(\)`, without Keras or before.*inspect the model"
    ):
        read_saved(tmp_path / "served")


def test_unpacked_archive(keras3: Any, tmp_path: Path) -> None:
    """A folder with the `config.json` of an archive is read like the archive."""
    model = keras3.Sequential([keras3.Input((4,)), keras3.layers.Dense(2, activation="relu")], name="m")
    (tmp_path / "config.json").write_text(model.to_json(), encoding="utf-8")
    assert chains(read_saved(tmp_path)) == ["Dense ReLU | output"]


def test_subclassed_model_in_a_file(keras: Any, tmp_path: Path) -> None:
    """It does not contain the data flow: the error says what to inspect instead."""

    class Net(keras.Model):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.fc = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.fc(x)

        def get_config(self) -> dict[str, Any]:
            return {}

    import numpy as np

    model = Net()
    model(np.zeros((1, 3), "float32"))
    model.save(tmp_path / "net.keras")
    with pytest.raises(FileReadError, match=r"`Net` is a subclassed model.*package.module:factory"):
        read_saved(tmp_path / "net.keras")


def test_custom_objects_are_boundaries(keras: Any, tmp_path: Path) -> None:
    """An unknown class ends a unit without an error, even if it has the name of a Keras class."""

    class Dense(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return x

    layers = keras.layers
    source = keras.Input((4,))
    x = Dense(name="own")(layers.Dense(4, name="fc")(source))
    model = keras.Model(source, layers.BatchNormalization(name="bn")(x))
    path = tmp_path / "model.keras"
    model.save(path)
    assert roles(read_saved(path)) == {source.name: "boundary", "fc": "linear", "own": "boundary", "bn": "norm"} or (
        list(roles(read_saved(path)).values()) == ["boundary", "linear", "boundary", "norm"]
    )
    module = Dense.__module__
    table = RoleTable.of({f"{module}.Dense": [Role.ACTIVATION]})
    assert chains(read_saved(path, roles=table)) == ["Dense Dense BatchNormalization | output"]


def test_code_in_a_file_is_not_looked_at(keras: Any, tmp_path: Path) -> None:
    """A lambda as inline activation is unknown and not an activation; a `Lambda` layer is a boundary."""
    layers = keras.layers
    source = keras.Input((4,))
    x = layers.Dense(4, activation=lambda v: v * 2, name="fc")(source)
    model = keras.Model(source, layers.Lambda(lambda v: v, name="free")(layers.BatchNormalization()(x)))
    with pytest.warns(UserWarning, match="lambda"):
        text = model.to_json()
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    graph = read_saved(tmp_path / "model.json")
    assert roles(graph)["fc"] == "linear"
    assert roles(graph)["free"] == "boundary"
    assert graph.calls[1].facts["activation_unknown"] is True


KERAS1 = {
    "class_name": "Sequential",
    "keras_version": "1.2.2",
    "config": [
        {
            "class_name": "Convolution2D",
            "config": {
                "name": "conv",
                "nb_filter": 8,
                "nb_row": 3,
                "nb_col": 3,
                "activation": "relu",
                "bias": False,
                "batch_input_shape": [None, 32, 32, 3],
                "trainable": True,
            },
        },
        {"class_name": "BatchNormalization", "config": {"name": "bn", "axis": 3, "mode": 0, "trainable": True}},
        {"class_name": "Dropout", "config": {"name": "drop", "p": 0.25, "trainable": True}},
    ],
}
KERAS1_GRAPH = {
    "class_name": "Model",
    "config": {
        "name": "old",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "in"}, "name": "in", "inbound_nodes": []},
            {"class_name": "Dense", "config": {"name": "fc"}, "name": "fc", "inbound_nodes": [[["in", 0, 0]]]},
            {"class_name": "ELU", "config": {"name": "elu"}, "name": "elu", "inbound_nodes": [[["fc", 0, 0]]]},
        ],
        "input_layers": [["in", 0, 0]],
        "output_layers": [["elu", 0, 0]],
    },
}
TENSORFLOW_2_3 = {
    "class_name": "Functional",
    "config": {
        "name": "ops",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "in"}, "name": "in", "inbound_nodes": []},
            {"class_name": "Dense", "config": {"name": "fc"}, "name": "fc", "inbound_nodes": [[["in", 0, 0, {}]]]},
            {
                "class_name": "TensorFlowOpLayer",
                "config": {"name": "r", "node_def": {"name": "Relu", "op": "Relu", "input": ["fc/BiasAdd"]}},
                "name": "r",
                "inbound_nodes": [[["fc", 0, 0, {}]]],
            },
            {
                "class_name": "TensorFlowOpLayer",
                "config": {"name": "s", "node_def": '{"name": "AddV2", "op": "AddV2"}'},
                "name": "s",
                "inbound_nodes": [[["r", 0, 0, {}], ["fc", 0, 0, {}]]],
            },
        ],
        "input_layers": [["in", 0, 0]],
        "output_layers": [["s", 0, 0]],
    },
}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (KERAS1, ["Conv2D ReLU BatchNormalization Dropout | output"]),
        (KERAS1_GRAPH, ["Dense ELU | output"]),
        (TENSORFLOW_2_3, ["Dense ReLU | merge"]),
    ],
)
def test_old_dialects(document: object, expected: list[str], tmp_path: Path) -> None:
    """Keras 1 and early versions of TensorFlow 2 are read with current names."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    graph = read_saved(path)
    assert chains(graph) == expected
    if document is KERAS1:
        assert graph.calls[1].layer == "Conv2D"
        assert graph.calls[1].facts["use_bias"] is False
        assert graph.calls[3].facts["rate"] == 0.25


@pytest.mark.parametrize("name", ["model.weights.h5", "only.h5", "only.keras"])
def test_weights_only(keras3: Any, name: str, tmp_path: Path) -> None:
    """A file with only weights is an error that says so, under any name."""
    import zipfile

    model = keras3.Sequential([keras3.Input((4,)), keras3.layers.Dense(2)])
    model.save_weights(tmp_path / "w.weights.h5")
    path = tmp_path / name
    if name.endswith(".keras"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "w.weights.h5", "model.weights.h5")
    else:
        (tmp_path / "w.weights.h5").rename(path)
    with pytest.raises(WeightsOnlyError, match="contains weights only"):
        read_saved(path)


def test_a_lambda_without_its_function_is_unknown(tmp_path: Path) -> None:
    """A truncated or hand-written file does not raise an exception."""
    layers = [{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "odd"}}]
    document = {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": layers}}
    place = tmp_path / "model.json"
    place.write_text(json.dumps(document), encoding="utf-8")
    assert [call.layer for call in read_saved(place).calls] == ["Input", "Lambda"]
