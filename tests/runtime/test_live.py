"""Models whose graph Keras knows."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from orderlint.catalog import RoleTable
from orderlint.graph import Role, units_of
from tests.runtime.seen import chains, chains_of, graph_of, paths, roles


def test_sequential(keras: Any) -> None:
    """A Sequential is the chain of its layers; inline activations are separate steps."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(8, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5)]
    )
    assert chains_of(model) == ["Dense ReLU BatchNormalization Dropout | output"]


def test_sequential_that_is_not_built(keras: Any) -> None:
    """The order of the layers is known without an input shape, and inspecting does not build the model."""
    layers = keras.layers
    model = keras.Sequential([layers.Dense(8), layers.Dropout(0.5), layers.BatchNormalization()])
    assert chains_of(model) == ["Dense Dropout BatchNormalization | output"]
    assert not model.built


def test_several_inputs_outputs_fan_out_and_merge(keras: Any) -> None:
    """Each path from a linear layer to the next end is a unit, with several inputs and outputs."""
    layers = keras.layers
    left, right = keras.Input((4,)), keras.Input((4,))
    x = layers.Dense(4, name="a")(left)
    y = layers.ReLU()(layers.Dense(4, name="b")(right))
    merged = layers.Add()([layers.BatchNormalization()(x), y])
    model = keras.Model([left, right], [layers.Dropout(0.1)(merged), layers.Dense(2)(layers.ReLU()(x))])
    assert chains_of(model) == [
        "Dense BatchNormalization | merge",
        "Dense ReLU | linear",
        "Dense ReLU | merge",
    ]


def test_nested_models_are_opened_in_place(keras: Any) -> None:
    """Units continue through nested models at any depth, and paths have all levels."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="fc")], name="inner")
    middle_in = keras.Input((4,))
    middle = keras.Model(middle_in, layers.ReLU(name="act")(inner(middle_in)), name="middle")
    outer_in = keras.Input((4,))
    model = keras.Model(outer_in, layers.BatchNormalization(name="bn")(middle(outer_in)))
    graph = graph_of(model)
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    assert paths(graph) == ["middle/inner/fc", "middle/act", "bn"]


def test_nested_model_with_two_outputs_and_one_used_twice(keras: Any) -> None:
    """Outputs and applications of a nested model are separate; unused outputs end inside it."""
    layers = keras.layers
    inside = keras.Input((4,))
    plain, active = layers.Dense(4)(inside), layers.Dense(4, activation="relu")(inside)
    pair = keras.Model(inside, [plain, active], name="pair")
    source = keras.Input((4,))
    first, _ = pair(source)
    _, second = pair(first)
    model = keras.Model(source, [layers.BatchNormalization()(first), layers.Dropout(0.5)(second)])
    assert chains_of(model) == [
        "Dense BatchNormalization | output",
        "Dense ReLU Dropout | output",
        "Dense ReLU | output",
    ]


def test_shared_layer(keras: Any) -> None:
    """A layer that is applied twice is two calls with different paths and the same object."""
    layers = keras.layers
    act = layers.ReLU(name="act")
    source = keras.Input((4,))
    x = act(layers.Dense(4)(source))
    model = keras.Model(source, act(layers.BatchNormalization()(layers.Dense(4)(x))))
    graph = graph_of(model)
    calls = [call for call in graph.calls if call.layer == "ReLU"]
    assert [call.applied.location().layer for call in calls] == ["act", "act#2"]
    assert calls[0].layer_id == calls[1].layer_id
    assert chains(graph) == ["Dense BatchNormalization ReLU | output", "Dense ReLU | linear"]


def test_applications_that_belong_to_another_model(keras: Any) -> None:
    """Applications of a layer outside the model are not part of it."""
    layers = keras.layers
    dense = layers.Dense(4)
    norm = layers.BatchNormalization()
    other = keras.Input((4,))
    keras.Model(other, norm(layers.Dropout(0.5)(dense(other))))
    source = keras.Input((4,))
    model = keras.Model(source, norm(dense(source)))
    assert chains_of(model) == ["Dense BatchNormalization | output"]


def test_model_cut_out_of_another(keras: Any) -> None:
    """A model from an inner tensor to another one starts at its inputs."""
    layers = keras.layers
    source = keras.Input((4,))
    x = layers.Dense(4)(source)
    y = layers.ReLU()(x)
    z = layers.BatchNormalization()(y)
    assert chains_of(keras.Model(y, z)) == []
    assert chains_of(keras.Model(source, y)) == ["Dense ReLU | output"]


def test_wrappers_have_the_role_of_what_they_wrap(keras: Any) -> None:
    """`TimeDistributed` has the role of its layer; `Bidirectional` is a boundary with any activation."""
    layers = keras.layers
    source = keras.Input((6, 4))
    x = layers.TimeDistributed(layers.Dense(4, activation="tanh"), name="td")(source)
    x = layers.TimeDistributed(layers.BatchNormalization(), name="tn")(x)
    x = layers.Bidirectional(layers.LSTM(4, activation="relu"), name="bi")(x)
    graph = graph_of(keras.Model(source, layers.Dropout(0.2)(x)))
    assert roles(graph)["td"] == "linear activation"
    assert roles(graph)["bi"] == "boundary"
    assert chains(graph) == ["Dense tanh BatchNormalization | boundary"]


def test_spectral_normalization(keras3: Any) -> None:
    """`SpectralNormalization(Conv2D(...))` is a convolution, and the wrapper is a fact."""
    layers = keras3.layers
    source = keras3.Input((8, 8, 3))
    x = layers.SpectralNormalization(layers.Conv2D(4, 3, activation="relu"))(source)
    graph = graph_of(keras3.Model(source, layers.BatchNormalization()(x)))
    assert chains(graph) == ["Conv2D ReLU BatchNormalization | output"]
    assert graph.calls[1].facts["wrapper"] == "SpectralNormalization"


def test_wrapper_around_a_model(keras: Any) -> None:
    """A model inside `TimeDistributed` is opened like any nested model."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="fc"), layers.ReLU(name="act")])
    source = keras.Input((6, 4))
    x = layers.TimeDistributed(inner, name="each")(source)
    graph = graph_of(keras.Model(source, layers.BatchNormalization()(x)))
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    assert paths(graph)[:2] == ["each/fc", "each/act"]


