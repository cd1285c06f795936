"""Trains one setting for all its seeds at once: Keras's own layers on JAX, the whole training one compiled scan."""

from __future__ import annotations

import os
import time
from typing import Any, Final

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import keras
import numpy as np

from studies.order.datasets import split
from studies.order.settings import Setting

__all__ = ["build", "trained"]

_BATCH: Final = 32
_RATE: Final = 1e-3
_MOMENTUM: Final = 0.9  # of the moving averages: they arrive within an epoch, so that only the order is compared
_BINS: Final = 15


def build(setting: Setting, seed: int, shape: tuple[int, ...]) -> Any:
    """The network of a seed. Its kernels are the same in every order; so is their number."""
    layers = keras.layers
    keras.utils.set_random_seed(10_000 + seed)
    model = keras.Sequential([keras.Input(shape)])
    for number in range(setting.depth):
        for letter in setting.order:
            model.add(_layer(setting, letter, number, seed))
    if setting.data == "mnist1d":
        model.add(layers.Flatten())
    model.add(layers.Dense(10, kernel_initializer=_kernels(seed, 99)))
    return model


def _layer(setting: Setting, letter: str, number: int, seed: int) -> Any:
    layers = keras.layers
    if letter == "B":
        return layers.BatchNormalization(momentum=_MOMENTUM)
    if letter == "A":
        return layers.Activation(setting.activation)
    if letter == "D":
        return layers.Dropout(setting.rate, seed=10_000 + 100 * seed + number)
    kernels = _kernels(seed, number)
    if setting.data == "digits":
        return layers.Dense(setting.width, kernel_initializer=kernels)
    strides = 2 if number else 1
    return layers.Conv1D(setting.width, 5, strides=strides, padding="same", kernel_initializer=kernels)


def _kernels(seed: int, number: int) -> Any:
    return keras.initializers.HeNormal(seed=7919 * seed + number)


def trained(setting: Setting) -> dict[str, Any]:
    """The figures of a setting: lists with one entry a seed.

    Returns: `accuracy`, `ece` (expected calibration error, 15 bins), `curve` (accuracy after each epoch), `shift`
        (stored ÷ met variance, the median over the channels, by normalization), and with `retaken_` the first two
        after the statistics were taken again on the training data without dropout; `seconds` of processor time.
    """
    began = time.process_time()
    splits = [split(setting.data, seed) for seed in range(setting.seeds)]
    x, y, x_test, y_test = (
        jnp.asarray(np.stack([getattr(one, name) for one in splits])) for name in ("x", "y", "x_test", "y_test")
    )
    models = [build(setting, seed, x.shape[2:]) for seed in range(setting.seeds)]
    model = models[0]
    weights = _stacked([[variable.value for variable in one.trainable_variables] for one in models])
    state = _stacked([[variable.value for variable in one.non_trainable_variables] for one in models])
    batches = jnp.asarray(np.stack([_batches(setting, seed, x.shape[1]) for seed in range(setting.seeds)]))
    train = jax.jit(lambda *given: jax.lax.map(lambda one: _train(model, *one), given))
    weights, state, curve = jax.block_until_ready(train(weights, state, x, y, x_test, y_test, batches))
    predict = jax.jit(jax.vmap(lambda w, s, data: model.stateless_call(w, s, data, training=False)[0]))
    found: dict[str, Any] = _scores(predict(weights, state, x_test), y_test)
    retaken, shifts = _retaken(model, weights, state, x)
    found |= {f"retaken_{name}": value for name, value in _scores(predict(weights, retaken, x_test), y_test).items()}
    found |= {"curve": np.asarray(curve, "float64").round(4).tolist(), "shift": shifts}
    found["parameters"] = int(sum(np.prod(variable.shape) for variable in model.trainable_variables))
    found["seconds"] = round(time.process_time() - began, 1)
    return found


def _stacked(values: list[list[Any]]) -> list[Any]:
    return [jnp.stack(one) for one in zip(*values, strict=True)]


