"""Convolutions as matrix products."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys

import pytest

from tests.support import ROOT

CASES = list(itertools.product((1, 2), ("same", "valid"), (2, 3)))
SCRIPT = f"""
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy as np
from studies.convolution import as_products
for kind, shape in ((keras.layers.Conv1D, (9, 3)), (keras.layers.Conv2D, (5, 6, 2))):
    for strides, padding, size in {CASES!r}:
        layer = kind(4, size, strides=strides, padding=padding)
        data = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
        expected = np.asarray(layer(data))
        with as_products():
            found = np.asarray(layer(data))
        np.testing.assert_allclose(found, expected, atol=1e-5)
"""


def test_products_are_the_convolutions_of_keras() -> None:
    """With one and two axes, both paddings, strides, odd and even windows."""
    if importlib.util.find_spec("jax") is None:
        pytest.skip("the study needs its extra: pip install 'orderlint[study]'")
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, cwd=ROOT)  # a process has one backend
