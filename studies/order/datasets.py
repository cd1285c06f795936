"""Data that packages ship: nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = ["Split", "split"]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Examples to train on and to test on, with the numbers of their classes."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@lru_cache(None)
def split(name: str, seed: int) -> Split:
    """The data of a seed.

    Args:
        name: `digits`: scikit-learn's 8 × 8 digits, 600 of 1,797 to train on. `mnist1d`: signals of length 40, made
            anew for each seed, half of 3,000 to train on.
    """
    if name == "mnist1d":
        return _mnist1d(seed)
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    numbers = np.random.default_rng(seed).permutation(len(x))
    x = (x / 16.0).astype("float32")[numbers]
    return Split(x[:600], y[numbers][:600], x[600:], y[numbers][600:])


def _mnist1d(seed: int) -> Split:
    from mnist1d.data import get_dataset_args, make_dataset

    options = get_dataset_args()
    options.num_samples, options.train_split, options.seed = 3000, 0.5, 1000 + seed
    made = make_dataset(options)
    x, x_test = (made[name].astype("float32")[..., None] for name in ("x", "x_test"))
    return Split(x, np.array(made["y"]), x_test, np.array(made["y_test"]))
