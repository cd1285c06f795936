"""Data that comes with Python packages, so nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = ["Split", "split"]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Examples for training and for testing, with the numbers of their classes."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@lru_cache(None)
def split(name: str, seed: int) -> Split:
    """The data for a seed.

    Args:
        name: `digits`: scikit-learn's 8 × 8 digits, 600 of 1,797 to train on. `cancer`: its breast cancer data, 30
            features, 285 of 569 to train on. `mnist1d`: signals of length 40, made anew for each seed, half of 3,000
            to train on.
    """
    if name == "mnist1d":
        return _mnist1d(seed)
    if name == "cancer":
        return _cancer(seed)
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return _shuffled((x / 16.0).astype("float32"), y, 600, seed)


def _shuffled(x: np.ndarray, y: np.ndarray, count: int, seed: int) -> Split:
    numbers = np.random.default_rng(seed).permutation(len(x))
    x, y = x[numbers], y[numbers]
    return Split(x[:count], y[:count], x[count:], y[count:])


def _cancer(seed: int) -> Split:
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    found = _shuffled(x.astype("float32"), y, 285, seed)
    mean, deviation = found.x.mean(0), found.x.std(0)
    return Split((found.x - mean) / deviation, found.y, (found.x_test - mean) / deviation, found.y_test)


def _mnist1d(seed: int) -> Split:
    from mnist1d.data import get_dataset_args, make_dataset

    options = get_dataset_args()
    options.num_samples, options.train_split, options.seed = 3000, 0.5, 1000 + seed
    made = make_dataset(options)
    x, x_test = (made[name].astype("float32")[..., None] for name in ("x", "x_test"))
    return Split(x, np.array(made["y"]), x_test, np.array(made["y_test"]))
