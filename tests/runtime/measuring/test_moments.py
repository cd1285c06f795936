"""The mean and variance of channels, computed on the backend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orderlint.runtime.library import library_of
from orderlint.runtime.measuring import moments
from orderlint.runtime.measuring.arrays import view_of
from orderlint.runtime.measuring.moments import moments_of

SHAPES = [((512, 300), [-1]), ((8, 40, 40, 24), [-1]), ((6, 5, 30, 30), [1]), ((4, 5, 6, 7), [1, 3]), ((9, 20, 1), [2])]


@pytest.mark.parametrize(("shape", "axis"), SHAPES)
@pytest.mark.parametrize("looks", [True, False], ids=["in place", "by the backend"])
def test_moments(keras: Any, shape: tuple[int, ...], axis: list[int], looks: bool, monkeypatch: Any) -> None:
    """They are those of all numbers of a channel, computed in blocks or at once, far from zero or near it."""
    if not looks:
        monkeypatch.setattr(moments, "view_of", lambda value: None)
    x = np.random.default_rng(0).normal(20, 3, shape).astype("float32")
    tensor = keras.layers.Activation("linear")(x)
    assert (view_of(tensor) is not None) or keras.backend.backend() != "tensorflow"
    library = library_of(keras.Sequential([keras.layers.Dense(1)]))
    assert library is not None
    found = moments_of(tensor, axis, None, library)
    others = tuple(number for number in range(x.ndim) if number not in [one % x.ndim for one in axis])
    exact = x.astype("float64")
    np.testing.assert_allclose(found.mean, exact.mean(others), rtol=1e-5)
    np.testing.assert_allclose(found.variance, exact.var(others), rtol=1e-4)
    assert found.count == x.size / found.mean.size


def test_half_precision(keras3: Any) -> None:
    """Half precision is accumulated in float32; a dtype that NumPy lacks is left to the backend."""
    library = library_of(keras3.Sequential([keras3.layers.Dense(1)]))
    assert library is not None
    x = np.random.default_rng(0).normal(5, 3, (4000, 3)).astype("float32")
    for kind in ("float16", "bfloat16"):
        tensor = keras3.ops.cast(x, kind)
        found = moments_of(tensor, [-1], None, library)
        np.testing.assert_allclose(found.variance, x.astype("float64").var(0), rtol=0.02)
