"""Networks to measure, in any generation of Keras."""

from __future__ import annotations

from typing import Any

import numpy as np


def blocks(keras: Any, order: str, rate: float, count: int = 3, width: int = 128, activation: str = "relu") -> Any:
    """Blocks of layers in an order such as `LBAD`: linear, batch normalization, activation, dropout."""
    layers = keras.layers
    made = {
        "L": lambda: layers.Dense(width),
        "B": layers.BatchNormalization,
        "A": lambda: layers.Activation(activation),
        "D": lambda: layers.Dropout(rate),
    }
    inner = [made[letter]() for _ in range(count) for letter in order]
    return keras.Sequential([layers.Input((64,)), *inner, layers.Dense(10)])


def noise(count: int = 512, *shape: int) -> np.ndarray:
    """Standard normal numbers, the same each time."""
    return np.random.default_rng(0).normal(size=(count, *(shape or (64,)))).astype("float32")


def shifts(measurement: Any) -> list[float]:
    return [row.shift for row in measurement.rows]


def state(model: Any) -> list[Any]:
    """All that a measurement could change."""
    seeds = [seed.state for part in model._flatten_layers() for seed in getattr(part, "_seed_generators", ())]
    return [np.array(value.numpy()) for value in [*model.variables, *seeds]]


def is_same(before: list[Any], after: list[Any]) -> bool:
    return len(before) == len(after) and all(map(np.array_equal, before, after))