def test_every_form_of_inline_activation(keras: Any) -> None:
    """A name, a function, a layer, a lambda that calls one function; none if it is linear."""
    import tensorflow as tf

    layers = keras.layers

    def mish2(x: Any) -> Any:
        return x * tf.nn.tanh(tf.nn.softplus(x))

    source = keras.Input((4,))
    given = {
        "none": None,
        "linear": "linear",
        "same": lambda x: x,
        "name": "swish",
        "function": tf.nn.relu,
        "keras_function": keras.activations.selu,
        "layer": layers.LeakyReLU(),
        "activation_layer": layers.Activation("tanh"),
        "wrapped": tf.nn.sigmoid,
        "own": mish2,
        "unnamed": lambda x: x * tf.nn.tanh(x),
    }
    outputs = [layers.Dense(4, activation=value, name=name)(source) for name, value in given.items()]
    graph = graph_of(keras.Model(source, outputs))
    steps = {call.applied.location().layer: [step.name for step in call.steps[1:]] for call in graph.calls}
    assert {name: steps[name] for name in given} == {
        "none": [],
        "linear": [],
        "same": [],
        "name": ["silu"],
        "function": ["ReLU"],
        "keras_function": ["selu"],
        "layer": ["LeakyReLU"],
        "activation_layer": ["tanh"],
        "wrapped": ["sigmoid"],
        "own": ["mish2"],
        "unnamed": ["Activation"],
    }


def test_operators_and_functions(keras: Any) -> None:
    """Slices and arithmetic with a constant are `pass`, arithmetic of tensors merges; activations have their role."""
    import tensorflow as tf

    layers = keras.layers
    ops = getattr(keras, "ops", None)
    relu, concat = (ops.relu, ops.concatenate) if ops else (tf.nn.relu, tf.concat)
    source = keras.Input((4,))
    x = relu(layers.Dense(4)(source)) * 0.5 + 1.0
    y = layers.BatchNormalization()(x)[:, :2]
    z = layers.Dropout(0.5)(concat([y, layers.Dense(3)(source)], -1))
    graph = graph_of(keras.Model(source, [z, layers.Dense(4)(source) + x]))
    assert chains(graph) == ["Dense ReLU BatchNormalization | merge", "Dense ReLU | merge"]
    assert sum(call.roles == (Role.PASS,) for call in graph.calls) == 3


def test_lambda_layers(keras: Any) -> None:
    """A known function has its role, a function of the user's is traced, and any other is a boundary."""
    import tensorflow as tf

    layers = keras.layers

    def opaque(x: Any) -> Any:
        return tf.convert_to_tensor(x.numpy())

    source = keras.Input((4,))
    x = layers.Lambda(tf.nn.relu, name="known")(layers.Dense(4)(source))
    x = layers.Lambda(lambda v: tf.nn.tanh(v) * 2.0, name="followed")(layers.BatchNormalization()(x))
    model = keras.Model(source, x)
    assert chains_of(model) == ["Dense ReLU BatchNormalization tanh | output"]
    stuck = keras.Sequential([keras.Input((4,)), layers.Dense(4)])
    stuck.add(layers.Lambda(lambda v: v, name="free"))
    stuck.layers[-1].function = opaque
    assert roles(graph_of(stuck))["free"] == "boundary"


def test_norm_axis_is_the_same_in_every_generation(keras: Any) -> None:
    """Keras 2 stores a list of axes counted from the front; the last axis is -1 in both."""
    source = keras.Input((8, 8, 3))
    model = keras.Model(source, keras.layers.BatchNormalization()(source))
    assert graph_of(model).calls[-1].facts["axis"] == -1


def test_roles_of_the_user(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A custom class has its configured role under each name of its module, and is not opened."""
    from tests.runtime import zoo

    source = keras.Input((4,))
    block = zoo.block_class(keras)(name="block")
    model = keras.Model(source, keras.layers.BatchNormalization()(block(source)))
    monkeypatch.setattr(zoo, "Exported", type(block), raising=False)
    table = RoleTable.of({"tests.runtime.zoo.Exported": [Role.LINEAR, Role.ACTIVATION]})
    graph = graph_of(model, roles=table)
    assert roles(graph)["block"] == "linear activation"
    assert [unit.end.value for unit in units_of(graph) if len(unit.steps) == 3] == ["output"]


def test_subclass_without_call_has_the_parents_role(keras: Any) -> None:
    """Its layer name is its own, its step is that of the parent."""

    class TidyNorm(keras.layers.BatchNormalization):
        pass

    source = keras.Input((4,))
    graph = graph_of(keras.Model(source, TidyNorm()(keras.layers.Dense(4, activation="relu")(source))))
    assert graph.calls[-1].layer == "TidyNorm"
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the last Keras for Python 3.10 refuses such a model")
def test_model_with_inputs_that_are_not_used(keras3: Any) -> None:
    """An unused input has no effect."""
    layers = keras3.layers
    used, unused = keras3.Input((4,)), keras3.Input((2,))
    model = keras3.Model({"a": used, "b": unused}, {"out": layers.ReLU()(layers.Dense(4)(used))})
    assert chains_of(model) == ["Dense ReLU | output"]
