"""Models of all kinds can be measured, with one row for each application of a normalization."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orderlint.engine.measuring import measure_model
from tests.runtime.measuring.nets import is_same, noise, shifts, state


def test_the_dropout_that_feeds_a_normalization(keras: Any) -> None:
    """Each row has the nearest dropout, its rate, the linear layers between, and the finding of `inspect`."""
    layers = keras.layers
    source = keras.Input((64,))
    x = layers.Dropout(0.3, name="first")(layers.Dense(32, name="a")(source))
    x = layers.ReLU()(layers.BatchNormalization(name="direct")(x))
    x = layers.Dense(32, name="b")(layers.Dropout(0.5, name="second")(x))
    x = layers.BatchNormalization(name="across")(layers.Dense(32, name="c")(x))
    model = keras.Model(source, layers.Dense(2)(x))
    direct, across = measure_model(model, noise()).rows
    assert (direct.path, direct.code, across.path, across.code) == ("direct", "ORD002", "across", None)
    assert direct.fed_by is not None
    assert across.fed_by is not None
    assert (direct.fed_by.path, direct.fed_by.rate, direct.fed_by.num_linear) == ("first", 0.3, 0)
    assert (across.fed_by.path, across.fed_by.rate, across.fed_by.num_linear) == ("second", 0.5, 2)
    assert direct.fed_by.is_next
    assert not across.fed_by.is_next


def test_a_nested_model(keras: Any) -> None:
    """Normalizations in nested models have the path of `inspect`."""
    layers = keras.layers
    inner = keras.Sequential(
        [layers.Input((64,)), layers.Dropout(0.5), layers.BatchNormalization(name="bn")], name="encoder"
    )
    source = keras.Input((64,))
    model = keras.Model(source, layers.Dense(2)(inner(source)))
    (row,) = measure_model(model, noise()).rows
    assert row.path == "encoder/bn"
    assert row.shift == pytest.approx(2.0, rel=0.05)


def test_a_shared_layer_has_a_row_for_each_use(keras: Any) -> None:
    """Each use has its own shift and dropout."""
    layers = keras.layers
    shared = layers.BatchNormalization(name="bn")
    source = keras.Input((64,))
    x = shared(layers.Dropout(0.5, name="half")(source))
    model = keras.Model(source, layers.Dense(2)(shared(layers.Dropout(0.1, name="tenth")(x))))
    first, second = measure_model(model, noise(1024), batch_size=1024).rows
    assert (first.path, second.path) == ("bn", "bn#2")
    assert first.fed_by is not None
    assert second.fed_by is not None
    assert (first.fed_by.path, second.fed_by.path) == ("half", "tenth")
    assert first.shift == pytest.approx(2.0, rel=0.05)


def test_a_shared_layer_does_not_lag(keras: Any) -> None:
    """Its moving average is between the statistics of its uses, which is not a lag."""
    layers = keras.layers
    shared = layers.BatchNormalization(name="bn")
    source = keras.Input((64,))
    near = shared(layers.Dropout(0.1)(source))
    far = shared(layers.Rescaling(3.0)(source))
    model = keras.Model(source, layers.Add()([near, far]))
    shared.moving_variance.assign(np.full(64, (1 / 0.9 + 9) / 2, "float32"))
    rows = measure_model(model, noise(1024), batch_size=1024).rows
    assert sorted(round(row.stored_over_actual or 0, 1) for row in rows) == [0.6, 5.1]
    assert not any(row.lags for row in rows)


def test_a_subclassed_model(keras: Any) -> None:
    """Its `call` is executed unchanged, and the graph comes from tracing it."""

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.drop, self.bn, self.head = (
                keras.layers.Dropout(0.5),
                keras.layers.BatchNormalization(name="bn"),
                keras.layers.Dense(2),
            )

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.head(self.bn(self.drop(inputs, training=training), training=training))

    model = Net()
    model(noise(4))
    (row,) = measure_model(model, noise()).rows
    assert (row.path, row.code) == ("bn", "ORD002")
    assert row.shift == pytest.approx(2.0, rel=0.05)


def test_dropout_of_the_users_own(keras3: Any) -> None:
    """A custom dropout is measured, too, since no dropout is patched."""

    class Own(keras3.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.seed = keras3.random.SeedGenerator(1)

        def call(self, inputs: Any, training: Any = None) -> Any:
            return keras3.random.dropout(inputs, 0.5, seed=self.seed) if training else inputs

    model = keras3.Sequential([keras3.Input((64,)), Own(), keras3.layers.BatchNormalization()])
    before = state(model)
    assert shifts(measure_model(model, noise())) == [pytest.approx(2.0, rel=0.05)]
    assert is_same(before, state(model))


def test_inside_time_distributed(keras: Any) -> None:
    """All time steps of a wrapped normalization are in one row."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((5, 16)),
            layers.Dropout(0.5),
            layers.TimeDistributed(layers.BatchNormalization(), name="steps"),
            layers.Dense(2),
        ]
    )
    (row,) = measure_model(model, noise(512, 5, 16), batch_size=512).rows
    assert row.path == "steps"
    assert row.fed_by is not None
    assert row.fed_by.rate == 0.5
    assert row.shift == pytest.approx(2.0, rel=0.05)


