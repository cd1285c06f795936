"""Computes the mean and variance of each channel of a tensor, and combines those of several batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderlint.runtime.library import Library
from orderlint.runtime.measuring.arrays import array_of, view_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Moments", "averaged", "median_ratio", "moments_of", "pooled", "ratios"]

_BLOCK = 65_536  # numbers that are processed at a time, so that they stay in the cache of the CPU
_SMALLEST = 1e-3  # of the median variance; channels below it are almost constant, and their ratios are noise


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The statistics that a batch normalization computes of its input.

    Attributes:
        mean: The mean of each channel.
        variance: The mean square distance from the mean, of each channel.
        count: The number of values of each channel.
    """

    mean: np.ndarray
    variance: np.ndarray
    count: float


def moments_of(inputs: Any, axis: Sequence[int], mask: Any, library: Library) -> Moments:
    """The moments of a tensor, as batch normalization computes them.

    Args:
        inputs: A tensor of the backend. Its first axis is the batch.
        axis: The axes of the channels. The moments are computed over all other axes.
        mask: Which entries count, without the last axis; `None` for all.
        library: The generation of Keras.
    """
    import numpy as np

    num_axes = len(inputs.shape)
    channels = {number % num_axes for number in axis}
    others = tuple(number for number in range(num_axes) if number not in channels)
    if mask is not None:
        return _masked(array_of(inputs), array_of(mask), others)
    view = view_of(inputs)
    if view is not None:
        return pooled([_of_block(block) for block in _blocks(view, tuple(sorted(channels)))])
    mean, variance = (array_of(value) for value in library_moments(library, inputs, others))
    count = float(np.prod([int(inputs.shape[number]) for number in others]))
    return Moments(mean.astype("float64"), variance.astype("float64"), count)


def _blocks(array: np.ndarray, channels: tuple[int, ...]) -> Iterator[np.ndarray]:
    """The values of an array in blocks that fit into the cache, with a column for each channel."""
    import numpy as np

    rows = np.moveaxis(array, channels, range(array.ndim - len(channels), array.ndim))
    shape = rows.shape[array.ndim - len(channels) :]
    num_columns = int(np.prod(shape))
    for part in [rows] if rows.flags.c_contiguous else rows:  # otherwise, each example is copied separately
        flat = part.reshape(-1, num_columns)
        step = max(1, _BLOCK // num_columns)
        yield from (flat[start : start + step].reshape(-1, *shape) for start in range(0, len(flat), step))


def _of_block(block: np.ndarray) -> Moments:
    import numpy as np

    if block.dtype.itemsize < 4 or block.dtype.kind != "f":
        block = block.astype("float32")
    mean = block.mean(0)
    distances = block - mean
    squares = np.einsum("i...,i...->...", distances, distances)
    return Moments(mean.astype("float64"), squares.astype("float64") / len(block), len(block))


def library_moments(library: Library, inputs: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """The mean and variance, computed by the backend on its device."""
    import importlib

    if library.version == 3:
        ops = importlib.import_module("keras.src.ops")
        mean, variance = ops.moments(ops.cast(inputs, "float32"), axes=axes)
        return mean, variance
    tensorflow = importlib.import_module("tensorflow")
    mean, variance = tensorflow.nn.moments(tensorflow.cast(inputs, "float32"), axes=axes)
    return mean, variance


def _masked(inputs: np.ndarray, mask: np.ndarray, axes: tuple[int, ...]) -> Moments:
    import numpy as np

    inputs = inputs.astype("float64")
    weights = np.broadcast_to(mask.astype("float64")[..., None], inputs.shape)
    count = np.maximum(weights.sum(axes, keepdims=True), 1)
    mean = (weights * inputs).sum(axes, keepdims=True) / count
    variance = (weights * (inputs - mean) ** 2).sum(axes, keepdims=True) / count
    return Moments(np.squeeze(mean, axes), np.squeeze(variance, axes), float(count.max()))


def averaged(parts: Sequence[Moments]) -> Moments:
    """The mean of the means and of the variances. A moving average over these batches converges to it."""
    import numpy as np

    return Moments(
        np.mean([part.mean for part in parts], 0),
        np.mean([part.variance for part in parts], 0),
        sum(part.count for part in parts),
    )


def pooled(parts: Sequence[Moments]) -> Moments:
    """The moments of all batches together."""
    import numpy as np

    counts = np.array([part.count for part in parts])
    shares = (counts / counts.sum()).reshape((-1,) + (1,) * parts[0].mean.ndim)
    mean = (shares * [part.mean for part in parts]).sum(0)
    squares = (shares * [part.variance + (part.mean - mean) ** 2 for part in parts]).sum(0)
    return Moments(mean, squares, float(counts.sum()))


def ratios(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """`above / below` for the channels whose variance in `below` is not negligible; empty if there are none."""
    import numpy as np

    above, below = above.ravel(), below.ravel()
    positive = below[below > 0]
    if not positive.size:
        return np.empty(0)
    varies = below > max(1e-12, _SMALLEST * float(np.median(positive)))
    found: np.ndarray = above[varies] / below[varies]
    return found


def median_ratio(above: np.ndarray, below: np.ndarray) -> float | None:
    """The median of `above / below` over the channels (see `ratios`); `None` if there are none."""
    import numpy as np

    found = ratios(above, below)
    return float(np.median(found)) if found.size else None
