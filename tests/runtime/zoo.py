"""Models and factories for tests of targets."""

from __future__ import annotations

from typing import Any


def block_class(keras: Any) -> Any:
    """A layer that contains layers."""

    class Block(keras.layers.Layer):  # a class that is only known at run time
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.fc = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.fc(x)

    return Block


def good() -> Any:
    import keras

    layers = keras.layers
    return keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.BatchNormalization(), layers.ReLU()])


def bad() -> Any:
    import keras

    layers = keras.layers
    x = source = keras.Input((4,), name="source")
    x = layers.Dense(4, activation="relu", name="fc")(x)
    x = layers.BatchNormalization(name="bn")(x)
    return keras.Model(source, x, name="bad")


def needs_arguments(units: int, rate: float) -> Any:
    raise AssertionError((units, rate))


def fails() -> Any:
    return good().nothing_like_it


def returns_a_list() -> Any:
    return [good()]


NUMBER = 3
