"""The values of a measurement, compared with the theory of dropout."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from orderlint.engine.measuring import measure_model
from tests.runtime.measuring.nets import blocks, is_same, noise, shifts, side_by_side, state
from tests.support import ROOT

# Initial weights, width 128, ReLU, standard normal input: the shift of the first, second and third normalization.
THREE_BLOCKS = {
    ("LBAD", 0.1): (1.00, 1.17, 1.36),
    ("LBAD", 0.3): (1.00, 1.63, 2.67),
    ("LBAD", 0.5): (1.00, 2.45, 5.98),
    ("LDBA", 0.1): (1.11, 1.33, 1.54),
    ("LDBA", 0.3): (1.43, 2.49, 4.10),
    ("LDBA", 0.5): (2.01, 5.33, 13.6),
    ("LADB", 0.1): (1.17, 1.35, 1.56),
    ("LADB", 0.3): (1.63, 2.69, 4.26),
    ("LADB", 0.5): (2.45, 6.06, 14.7),
    ("LABD", 0.1): (1.00, 1.12, 1.24),
    ("LABD", 0.3): (1.00, 1.43, 2.07),
    ("LABD", 0.5): (1.00, 2.01, 4.12),
}
# At a rate of 0.5, the standard deviation of the third shift over random kernels is 4 to 6 %. The mean of three or four
# samples is off by 5 % one time in ten; that of sixteen has a standard error of at most 1.5 %.
NETWORKS = 16


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_dropout_on_zero_mean_input(keras: Any, rate: float) -> None:
    """`Dropout(r) → BatchNormalization` on zero-mean input shifts by 1 / (1 - r), within 3 %."""
    layers = keras.layers
    model = keras.Sequential([layers.Input((256,)), layers.Dropout(rate), layers.BatchNormalization()])
    (shift,) = shifts(measure_model(model, noise(1024, 256), batch_size=1024))
    assert shift == pytest.approx(1 / (1 - rate), rel=0.03)


def test_one_block_of_the_recommended_order(keras: Any) -> None:
    """A dropout after the last normalization shifts nothing: 1.00 ± 0.02."""
    assert shifts(measure_model(blocks(keras, "LBAD", 0.5, count=1), noise(2048), batch_size=2048)) == [
        pytest.approx(1.0, abs=0.02)
    ]


@pytest.mark.parametrize(("order", "rate"), THREE_BLOCKS)
def test_three_blocks_compound(keras: Any, order: str, rate: float) -> None:
    """The shift of one normalization is passed on to the next ones: within 5 %, averaged over samples."""
    keras.utils.set_random_seed(0)
    measurement = measure_model(side_by_side(keras, order, rate, NETWORKS), noise(1024), batch_size=1024)
    found = {row.path: row.shift for row in measurement.rows}
    names = [[f"network{network}_{block}" for block in range(3)] for network in range(NETWORKS)]
    draws = np.array([[found[name] for name in row] for row in names], "float64")
    mean, error = np.mean(draws, 0), np.std(draws, 0, ddof=1) / NETWORKS**0.5
    assert (error / mean).max() < 0.02  # otherwise the next line has no meaning
    assert mean.tolist() == pytest.approx(THREE_BLOCKS[order, rate], rel=0.05)


OTHER = """
import sys
import numpy as np
keras = __import__(sys.argv[1])
from orderlint.engine.measuring import measure_model
from tests.runtime.measuring.nets import is_same, noise, shifts, state
layers = keras.layers
random = np.random.default_rng(5)
keras.utils.set_random_seed(5)  # each backend draws its own numbers: many passes even them out
source = layers.Input((64,))
x = source
for _ in range(3):
    x = layers.Activation("relu")(layers.BatchNormalization()(layers.Dropout(0.3)(layers.Dense(128)(x))))
model = keras.Model(source, layers.Dense(10)(x))
model.set_weights([random.normal(size=w.shape).astype("float32") * (2 / w.shape[0]) ** 0.5 if w.ndim == 2
                   else w for w in model.get_weights()])
