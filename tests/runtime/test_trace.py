"""Models and layers with a custom `call`."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orderlint.runtime.errors import InspectionError, NotAModelError, NotBuiltError, TraceError
from orderlint.runtime.models import read_model
from tests.runtime.seen import chains, chains_of, graph_of, paths


def convolutional(keras: Any) -> Any:
    """A subclassed model with a block that has a list of layers, and branches on `training`."""
    layers = keras.layers

    class Block(keras.layers.Layer):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.steps = [layers.Conv2D(4, 3, name="conv"), layers.BatchNormalization(name="bn")]
            self.steps.append(layers.ReLU(name="act"))
            self.drop = layers.Dropout(0.5, name="drop")

        def call(self, x: Any, training: bool | None = None) -> Any:
            for step in self.steps:
                x = step(x)
            if training:
                x = self.drop(x)
            return x

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="net")
            self.norm = layers.BatchNormalization(name="norm")
            self.first = Block(name="first")
            self.head = layers.Dense(2, name="head")
            self.pool = layers.GlobalAveragePooling2D(name="pool")

        def call(self, images: Any, training: bool | None = None) -> Any:
            x = self.norm(self.first(images, training=training), training=training)
            return self.head(self.pool(x))

    return Net()


def test_subclassed_model_in_training_and_inference(keras: Any) -> None:
    """The graph follows `call`, not `__init__`; a branch on `training` makes one graph for each value."""
    read = read_model(convolutional(keras), input_shape=(8, 8, 3))
    assert [graph.name for graph in read.graphs] == ["net (inference)", "net (training)"]
    inference, training = read.graphs
    assert chains(inference) == ["Conv2D BatchNormalization ReLU BatchNormalization | linear"]
    assert chains(training) == ["Conv2D BatchNormalization ReLU Dropout BatchNormalization | linear"]
    assert paths(inference) == ["first/conv", "first/bn", "first/act", "norm", "pool", "head"]


def test_built_model_knows_its_input(keras: Any) -> None:
    """A model that was called before needs no shape."""
    model = convolutional(keras)
    model(np.zeros((1, 8, 8, 3), "float32"))
    assert len(read_model(model).graphs) == 2


def test_model_that_is_not_built(keras: Any) -> None:
    """The error says what is missing and how to specify it."""
    with pytest.raises(NotBuiltError, match=r"`net` \(Net\) is not built,.*input_shape=.*--input-shape"):
        read_model(convolutional(keras))


@pytest.mark.parametrize("is_built", [False, True])
def test_the_model_is_left_as_it_was(keras: Any, is_built: bool) -> None:
    """Weights, nodes, flags, attributes and the counter of automatic names are unchanged."""
    model = convolutional(keras)
    if is_built:
        model(np.zeros((1, 8, 8, 3), "float32"))
    before = state_of(model)
    read_model(model, input_shape=(8, 8, 3))
    assert state_of(model) == before
    first, second = keras.layers.Dense(1), keras.layers.Dense(1)
    assert int(second.name.split("_")[1]) - int((first.name + "_0").split("_")[1]) == 1
    model(np.zeros((1, 8, 8, 3), "float32"))
    assert len(model.trainable_weights) == 8
    model.compile("sgd", "mse")
    model.fit(np.zeros((4, 8, 8, 3), "float32"), np.zeros((4, 2), "float32"), verbose=0)


def _own_weights(part: Any) -> list[Any]:
    """A `Sequential` of Keras 2 that is not built has no `weights`."""
    return list(part._trainable_variables if hasattr(part, "_trainable_variables") else part._trainable_weights)


def state_of(model: Any) -> object:
    parts = model._flatten_layers()
    nodes = [(len(part._inbound_nodes), len(part._outbound_nodes)) for part in parts]
    attributes = [{name: id(value) for name, value in vars(part).items()} for part in parts]
    weights = [weight.numpy().tolist() for part in parts for weight in _own_weights(part)]
    return nodes, attributes, weights, [part.built for part in parts], list(model.losses)


def test_several_inputs_by_name_and_in_a_list(keras: Any) -> None:
    """Shapes are given like the tensors of `call`: by argument name, in a list, or in a dict."""
    layers = keras.layers

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = layers.Dense(4), layers.Dense(4)

    class Named(Pair):
        def call(self, left: Any, right: Any = None) -> Any:
            return layers.add([self.a(left), self.b(right)])

    class Listed(Pair):
        def call(self, parts: Any) -> Any:
            return self.a(parts[0]) * self.b(parts[1])

    class Keyed(Pair):
        def call(self, parts: Any) -> Any:
            return self.a(parts["x"]) + self.b(parts["y"])

    shapes = {Named: {"left": (3,), "right": (5,)}, Listed: [(3,), (5,)], Keyed: {"x": (3,), "y": (5,)}}
    for make, shape in shapes.items():
        graph = graph_of(make(), input_shape=shape)
        assert [call.layer for call in graph.calls if call.layer == "Dense"] == ["Dense", "Dense"]
        assert len(graph.producers(graph.calls[-1])) == 2


def test_sample_instead_of_a_shape(keras: Any) -> None:
    """An example batch has shape and dtype."""
    layers = keras.layers

    class Reader(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.fc, self.bn = layers.Embedding(10, 4), layers.Dense(4, "relu"), layers.BatchNormalization()

        def call(self, words: Any) -> Any:
            return self.bn(self.fc(self.table(words)))

    assert chains_of(Reader(), sample=np.zeros((3, 5), "int32")) == ["Dense ReLU BatchNormalization | output"]


def test_tensorflow_functions_between_layers(keras: Any) -> None:
    """`tf.*` functions are steps, in Keras 3 and Keras 2; sizes of axes are not tensors."""
    import tensorflow as tf

    layers = keras.layers

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.fc, self.bn, self.last = layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)

        def call(self, x: Any) -> Any:
            y = tf.nn.relu(self.fc(x))
            y = y / tf.cast(tf.shape(x)[1], y.dtype)
            y = self.bn(tf.reshape(y, [tf.shape(y)[0], -1, 4]))
            return self.last(tf.concat([y, y], axis=-1))

    assert chains_of(Net(), input_shape=(4,)) == ["Dense ReLU BatchNormalization | merge"]


def test_places_of_a_traced_call_are_source_lines(keras: Any) -> None:
    """Layers applied in a `call` have their source line, besides the layer path."""
    inference = read_model(convolutional(keras), input_shape=(8, 8, 3)).graphs[0]
    at = {call.applied.location().layer: call.applied.location() for call in inference.calls}
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert Path(__file__).as_posix().endswith(at["norm"].path)
    assert lines[at["norm"].line - 1].strip().startswith("x = self.norm(self.first(images")
    assert lines[at["first/bn"].line - 1].strip() == "x = step(x)"


def test_subclass_that_hands_on_to_super(keras: Any) -> None:
    """`super().call(...)` of a listed layer is that layer; code around it is traced, too."""
    layers = keras.layers

    class SureDrop(keras.layers.Dropout):
        def call(self, x: Any) -> Any:
            return super().call(x, training=True)

    class ActiveConv(keras.layers.Conv2D):
        def call(self, x: Any) -> Any:
            return keras.activations.relu(super().call(x))

    source = keras.Input((8, 8, 3))
    x = SureDrop(0.5, name="sure")(ActiveConv(4, 3, name="conv")(source))
    graph = graph_of(keras.Model(source, layers.BatchNormalization()(x)))
    assert chains(graph) == ["Conv2D ReLU Dropout BatchNormalization | output"]
    assert [call.layer for call in graph.calls if call.layer.endswith(("Drop", "Conv"))] == ["ActiveConv", "SureDrop"]


def test_layer_with_weights_of_its_own(keras: Any) -> None:
    """A product with a weight is `pass`; a matmul is a boundary, so the activation after it has no linear layer."""
    import tensorflow as tf

    class Scale(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.gamma = self.add_weight(shape=(shape[-1],), name="gamma")

        def call(self, x: Any) -> Any:
            return x * self.gamma

    class Own(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], 4), name="kernel")

        def call(self, x: Any) -> Any:
            return tf.nn.relu(tf.matmul(x, self.kernel))

    layers = keras.layers
    source = keras.Input((4,))
    x = layers.BatchNormalization()(Scale()(layers.Dense(4, "relu")(source)))
    y = layers.BatchNormalization()(Own()(source))
    model = keras.Model(source, [x, y])
    assert chains_of(model) == ["Dense ReLU BatchNormalization | output", "ReLU BatchNormalization | output"]


def test_control_flow_on_values_falls_back_to_a_tiny_batch(keras: Any) -> None:
    """A `call` that depends on values is run on a batch; functions are still traced, and nothing is changed."""
    import tensorflow as tf

    layers = keras.layers

    class Looks(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="looks")
            self.fc, self.bn = layers.Dense(4, name="fc"), layers.BatchNormalization(name="bn")
            self.inner = keras.Sequential([layers.Dense(4, name="deep"), layers.ReLU(name="act")], name="inner")
            self.drop = layers.Dropout(0.5, name="drop")

        def call(self, x: Any, training: bool | None = None) -> Any:
            x = tf.nn.relu(self.fc(x))
            if float(tf.reduce_sum(x)) >= 0:
                x = self.bn(x, training=training)
            skip = self.drop(self.inner(x), training=training)
            return tf.add(skip, x)

    model = Looks()
    model(np.ones((2, 3), "float32"))
    before = state_of(model)
    graph = graph_of(model, input_shape=(3,))
    assert state_of(model) == before
    assert chains(graph) == [
        "Dense ReLU BatchNormalization | linear",
        "Dense ReLU BatchNormalization | merge",
        "Dense ReLU Dropout | merge",
    ]
    assert paths(graph) == ["fc", "relu", "bn", "inner/deep", "inner/act", "drop", "add"]


def test_code_that_computes_with_sizes(keras3: Any) -> None:
    """If an axis of unknown size fails, one with an arbitrary size may work, so nothing has to be run on numbers."""
    layers = keras3.layers

    class Split(keras3.Model):
        def __init__(self) -> None:
            super().__init__(name="split")
            self.fc, self.bn = layers.Dense(4, "relu"), layers.BatchNormalization()

        def call(self, x: Any) -> Any:
            return self.bn(keras3.ops.reshape(self.fc(x), (x.shape[0] * 2, -1)))

    graph = graph_of(Split(), input_shape=(4,))
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    assert graph.calls[2].layer == "reshape"  # on numbers it would be the `Reshape` of the graph


def test_model_that_cannot_be_traced(keras: Any) -> None:
    """The error has the model, the line of the user's code, and its exception."""
    layers = keras.layers

    class Broken(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="broken")
            self.fc = layers.Dense(4)

        def call(self, x: Any) -> Any:
            x = self.fc(x)
            return x.no_such_thing(3)

    with pytest.raises(TraceError) as caught:
        read_model(Broken(), input_shape=(4,))
    message = str(caught.value)
    assert message.startswith("`broken` (Broken) cannot be traced, stopped by tests/runtime/test_trace.py:")
    assert "return x.no_such_thing(3)" in message
    assert "AttributeError" in message


