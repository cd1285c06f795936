"""Trains models at the same time, one for each seed: Keras's own layers on JAX, in one compiled scan."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import keras
import numpy as np

from studies.convolution import as_products
from studies.datasets import Split

__all__ = ["keras", "trained"]

_BATCH: Final = 32
_RATE: Final = 1e-3
_BINS: Final = 15


def trained(models: Sequence[Any], splits: Sequence[Split], num_epochs: int) -> dict[str, Any]:
    """The figures of a training: lists with one entry for each seed.

    Args:
        models: One for each seed, all of the same architecture. Their outputs are logits.
        splits: The data of each seed.
        num_epochs: The number of epochs.

    Returns: `accuracy`, `ece` (expected calibration error, 15 bins), `curve` (accuracy after each epoch), `shift`
        (stored ÷ actual variance, the median over the channels, by normalization), `seconds` of processor time, and
        with `recalibrated_` the first two after the statistics were computed again on the training data, without
        dropout.
    """
    began = time.process_time()
    x, y, x_test, y_test = (
        jnp.asarray(np.stack([getattr(one, name) for one in splits])) for name in ("x", "y", "x_test", "y_test")
    )
    model = models[0]
    weights = _stacked([[variable.value for variable in one.trainable_variables] for one in models])
    state = _stacked([[variable.value for variable in one.non_trainable_variables] for one in models])
    batches = jnp.asarray(np.stack([_batches(num_epochs, seed, x.shape[1]) for seed in range(len(models))]))
    train = jax.jit(lambda *given: jax.lax.map(lambda one: _train(model, *one), given))
    with as_products():
        weights, state, curve = jax.block_until_ready(train(weights, state, x, y, x_test, y_test, batches))
    predict = jax.jit(lambda *given: jax.lax.map(lambda one: _logits(model, *one), given))
    found: dict[str, Any] = _scores(predict(weights, state, x_test), y_test)
    recalibrated, shifts = _recalibrated(model, weights, state, x)
    found |= {
        f"recalibrated_{name}": value for name, value in _scores(predict(weights, recalibrated, x_test), y_test).items()
    }
    found |= {"curve": np.asarray(curve, "float64").round(4).tolist(), "shift": shifts}
    found["parameters"] = int(sum(np.prod(variable.shape) for variable in model.trainable_variables))
    found["seconds"] = round(time.process_time() - began, 1)
    return found


def _logits(model: Any, weights: Any, state: Any, data: Any) -> Any:
    return model.stateless_call(weights, state, data, training=False)[0]


def _stacked(values: list[list[Any]]) -> list[Any]:
    return [jnp.stack(one) for one in zip(*values, strict=True)]


def _batches(num_epochs: int, seed: int, count: int) -> np.ndarray:
    """The examples of each step of each epoch. They are the same in every order."""
    steps = count // _BATCH
    epochs = [
        np.random.default_rng(50_000 + 1000 * seed + epoch).permutation(count)[: steps * _BATCH].reshape(steps, _BATCH)
        for epoch in range(num_epochs)
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
        return carry, (_logits(model, carry[0], carry[1], x_test).argmax(-1) == y_test).mean()

    zeros = [jnp.zeros_like(weight) for weight in weights]
    (weights, state, *_), curve = jax.lax.scan(epoch, (weights, state, zeros, zeros, jnp.float32(0)), batches)
    return weights, state, curve


def _recalibrated(model: Any, weights: Any, state: Any, x: Any) -> tuple[list[Any], list[list[float]]]:
    """The statistics computed again, layer after layer; and stored ÷ actual variance before that."""
    norms: list[Any] = []  # in the order in which they are called, once it was traced

    def met(given: tuple[Any, Any, Any]) -> list[Any]:
        with _watched() as seen:
            _logits(model, *given)
        norms[:] = [norm for norm, _ in seen]
        return [statistics for _, statistics in seen]

    look = jax.jit(lambda *given: jax.lax.map(met, given))
    before = look(weights, state, x)
    if not norms:
        return list(state), [[] for _ in range(len(x))]
    paths = [variable.path for variable in model.non_trainable_variables]
    means = [paths.index(norm.moving_mean.path) for norm in norms]
    variances = [paths.index(norm.moving_variance.path) for norm in norms]
    ratios = [
        np.asarray(state[at]) / np.maximum(np.asarray(now[1]), 1e-3) for at, now in zip(variances, before, strict=True)
    ]
    shifts = np.stack([np.median(one, -1) for one in ratios], -1).astype("float64").round(4).tolist()
    new = list(state)
    for number in range(len(norms)):
        new[means[number]], new[variances[number]] = look(weights, new, x)[number]
    return new, shifts


@contextmanager
def _watched() -> Iterator[list[Any]]:
    """Collect the mean and variance of the input of each normalization."""
    seen: list[Any] = []
    kind = keras.layers.BatchNormalization
    given = kind.call

    def call(norm: Any, inputs: Any, *arguments: Any, **options: Any) -> Any:
        axes = tuple(range(inputs.ndim - 1))
        seen.append((norm, (inputs.mean(axes), inputs.var(axes))))
        return given(norm, inputs, *arguments, **options)

    with patch.object(kind, "call", call):
        yield seen


def _scores(logits: Any, labels: Any) -> dict[str, list[float]]:
    chances = np.asarray(jax.nn.softmax(logits))
    right = chances.argmax(-1) == np.asarray(labels)
    errors = [_calibration_error(one.max(-1), ok) for one, ok in zip(chances, right, strict=True)]
    return {"accuracy": right.mean(1).round(5).tolist(), "ece": np.round(errors, 5).tolist()}


def _calibration_error(sureness: np.ndarray, right: np.ndarray) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy, over bins of confidence."""
    bins = np.minimum((sureness * _BINS).astype(int), _BINS - 1)
    gaps = [abs(right[bins == one].sum() - sureness[bins == one].sum()) for one in range(_BINS)]
    return float(sum(gaps) / len(right))
