"""Keras 3 on TensorFlow and tf_keras, imported once for all runtime tests."""

from __future__ import annotations

import os
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def keras3() -> Any:
    """Keras 3 on TensorFlow."""
    import keras

    assert keras.backend.backend() == "tensorflow"
    return keras


@pytest.fixture(scope="session")
def keras2() -> Any:
    """Keras 2, as the package `tf_keras`."""
    import tf_keras

    return tf_keras


@pytest.fixture(params=["keras3", "keras2"])
def keras(request: pytest.FixtureRequest) -> Any:
    """Each generation of Keras in turn."""
    return request.getfixturevalue(request.param)