def test_layer_that_cannot_be_opened_is_a_boundary(keras: Any) -> None:
    """Only that layer is opaque, and there is a warning."""
    layers = keras.layers

    class Opaque(keras.layers.Layer):
        is_open = True

        def call(self, x: Any) -> Any:
            if not self.is_open:
                raise RuntimeError("not now")
            return x

    source = keras.Input((4,))
    opaque = Opaque(name="opaque")
    x = layers.Dropout(0.5)(opaque(layers.Dense(4, "relu")(source)))
    model = keras.Model(source, layers.BatchNormalization()(x))
    opaque.is_open = False
    read = read_model(model)
    assert chains(read.graphs[0]) == ["Dense ReLU | boundary", "Dropout BatchNormalization | output"]
    assert len(read.notes) == 1
    assert "`opaque` (Opaque) cannot be traced" in read.notes[0]


def test_custom_layer_in_an_unbuilt_sequential(keras: Any) -> None:
    """It can be opened if a shape is given, and the model remains unbuilt."""
    layers = keras.layers

    class Twice(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__(name="twice")
            self.fc = layers.Dense(4)

        def call(self, x: Any) -> Any:
            return keras.activations.relu(self.fc(x))

    model = keras.Sequential([Twice(), layers.BatchNormalization()])
    assert chains_of(model) == []
    assert "has not been applied yet" in read_model(model).notes[0]
    assert chains_of(model, input_shape=(3,)) == ["Dense ReLU BatchNormalization | output"]
    assert not model.built
    model.build((None, 5))
    assert model.layers[0].fc.kernel.shape == (5, 4)


def test_models_that_a_call_builds_are_opened(keras: Any) -> None:
    """The layers of a `Sequential` in a model are known after its call only; blocks inside it are traced anyway."""
    layers = keras.layers

    class Block(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.fc, self.bn = layers.Dense(4, name="fc"), layers.BatchNormalization(name="bn")

        def call(self, x: Any, training: bool | None = None) -> Any:
            return self.bn(keras.activations.relu(self.fc(x)), training=training)

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="net")
            self.stack = keras.Sequential([Block(), Block(), layers.Dropout(0.5)], name="stack")
            self.head = layers.Dense(1, name="head")

        def call(self, x: Any, training: bool | None = None) -> Any:
            return self.head(self.stack(x, training=training))

    model = Net()
    before = state_of(model)
    read = read_model(model, input_shape=(3,))
    assert read.notes == ()
    assert chains(read.graphs[0]) == [
        "Dense ReLU BatchNormalization Dropout | linear",
        "Dense ReLU BatchNormalization | linear",
    ]
    assert state_of(model) == before


def test_functional_subclass(keras: Any) -> None:
    """A class that passes inputs and outputs to `Model` has their graph, unless it defines `call`."""
    layers = keras.layers

    class Graph(keras.Model):
        def __init__(self) -> None:
            source = keras.Input((4,))
            super().__init__(source, layers.ReLU()(layers.Dense(4)(source)))

    class More(Graph):
        def __init__(self) -> None:
            super().__init__()
            self.extra = layers.BatchNormalization()

        def call(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:
            return self.extra(super().call(x))

    assert chains_of(Graph()) == ["Dense ReLU | output"]
    assert chains_of(More(), input_shape=(4,)) == ["Dense ReLU BatchNormalization | output"]


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (3, "expected a Keras model, got `int`"),
        (None, "expected a Keras model, got `NoneType`"),
        (dict, "expected a Keras model, got `dict`, a class"),
    ],
)
def test_what_is_no_model(thing: object, message: str) -> None:
    """The error has the given object."""
    with pytest.raises(NotAModelError) as caught:
        read_model(thing)
    assert str(caught.value) == message


