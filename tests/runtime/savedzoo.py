"""Small models of each kind that a file can contain. Each is built, saved, and read as data.

A case is a function of the generation of Keras; `CASES` has all of them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

OPS: Final = "ops"
"""Keras 3, on any backend."""
KERAS_2: Final = "keras 2"
TENSORFLOW: Final = "tensorflow"
"""Any generation of Keras on TensorFlow."""


@dataclass(frozen=True)
class Case:
    """A model to build.

    Attributes:
        build: Builds it with the given Keras.
        needs: The only kind of Keras that can build it; empty if all can.
        unsaved: The formats in which some generation of Keras cannot save it.
        gaps: The layers whose computation is not in a file.
    """

    build: Callable[[Any], Any]
    needs: str = ""
    unsaved: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()


CASES: Final[dict[str, Case]] = {}


def case(needs: str = "", unsaved: str = "", gaps: str = "") -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Make a case from a function."""

    def register(build: Callable[[Any], Any]) -> Callable[[Any], Any]:
        CASES[build.__name__] = Case(build, needs, frozenset(unsaved.split()), frozenset(gaps.split()))
        return build

    return register


def _model(keras: Any, build: Callable[[Any], Any], *shape: int | None) -> Any:
    """A functional model of one input."""
    source = keras.Input(shape or (8,), name="source")
    return keras.Model(source, build(source), name="m")


# -- plain stacks and their settings ----------------------------------------------------------------------------


@case()
def sequential(keras: Any) -> Any:
    layers = keras.layers
    stack = [keras.Input((8,)), layers.Dense(4, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5)]
    return keras.Sequential(stack, name="stack")