def test_a_normalization_of_another_axis(keras: Any) -> None:
    """`axis=1`: the channels are first."""
    layers = keras.layers
    model = keras.Sequential([layers.Input((6, 10)), layers.Dropout(0.3), layers.BatchNormalization(axis=1)])
    assert shifts(measure_model(model, noise(512, 6, 10), batch_size=512)) == [pytest.approx(1 / 0.7, rel=0.03)]


def test_a_frozen_normalization(keras: Any) -> None:
    """It uses stored statistics in training, too, so its shift has no effect."""
    layers = keras.layers
    source = keras.Input((64,))
    frozen = layers.BatchNormalization(name="frozen", trainable=False)
    x = layers.Dense(8)(frozen(layers.Dropout(0.5)(source)))
    model = keras.Model(source, layers.BatchNormalization(name="free")(layers.Dropout(0.5)(x)))
    rows = {row.path: row for row in measure_model(model, noise()).rows}
    assert [rows[name].is_frozen for name in ("frozen", "free")] == [True, False]
    assert not rows["frozen"].is_shifted


def test_a_normalization_called_as_at_inference(keras: Any) -> None:
    """`training=False` in a `call`, as in a base model for fine-tuning, makes it frozen, too."""

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.drop, self.bn = keras.layers.Dropout(0.5), keras.layers.BatchNormalization(name="bn")

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.bn(self.drop(inputs, training=training), training=False)

    model = Net()
    model(noise(4))
    (row,) = measure_model(model, noise()).rows
    assert row.is_frozen


def test_a_tf_function(keras3: Any) -> None:
    """A `call` under `tf.function` is run eagerly for the measurement, and compiled again afterwards."""
    import tensorflow

    class Net(keras3.Model):
        def __init__(self) -> None:
            super().__init__()
            self.drop, self.bn = keras3.layers.Dropout(0.5), keras3.layers.BatchNormalization(name="bn")

        @tensorflow.function
        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.bn(self.drop(inputs, training=training), training=training)

    model = Net()
    model(noise(4))
    assert shifts(measure_model(model, noise())) == [pytest.approx(2.0, rel=0.05)]
    assert not tensorflow.config.functions_run_eagerly()


def test_a_model_that_is_not_built(keras: Any) -> None:
    """It is built with the data."""
    layers = keras.layers
    model = keras.Sequential([layers.Dense(32), layers.Dropout(0.5), layers.BatchNormalization(name="bn")])
    (row,) = measure_model(model, noise()).rows
    assert row.shift == pytest.approx(2.0, rel=0.1)


def test_several_inputs(keras: Any) -> None:
    """A list of arrays, or a dict by the names of the inputs."""
    layers = keras.layers
    left, right = keras.Input((8,), name="left"), keras.Input((4,), name="right")
    both = layers.Concatenate()([left, right])
    model = keras.Model([left, right], layers.BatchNormalization()(layers.Dropout(0.5)(both)))
    data = [noise(512, 8), noise(512, 4)]
    assert shifts(measure_model(model, data)) == [pytest.approx(2.0, rel=0.1)]


def test_a_mask(keras: Any) -> None:
    """Masked entries do not count, as in the normalization itself."""
    layers = keras.layers
    x = noise(512, 6, 8)
    x[:, 3:] = 0
    model = keras.Sequential([layers.Input((6, 8)), layers.Masking(), layers.Dropout(0.5), layers.BatchNormalization()])
    assert shifts(measure_model(model, x)) == [pytest.approx(2.0, rel=0.06)]


def test_a_channel_that_does_not_vary(keras: Any) -> None:
    """If no channel varies, there is no value, and no error."""
    layers = keras.layers
    model = keras.Sequential([layers.Input((4,)), layers.Dropout(0.5), layers.BatchNormalization()])
    measurement = measure_model(model, np.zeros((64, 4), "float32"))
    assert shifts(measurement) == [None]
    assert "–" in str(measurement)
