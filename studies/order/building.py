"""Builds the network for a setting and a seed."""

from __future__ import annotations

from typing import Any, Final

from studies.datasets import split
from studies.order.settings import Setting
from studies.training import keras, trained

__all__ = ["build", "figures"]

_MOMENTUM: Final = 0.9  # of the moving averages: they arrive within an epoch, so that only the order is compared


def figures(setting: Setting) -> dict[str, Any]:
    """The figures of a setting; see `trained`."""
    splits = [split(setting.data, seed) for seed in range(setting.seeds)]
    models = [build(setting, seed, splits[0].x.shape[1:]) for seed in range(setting.seeds)]
    return trained(models, splits, setting.epochs)


def build(setting: Setting, seed: int, shape: tuple[int, ...]) -> Any:
    """The network for a seed. Every order has the same kernels."""
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