def test_a_single_layer_is_no_model(keras: Any) -> None:
    """A single layer has no order."""
    with pytest.raises(NotAModelError, match=r"a single layer: .*Dense` `lonely`"):
        read_model(keras.layers.Dense(3, name="lonely"))


@pytest.mark.parametrize("shape", [3, "8", (-1,), (2.5,), (True,)])
def test_bad_input_shapes(keras3: Any, shape: Any) -> None:
    """A shape is a tuple of sizes."""
    with pytest.raises(InspectionError, match="an input shape"):
        read_model(convolutional(keras3), input_shape=shape)


def test_opened_layers_share_no_paths(keras: Any) -> None:
    """The paths of two blocks of the same class are different."""
    inference = read_model(convolutional(keras), input_shape=(8, 8, 3)).graphs[0]
    seen = paths(inference)
    assert all(one != other for one, other in itertools.combinations(seen, 2))


def test_layer_whose_output_does_not_depend_on_its_input(keras: Any) -> None:
    """For instance a table of positions, which is not a tensor of the network, and needs no warning."""
    import tensorflow as tf

    layers = keras.layers

    class Table(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.table = self.add_weight(shape=(4,), name="table")

        def call(self, x: Any) -> Any:
            return tf.reshape(self.table, (1, 4))

    source = keras.Input((4,))
    x = layers.Dense(4, "relu")(source)
    model = keras.Model(source, layers.Add()([x, Table()(x)]))
    read = read_model(model)
    assert read.notes == ()
    assert chains(read.graphs[0]) == ["Dense ReLU | merge"]


def test_custom_layer_inside_time_distributed(keras: Any) -> None:
    """It is traced on tensors without the time axis."""
    layers = keras.layers

    class Cell(keras.layers.Layer):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.fc, self.bn = layers.Dense(4, name="fc"), layers.BatchNormalization(name="bn")

        def call(self, x: Any) -> Any:
            assert len(x.shape) == 2
            return self.bn(keras.activations.relu(self.fc(x)))

        def compute_output_shape(self, shape: Any) -> Any:
            return (*shape[:-1], 4)

    source = keras.Input((6, 3))
    graph = graph_of(keras.Model(source, layers.TimeDistributed(Cell(name="cell"), name="each")(source)))
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    assert paths(graph) == ["each/fc", "each/relu", "each/bn"]


def test_everything_is_seen_on_a_tiny_batch_too(keras: Any) -> None:
    """Parents of subclasses, nested functional models with operators, lambdas and shared layers."""
    import tensorflow as tf

    layers = keras.layers

    class ActiveDense(keras.layers.Dense):
        def call(self, x: Any) -> Any:
            return tf.nn.relu(super().call(x))

    source = keras.Input((4,))
    inner = keras.Model(source, layers.Dense(4, name="deep")(source) * 0.5 + 1.0, name="inner")

    class Looks(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="looks")
            self.own, self.bn = ActiveDense(4, name="own"), layers.BatchNormalization(name="bn")
            self.act, self.inner = layers.ReLU(name="act"), inner
            self.free = layers.Lambda(tf.nn.tanh, name="free")

        def call(self, x: Any) -> Any:
            x = self.bn(self.own(x))
            assert float(tf.reduce_sum(x)) < 1e9
            x = self.act(self.inner(self.act(x)))
            return self.free(x)

    graph = graph_of(Looks(), input_shape=(4,))
    assert chains(graph) == ["Dense ReLU BatchNormalization ReLU | linear", "Dense ReLU tanh | output"]
    seen = [path for path in paths(graph) if path and path.split("/")[0] in ("own", "act", "act#2", "free")]
    assert seen[0] == "own"
    assert {"act", "act#2", "free"} <= set(seen)
