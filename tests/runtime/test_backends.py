"""Keras 3 on JAX, in a separate process, since the backend is chosen when Keras is imported."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

from tests.support import ROOT

CODE = """
import keras
from keras import layers, ops
assert keras.backend.backend() == BACKEND, keras.backend.backend()
import numpy as np
from orderlint.runtime.models import read_model
from tests.runtime.seen import chains, chains_of

class Block(layers.Layer):
    def __init__(self):
        super().__init__(name="block")
        self.fc, self.bn, self.drop = layers.Dense(4), layers.BatchNormalization(), layers.Dropout(0.5)

    def call(self, x, training=None):
        x = self.bn(ops.relu(self.fc(x)), training=training)
        return self.drop(x) if training else x

source = keras.Input((4,))
model = keras.Model(source, layers.BatchNormalization()(Block()(source) * 2.0))
inference, training = read_model(model).graphs
assert chains(inference) == ["Dense ReLU BatchNormalization BatchNormalization | output"]
assert chains(training) == ["Dense ReLU BatchNormalization Dropout BatchNormalization | output"]

class Native(keras.Model):
    # A function of the backend itself takes no symbolic tensor: the call is run on a tiny batch.
    def __init__(self):
        super().__init__(name="native")
        self.fc, self.bn, self.last = layers.Dense(4, "relu"), layers.BatchNormalization(), layers.Dense(2)

    def call(self, x, training=None):
        return self.last(NATIVE(self.bn(self.fc(x), training=training)))

native = Native()
native(np.ones((2, 3), "float32"))
before = [weight.numpy().tolist() for weight in native.weights]
seen = chains_of(native, input_shape=(3,))
assert seen == ["Dense ReLU BatchNormalization | output"], seen
assert before == [weight.numpy().tolist() for weight in native.weights]
print("fine")
"""


@pytest.mark.parametrize(
    ("backend", "native"), [("jax", "__import__('jax').numpy.sort"), ("torch", "__import__('torch').erf")]
)
def test_keras_3_on_another_backend(backend: str, native: str) -> None:
    """The graphs are the same; functions of the backend between layers are unknown."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed: the tests need no second backend, this one uses it where it is")
    code = CODE.replace("BACKEND", repr(backend)).replace("NATIVE", native)
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "fine"
