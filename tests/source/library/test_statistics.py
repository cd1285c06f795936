"""Means and variances: statistics of each example are distinguished from those of the batch."""

from __future__ import annotations

import pytest

from orderlint.source.library.statistics import FUNCTIONS
from orderlint.source.state.values import Tensor
from tests.source.running import interpreter, value_of

HEADER = "import tensorflow as tf\nfrom keras import Input, backend as K\nx = Input((3, 3, 3))\naxes = [2, 1]\n"


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("tf.nn.moments(x, axes=[1, 2])", True),
        ("tf.nn.moments(x, axes)", True),
        ("tf.nn.moments(x, -1, keepdims=True)", True),
        ("tf.reduce_mean(x, axis=(1, 2))", True),
        ("tf.math.reduce_mean(x, reduction_indices=[1])", True),
        ("K.mean(x, axis=-1)", True),
        ("tf.nn.moments(x, [0, 1, 2])", False),
        ("tf.nn.moments(x, unknown)", False),
        ("tf.nn.moments(x, [1, unknown])", False),
        ("tf.nn.moments(x, [])", False),
        ("tf.reduce_mean(x)", False),
        ("tf.reduce_mean(x, None)", False),
    ],
)
def test_statistics_of_each_example_say_so(expression: str, known: bool) -> None:
    """The axes have to be known, and must not include the first one."""
    m = interpreter(HEADER)
    found = value_of(m, expression)
    assert isinstance(found, Tensor)
    assert m.recorder.calls[found.node].facts.get("per_example", False) is known


def test_numbers_have_no_statistics_of_examples() -> None:
    """A function of numbers is not a step of the network."""
    m = interpreter(HEADER)
    before = m.recorder.size
    value_of(m, "tf.reduce_mean([1.0, 2.0], 1)")
    assert m.recorder.size == before
    assert "tensorflow.nn.moments" in FUNCTIONS