def _batches(setting: Setting, seed: int, count: int) -> np.ndarray:
    """Which examples each step of each epoch takes; the same in every order."""
    steps = count // _BATCH
    epochs = [
        np.random.default_rng(50_000 + 1000 * seed + epoch).permutation(count)[: steps * _BATCH].reshape(steps, _BATCH)
        for epoch in range(setting.epochs)
    ]
    return np.stack(epochs)


def _train(model: Any, weights: Any, state: Any, x: Any, y: Any, x_test: Any, y_test: Any, batches: Any) -> Any:
    """Adam, as Keras sets it by default."""

    def loss(weights: Any, state: Any, numbers: Any) -> Any:
        logits, state = model.stateless_call(weights, state, x[numbers], training=True)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[numbers][:, None], 1).mean(), state

    def step(carry: Any, numbers: Any) -> Any:
        weights, state, first, second, time = carry
        (_, state), slopes = jax.value_and_grad(loss, has_aux=True)(weights, state, numbers)
        time = time + 1
        first = [0.9 * a + 0.1 * b for a, b in zip(first, slopes, strict=True)]
        second = [0.999 * a + 0.001 * b * b for a, b in zip(second, slopes, strict=True)]
        weights = [
            weight - _RATE * (a / (1 - 0.9**time)) / (jnp.sqrt(b / (1 - 0.999**time)) + 1e-7)
            for weight, a, b in zip(weights, first, second, strict=True)
        ]
        return (weights, state, first, second, time), None

    def epoch(carry: Any, numbers: Any) -> Any:
        carry, _ = jax.lax.scan(step, carry, numbers)
        logits, _ = model.stateless_call(carry[0], carry[1], x_test, training=False)
        return carry, (logits.argmax(-1) == y_test).mean()

    zeros = [jnp.zeros_like(weight) for weight in weights]
    (weights, state, *_), curve = jax.lax.scan(epoch, (weights, state, zeros, zeros, jnp.float32(0)), batches)
    return weights, state, curve


def _retaken(model: Any, weights: Any, state: Any, x: Any) -> tuple[list[Any], list[list[float]]]:
    """The statistics taken again, layer after layer; and stored ÷ met variance before that."""
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    paths = [variable.path for variable in model.non_trainable_variables]
    means = [paths.index(norm.moving_mean.path) for norm in norms]
    variances = [paths.index(norm.moving_variance.path) for norm in norms]

    def met(weights: Any, state: Any, data: Any) -> list[Any]:
        found = []
        values = [*zip(model.trainable_variables, weights, strict=True)]
        values += [*zip(model.non_trainable_variables, state, strict=True)]
        with keras.StatelessScope(state_mapping=values):
            for layer in model.layers:
                if layer in norms:
                    axes = tuple(range(data.ndim - 1))
                    found.append((data.mean(axes), data.var(axes)))
                data = layer(data, training=False)
        return found

    look = jax.jit(jax.vmap(met))
    before = look(weights, state, x)
    ratios = [
        np.asarray(state[at]) / np.maximum(np.asarray(now[1]), 1e-3) for at, now in zip(variances, before, strict=True)
    ]
    shifts = np.median(np.stack(ratios), -1).T.astype("float64").round(4).tolist()
    new = list(state)
    for number in range(len(norms)):
        new[means[number]], new[variances[number]] = look(weights, new, x)[number]
    return new, shifts


def _scores(logits: Any, labels: Any) -> dict[str, list[float]]:
    chances = np.asarray(jax.nn.softmax(logits))
    right = chances.argmax(-1) == np.asarray(labels)
    errors = [_calibration_error(one.max(-1), ok) for one, ok in zip(chances, right, strict=True)]
    return {"accuracy": right.mean(1).round(5).tolist(), "ece": np.round(errors, 5).tolist()}


def _calibration_error(sureness: np.ndarray, right: np.ndarray) -> float:
    """How far sureness and accuracy lie apart, on average over bins of sureness."""
    bins = np.minimum((sureness * _BINS).astype(int), _BINS - 1)
    gaps = [abs(right[bins == one].sum() - sureness[bins == one].sum()) for one in range(_BINS)]
    return float(sum(gaps) / len(right))