before = state(model)
found = shifts(measure_model(model, noise(2048), batch_size=2048, passes=32))
assert is_same(before, state(model)), "not put back"
print("shifts", *found)
"""


def _measured(name: str, backend: str) -> list[float]:
    """The shifts of the same model in a separate process, since the backend is chosen when Keras is imported."""
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", OTHER, name]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert result.returncode == 0, result.stderr
    return [float(word) for word in result.stdout.splitlines()[-1].split()[1:]]


@pytest.fixture(scope="module")
def usual() -> list[float]:
    """The shifts measured with Keras 3 on TensorFlow."""
    return _measured("keras", "tensorflow")


@pytest.mark.parametrize(("name", "backend"), [("keras", "jax"), ("tf_keras", "tensorflow")])
def test_all_backends_agree(name: str, backend: str, usual: list[float]) -> None:
    """With the same weights, Keras 3 on TensorFlow and on JAX and tf_keras have the same values within 2 %."""
    pytest.importorskip(backend, reason="the backend that is compared is not installed")
    assert len(usual) == 3
    assert _measured(name, backend) == pytest.approx(usual, rel=0.02)


def test_noise_counts_too(keras: Any) -> None:
    """Additional variance of the input in training is a shift: noise of variance 1 doubles a variance of 1."""
    layers = keras.layers
    model = keras.Sequential([layers.Input((64,)), layers.GaussianNoise(1.0), layers.BatchNormalization()])
    measurement = measure_model(model, noise(1024), batch_size=1024)
    assert shifts(measurement) == [pytest.approx(2.0, rel=0.03)]
    assert measurement.rows[0].fed_by is None
    assert "noise or a random layer of your own" in " ".join(str(measurement).split())


def test_the_model_is_as_before(keras: Any) -> None:
    """Weights, statistics and seeds are unchanged, and the next dropout mask is the same."""
    model = blocks(keras, "LDBA", 0.5)
    x = noise(64)
    before = state(model)
    measure_model(model, x)
    assert is_same(before, state(model))


def test_the_next_dropout_is_the_same(keras3: Any) -> None:
    """A measurement does not advance the seed generators of a model."""
    model = blocks(keras3, "LDBA", 0.5)
    before = state(model)
    once = np.array(model(noise(64), training=True))
    for variable, value in zip(model.variables, before, strict=False):
        variable.assign(value)
    measure_model(model, noise(64))
    assert np.array_equal(once, np.array(model(noise(64), training=True)))


def test_the_model_is_as_before_after_an_error(keras: Any) -> None:
    """Also if a layer raises an error during the measurement; all hooks are removed."""

    class Fails(keras.layers.Layer):
        times = 0

        def call(self, inputs: Any, training: Any = None) -> Any:
            if training:
                type(self).times += 1
                if self.times > 2:
                    raise ArithmeticError("out of luck")
            return inputs

    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((64,)), layers.Dropout(0.5), layers.BatchNormalization(), Fails(), layers.Dense(2)]
    )
    before, call = state(model), layers.BatchNormalization.call
    Fails.times = 0
    with pytest.raises(ValueError, match=r"fails on the data in training, at .* \(ArithmeticError: out of luck\)"):
        measure_model(model, noise(64))
    assert is_same(before, state(model))
    assert layers.BatchNormalization.call is call


def test_the_shift_of_a_trained_model_is_the_one_it_has(keras: Any) -> None:
    """If the moving averages have converged, `shift` is stored ÷ actual of the trained model, within 20 %."""
    keras.utils.set_random_seed(3)
    layers = keras.layers
    random = np.random.default_rng(3)
    x = random.normal(size=(1024, 32)).astype("float32")
    y = (x[:, :4].argmax(-1)).astype("int64")
    inner = [
        layer
        for _ in range(3)
        for layer in (layers.Dense(64), layers.Dropout(0.3), layers.BatchNormalization(momentum=0.9), layers.ReLU())
    ]
    model = keras.Sequential([layers.Input((32,)), *inner, layers.Dense(4)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, epochs=15, batch_size=128, verbose=0)
    measurement = measure_model(model, x, y, batch_size=512)
    for row in measurement.rows:
        assert row.shift == pytest.approx(row.stored_over_actual, rel=0.2)
        assert not row.lags
    assert shifts(measurement)[0] == pytest.approx(1 / 0.7, rel=0.05)