@case(unsaved=".h5 folder")
def sequential_without_input(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([layers.Dense(4), layers.Dropout(0.5), layers.BatchNormalization()], name="stack")


@case()
def dropout_of_zero(keras: Any) -> Any:
    layers = keras.layers
    return _model(keras, lambda x: layers.BatchNormalization()(layers.Dropout(0.0)(layers.Dense(4)(x))))


@case()
def settings_of_norms(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.BatchNormalization(axis=1, center=False)(layers.Conv2D(4, 3, data_format="channels_last")(x))
        x = layers.BatchNormalization(axis=3)(layers.Conv2D(4, 1, use_bias=False)(x))
        return layers.BatchNormalization()(layers.Conv2D(4, 1, activation="linear")(x))

    return _model(keras, build, 8, 8, 3)


@case()
def pools_and_reshapes(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.MaxPooling2D()(layers.Dropout(0.2)(layers.Conv2D(4, 3, activation="relu")(x)))
        x = layers.BatchNormalization()(layers.ZeroPadding2D()(layers.Cropping2D()(x)))
        x = layers.GlobalAveragePooling2D()(layers.UpSampling2D()(x))
        return layers.Permute((2, 1))(layers.Reshape((2, 2))(layers.RepeatVector(1)(x)))

    return _model(keras, build, 8, 8, 3)


@case()
def every_activation(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        for layer in (layers.ReLU(6.0), layers.LeakyReLU(), layers.PReLU(), layers.ELU(), layers.Softmax()):
            x = layers.BatchNormalization()(layer(layers.Dense(4)(x)))
        for name in ("relu", "linear", "softmax", "swish", "hard_sigmoid", "gelu"):
            x = layers.BatchNormalization()(layers.Activation(name)(layers.Dense(4)(x)))
        return x

    return _model(keras, build)


@case()
def activations_as_arguments(keras: Any) -> Any:
    layers = keras.layers
    given = [layers.LeakyReLU(), layers.ReLU(max_value=6.0), layers.Softmax(), keras.activations.gelu, "tanh"]

    def build(x: Any) -> Any:
        for activation in given:
            x = layers.BatchNormalization()(layers.Dense(4, activation=activation)(x))
        return layers.Activation(layers.Activation("elu"))(x)

    return _model(keras, build)


@case(needs=TENSORFLOW)
def activations_of_tensorflow(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.BatchNormalization()(layers.Dense(4, activation=tf.nn.relu)(x))
        return layers.BatchNormalization()(layers.Activation(tf.nn.leaky_relu)(layers.Dense(4)(x)))

    return _model(keras, build)


@case()
def odd_names(keras: Any) -> Any:
    layers = keras.layers
    return _model(keras, lambda x: layers.BatchNormalization(name="b.c")(layers.Dense(4, "relu", name="d-1")(x)))


# -- graphs -----------------------------------------------------------------------------------------------------


@case()
def several_inputs_and_outputs(keras: Any) -> Any:
    layers = keras.layers
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    x = layers.ReLU()(layers.Dense(4)(left))
    y = layers.BatchNormalization()(layers.Add()([x, layers.Dense(4)(right)]))
    return keras.Model([left, right], [layers.Dropout(0.1)(y), layers.BatchNormalization()(x)], name="m")


@case()
def inputs_and_outputs_by_name(keras: Any) -> Any:
    layers = keras.layers
    given = {"a": keras.Input((4,), name="a"), "b": keras.Input((4,), name="b")}
    x = layers.Concatenate()([layers.Dense(4, "relu")(given["a"]), given["b"]])
    return keras.Model(given, {"out": layers.BatchNormalization()(x), "raw": layers.Dense(2)(x)}, name="m")


@case()
def shared_layers(keras: Any) -> Any:
    layers = keras.layers
    act, fc, norm = layers.ReLU(name="act"), layers.Dense(8, name="fc"), layers.BatchNormalization(name="bn")
    return _model(keras, lambda x: norm(act(fc(norm(act(fc(x)))))))


@case()
def nested_models(keras: Any) -> Any:
    layers = keras.layers
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(8, "relu", name="fc")], name="inner")
    middle = _model(keras, lambda x: layers.Dropout(0.2)(inner(x)))
    return _model(keras, lambda x: layers.BatchNormalization()(middle(layers.ReLU()(middle(x)))))


@case()
def nested_with_several_outputs(keras: Any) -> Any:
    layers = keras.layers
    inside = keras.Input((8,))
    inner = keras.Model(inside, [layers.Dense(4)(inside), layers.Dense(4, "relu")(inside)], name="inner")

    def build(x: Any) -> Any:
        first, second = inner(x)
        return layers.Add()([layers.BatchNormalization()(first), layers.BatchNormalization()(second)])

    return _model(keras, build)


@case()
def sequential_of_sequentials(keras: Any) -> Any:
    layers = keras.layers
    block = keras.Sequential([layers.Dense(8), layers.ReLU(), layers.BatchNormalization()], name="block")
    return keras.Sequential([keras.Input((8,)), block, keras.Sequential([layers.Dropout(0.2)], name="end")], name="m")


@case()
def input_given_on(keras: Any) -> Any:
    """An output that is an input, and a layer without consumers."""
    layers = keras.layers
    source = keras.Input((8,), name="source")
    return keras.Model(source, [source, layers.BatchNormalization()(layers.Dense(4, "relu")(source))], name="m")


# -- wrappers ---------------------------------------------------------------------------------------------------


@case()
def time_distributed(keras: Any) -> Any:
    layers = keras.layers
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(4, "relu", name="fc")], name="inner")

    def build(x: Any) -> Any:
        x = layers.TimeDistributed(layers.BatchNormalization())(layers.TimeDistributed(layers.Dense(8, "relu"))(x))
        return layers.BatchNormalization()(layers.TimeDistributed(inner)(x))

    return _model(keras, build, 3, 8)


@case()
def wrapped_twice(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.TimeDistributed(layers.TimeDistributed(layers.Dense(4, activation="relu")))(x)
        return layers.BatchNormalization()(x)

    return _model(keras, build, 2, 3, 8)


@case()
def bidirectional(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.BatchNormalization()(layers.Dropout(0.2)(layers.Bidirectional(layers.LSTM(4))(x)))
        return layers.Dense(2)(x)

    return _model(keras, build, 3, 8)


@case()
def recurrent_with_cells(keras: Any) -> Any:
    layers = keras.layers
    cells = [layers.LSTMCell(4), layers.GRUCell(4)]
    return _model(keras, lambda x: layers.BatchNormalization()(layers.Dropout(0.1)(layers.RNN(cells)(x))), 3, 8)


@case(needs=OPS)
def spectral_normalization(keras: Any) -> Any:
    layers = keras.layers
    return _model(
        keras,
        lambda x: layers.BatchNormalization()(layers.SpectralNormalization(layers.Conv2D(4, 3, activation="relu"))(x)),
        8,
        8,
        3,
    )


@case(gaps="around")
def own_wrapper(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Around")
    class Around(keras.layers.Wrapper):
        def call(self, x: Any) -> Any:
            return self.layer(x)

    layers = keras.layers
    return _model(keras, lambda x: layers.BatchNormalization()(Around(layers.Dense(4, activation="relu"))(x)))


@case()
def attention(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        y = layers.MultiHeadAttention(2, 4)(x, x)
        y = layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(y)]))
        return layers.BatchNormalization()(layers.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d")(y))

    return _model(keras, build, 3, 8)


# -- functions --------------------------------------------------------------------------------------------------


@case()
def operators(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        y = layers.Dense(8, activation="relu")(x)
        y = layers.BatchNormalization()(-(y * 2.0 + 1.0) / 3.0 - 1.0)
        y = layers.BatchNormalization()(1.0 - layers.Dense(8, "relu")(y + x))
        return layers.BatchNormalization()(layers.Dense(8, "relu")(y)[:, :4])

    return _model(keras, build)


@case(needs=OPS)
def scaled_by_a_number_computed(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = layers.Dense(8, activation="relu")(x)
        y = layers.BatchNormalization()(y * ops.mean(y))
        return layers.BatchNormalization()(layers.Dense(8, "relu")(y) / ops.cast(ops.size(y), "float32"))

    return _model(keras, build)


@case(needs=OPS)
def functions_with_the_names_of_layers(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = layers.BatchNormalization()(keras.activations.relu(layers.Dense(8)(x)))
        y = layers.BatchNormalization()(ops.expand_dims(ops.average(layers.Dense(8, "relu")(y), axis=-1), -1))
        return layers.BatchNormalization()(ops.dot(layers.Dense(8, "relu")(y), ops.ones((8, 4))))

    return _model(keras, build)


@case()
def operators_of_two(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        y = layers.Dense(8, activation="relu")(x)
        y = layers.BatchNormalization()(y * layers.Dense(8, "sigmoid")(x))
        return layers.BatchNormalization()(layers.Dense(8)(y) - y / (y + y))

    return _model(keras, build)


@case(needs=OPS)
def functions_of_keras(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = ops.relu(ops.cast(layers.Dense(8)(x), "float32"))
        y = layers.BatchNormalization()(ops.reshape(ops.expand_dims(y, 1), (-1, 8)))
        y = layers.BatchNormalization()(ops.leaky_relu(layers.Dense(8)(y), 0.2))
        y = layers.BatchNormalization()(ops.softmax(ops.squeeze(ops.expand_dims(layers.Dense(8)(y), 1), 1)))
        y = ops.concatenate([layers.Dense(8)(y), ops.stop_gradient(x)], axis=-1)
        y = layers.BatchNormalization()(ops.transpose(ops.transpose(layers.Dense(8, "relu")(y))))
        y = layers.BatchNormalization()(ops.gelu(ops.pad(layers.Dense(8)(y), [[0, 0], [0, 1]])))
        return ops.stack([y, ops.maximum(y, 0.0)])

    return _model(keras, build)


@case(needs=OPS)
def more_functions_of_keras(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = layers.BatchNormalization()(ops.max_pool(ops.silu(layers.Conv2D(4, 3)(x)), 2))
        y = layers.BatchNormalization()(ops.swapaxes(ops.clip(layers.Conv2D(4, 1)(y), 0.0, 6.0), 1, 2))
        y = layers.BatchNormalization()(ops.tile(ops.abs(layers.Conv2D(4, 1)(y)), (1, 1, 1, 2)))
        y = layers.BatchNormalization()(ops.repeat(ops.exp(layers.Conv2D(4, 1)(y)), 2, axis=-1))
        first, second = ops.split(layers.Conv2D(4, 1, activation="relu")(y), 2, axis=-1)
        y = layers.BatchNormalization()(ops.multiply(first, ops.sigmoid(second)))
        return layers.BatchNormalization()(ops.mean(ops.relu6(layers.Conv2D(4, 1)(y)), axis=(1, 2)))

    return _model(keras, build, 8, 8, 3)


@case(needs=OPS)
def matrices(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = ops.matmul(layers.Dense(8)(x), ops.transpose(layers.Dense(8, activation="relu")(x)))
        y = layers.BatchNormalization()(ops.einsum("ab,bc->ac", y, layers.Dense(8, "relu")(x)))
        return layers.BatchNormalization()(ops.sum(ops.relu(layers.Dense(8)(y)), axis=-1, keepdims=True))

    return _model(keras, build)


@case(needs=OPS)
def shapes_computed(keras: Any) -> Any:
    layers, ops = keras.layers, keras.ops

    def build(x: Any) -> Any:
        y = layers.Dense(8, activation="relu")(x)
        return layers.BatchNormalization()(ops.reshape(y, (ops.shape(x)[0], 8)))

    return _model(keras, build)


@case(needs=KERAS_2)
def functions_of_tensorflow(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers

    def build(x: Any) -> Any:
        y = layers.BatchNormalization()(tf.nn.relu(tf.cast(layers.Dense(8)(x), "float32")))
        y = layers.BatchNormalization()(tf.reshape(tf.nn.swish(layers.Dense(8)(y)), (tf.shape(x)[0], 8)))
        y = tf.concat([layers.Dense(8)(y), x], axis=-1)
        y = layers.BatchNormalization()(tf.transpose(tf.transpose(layers.Dense(8, "relu")(y))))
        y = layers.BatchNormalization()(keras.activations.relu(keras.backend.softmax(layers.Dense(8)(y))))
        return tf.reduce_mean(tf.math.maximum(y, 0.0) + tf.abs(y), axis=-1)

    return _model(keras, build)


@case(needs=KERAS_2, unsaved=".keras .json folder", gaps="l0 l1")
def lambdas_kept_as_code(keras: Any) -> Any:
    """Keras 2 stores the byte code of each function."""
    layers = keras.layers

    def build(x: Any) -> Any:
        for number, function in enumerate((keras.activations.relu, keras.activations.gelu)):
            x = layers.Lambda(function, name=f"l{number}")(layers.Dense(4)(x))
            x = layers.BatchNormalization()(x)
        return x

    return _model(keras, build)


@case(needs=OPS)
def lambdas_of_activations(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        for function in (keras.activations.relu, keras.activations.gelu, keras.activations.softmax):
            x = layers.BatchNormalization()(layers.Lambda(function)(layers.Dense(4)(x)))
        return x

    return _model(keras, build)


@case(needs=TENSORFLOW, unsaved=".keras .h5 .json folder")
def lambdas_of_activations_of_tensorflow(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers

    def build(x: Any) -> Any:
        for function in (tf.nn.relu, tf.nn.leaky_relu, tf.nn.softmax, tf.tanh):
            x = layers.BatchNormalization()(layers.Lambda(function)(layers.Dense(4)(x)))
        return x

    return _model(keras, build)


@case(needs=TENSORFLOW, unsaved=".keras .h5 .json folder", gaps="l0 l1 l2")
def lambdas_of_functions(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers

    def build(x: Any) -> Any:
        for number, function in enumerate((tf.square, tf.identity, tf.math.l2_normalize)):
            x = layers.Lambda(function, name=f"l{number}")(layers.Dense(4, "relu")(x))
            x = layers.BatchNormalization()(x)
        return x

    return _model(keras, build)


# -- preprocessing ----------------------------------------------------------------------------------------------


@case()
def random_images(keras: Any) -> Any:
    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.Rescaling(1 / 255.0)(layers.RandomZoom(0.1)(layers.RandomRotation(0.1)(layers.RandomFlip()(x))))
        x = layers.RandomContrast(0.1)(layers.RandomTranslation(0.1, 0.1)(layers.CenterCrop(8, 8)(x)))
        x = layers.Dropout(0.1)(layers.Resizing(8, 8)(x))
        return layers.BatchNormalization()(layers.GaussianNoise(0.1)(x))

    return _model(keras, build, 8, 8, 3)


@case()
def text_and_tables(keras: Any) -> Any:
    layers = keras.layers
    source = keras.Input((4,), dtype="int32", name="source")
    x = layers.Flatten()(layers.Embedding(10, 4)(source))
    x = layers.BatchNormalization()(layers.Dropout(0.1)(layers.Concatenate()([x, layers.CategoryEncoding(10)(source)])))
    return keras.Model(source, layers.Normalization(mean=0.0, variance=1.0)(x), name="m")


# -- dtypes -----------------------------------------------------------------------------------------------------


@case()
def mixed_precision(keras: Any) -> Any:
    layers = keras.layers
    policy = "mixed_float16"

    def build(x: Any) -> Any:
        x = layers.Dense(4, activation="relu", dtype=policy)(x)
        x = layers.BatchNormalization(dtype=policy)(x)
        return layers.Dense(2, dtype="float32")(layers.Dropout(0.1, dtype=policy)(x))

    return _model(keras, build)


@case(needs=OPS)
def quantized(keras: Any) -> Any:
    layers = keras.layers
    model = _model(keras, lambda x: layers.BatchNormalization()(layers.Dense(4, "relu")(layers.Dense(8)(x))))
    model.quantize("int8")
    return model


# -- custom classes ---------------------------------------------------------------------------------------------


@case(gaps="my_dense")
def registered_subclass(keras: Any) -> Any:
    """A subclass of a listed layer that only adds a setting has the role of that layer."""

    @keras.saving.register_keras_serializable("zoo", "MyDense")
    class MyDense(keras.layers.Dense):
        pass

    return _model(keras, lambda x: keras.layers.BatchNormalization()(MyDense(4, activation="relu")(x)))


@case(gaps="my_norm")
def plain_subclass(keras: Any) -> Any:
    class MyNorm(keras.layers.BatchNormalization):
        pass

    return _model(keras, lambda x: MyNorm()(keras.layers.Dense(4, activation="relu")(x)))


@case(gaps="always")
def subclass_with_a_call(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Always")
    class Always(keras.layers.Dropout):
        def call(self, inputs: Any, training: Any = None) -> Any:
            return super().call(inputs, training=True)

    return _model(keras, lambda x: keras.layers.BatchNormalization()(Always(0.2)(keras.layers.Dense(4)(x))))


@case(gaps="block")
def layer_of_layers(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Block")
    class Block(keras.layers.Layer):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.parts = [keras.layers.Dense(8, activation="relu"), keras.layers.BatchNormalization()]
            self.named = {"drop": keras.layers.Dropout(0.2)}

        def call(self, x: Any) -> Any:
            for part in self.parts:
                x = part(x)
            return self.named["drop"](x)

    return _model(keras, lambda x: keras.layers.BatchNormalization()(keras.layers.Dense(4, "relu")(Block()(x))))


@case()
def subclass_of_sequential(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Stack")
    class Stack(keras.Sequential):
        pass

    layers = keras.layers
    return Stack([keras.Input((8,)), layers.Dense(4, activation="relu"), layers.BatchNormalization()], name="m")


@case()
def subclass_of_functional(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Net")
    class Net(keras.Model):
        def train_step(self, *data: Any) -> Any:
            return super().train_step(*data)

    layers = keras.layers
    source = keras.Input((8,), name="source")
    return Net(source, layers.BatchNormalization()(layers.Dense(4, activation="relu")(source)), name="m")


@case()
def nested_subclass_of_functional(keras: Any) -> Any:
    inner = subclass_of_functional(keras)
    return _model(keras, lambda x: keras.layers.BatchNormalization()(inner(x)))


@case()
def subclassed_model(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "Subclassed")
    class Subclassed(keras.Model):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.fc, self.bn = keras.layers.Dense(4, activation="relu"), keras.layers.BatchNormalization()

        def call(self, x: Any) -> Any:
            return self.bn(self.fc(x))

        def get_config(self) -> dict[str, Any]:
            return {"name": self.name}

    import numpy as np

    model = Subclassed(name="inner")
    model(np.zeros((1, 8), "float32"))
    return model


@case(gaps="inner")
def nested_subclassed_model(keras: Any) -> Any:
    inner = subclassed_model(keras)
    return _model(keras, lambda x: keras.layers.BatchNormalization()(keras.layers.Dense(4)(inner(x))))


@case(gaps="fc act")
def own_activation(keras: Any) -> Any:
    @keras.saving.register_keras_serializable("zoo", "bent")
    def bent(x: Any) -> Any:
        return x * 2.0

    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.BatchNormalization()(layers.Dense(4, activation=bent, name="fc")(x))
        return layers.BatchNormalization()(layers.Activation(bent, name="act")(layers.Dense(4)(x)))

    return _model(keras, build)


@case(needs=TENSORFLOW, unsaved=".h5 folder", gaps="bend scale")
def lambdas_of_ones_own(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers

    def build(x: Any) -> Any:
        x = layers.BatchNormalization()(layers.Lambda(lambda v: tf.nn.relu(v) + 0.0, name="bend")(layers.Dense(4)(x)))
        return layers.BatchNormalization()(layers.Lambda(lambda v: v * 0.5, name="scale")(layers.Dense(4, "relu")(x)))

    return _model(keras, build)


@case(unsaved=".h5 folder", gaps="fc")
def code_as_activation(keras: Any) -> Any:
    layers = keras.layers
    return _model(
        keras,
        lambda x: layers.Dense(2, "relu")(
            layers.BatchNormalization()(layers.Dense(4, activation=lambda v: v * 2.0, name="fc")(x))
        ),
    )
