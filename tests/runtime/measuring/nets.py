"""Networks for measurements, in any generation of Keras."""

from __future__ import annotations

from typing import Any

import numpy as np


def blocks(keras: Any, order: str, rate: float, count: int = 3, width: int = 128, activation: str = "relu") -> Any:
    """Blocks of layers in an order such as `LBAD`: linear, batch normalization, activation, dropout."""
    layers = keras.layers
    inner = _inner(layers, order, rate, count, width, activation)
    return keras.Sequential([layers.Input((64,)), *inner, layers.Dense(10)])


def side_by_side(keras: Any, order: str, rate: float, networks: int) -> Any:
    """Many networks of three blocks in one model, each with its own kernels and dropouts.

    One measurement of it measures each of them, in a third of the time.
    """
    layers = keras.layers
    source = layers.Input((64,))
    ends = []
    for network in range(networks):
        x = source
        for layer in _inner(layers, order, rate, 3, 128, "relu", f"network{network}_"):
            x = layer(x)
        ends.append(x)
    return keras.Model(source, ends)


def _inner(
    layers: Any, order: str, rate: float, count: int, width: int, activation: str, prefix: str = ""
) -> list[Any]:
    """The layers; with a prefix, the names of the normalizations are the prefix and the number of their block."""
    made = {
        "L": lambda _: layers.Dense(width),
        "B": lambda block: layers.BatchNormalization(name=f"{prefix}{block}" if prefix else None),
        "A": lambda _: layers.Activation(activation),
        "D": lambda _: layers.Dropout(rate),
    }
    return [made[letter](block) for block in range(count) for letter in order]


def noise(count: int = 512, *shape: int) -> np.ndarray:
    """Standard normal numbers with a fixed seed."""
    return np.random.default_rng(0).normal(size=(count, *(shape or (64,)))).astype("float32")


def shifts(measurement: Any) -> list[float]:
    return [row.shift for row in measurement.rows]


def state(model: Any) -> list[Any]:
    """All state that a measurement could change."""
    seeds = [seed.state for part in model._flatten_layers() for seed in getattr(part, "_seed_generators", ())]
    return [np.array(value.numpy()) for value in [*model.variables, *seeds]]


def is_same(before: list[Any], after: list[Any]) -> bool:
    return len(before) == len(after) and all(map(np.array_equal, before, after))
