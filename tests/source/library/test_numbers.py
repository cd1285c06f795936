"""Functions that compute a scalar from scalars."""

from __future__ import annotations

import pytest

from orderlint.source.library.numbers import FUNCTIONS
from orderlint.source.state.values import Tensor, Unknown
from tests.source.running import interpreter, layers_of, python_value, value_of

HEADER = "import math\nimport numpy as np\nfrom keras import Input\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("int('3')", 3),
        ("max(2, 3)", 3),
        ("max([2, 5])", 5),
        ("round(2.6)", 3),
        ("divmod(7, 2)", (3, 1)),
        ("math.ceil(1.5)", 2),
        ("np.sqrt(9)", 3.0),
        ("str(3)", "3"),
    ],
)
def test_known_scalars_are_computed(expression: str, wanted: object) -> None:
    """The result for constants is the same as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize("expression", ["int(size)", "int('three')", "math.sqrt(-1)", "max(size, 3)"])
def test_what_is_not_known_is_a_scalar_still(expression: str) -> None:
    """The result for unknown or invalid arguments is unknown, but a scalar."""
    found = value_of(interpreter(HEADER), expression)
    assert isinstance(found, Unknown)
    assert found.scalar


def test_a_tensor_is_not_taken_for_a_scalar() -> None:
    """`abs(x)` of a tensor is an opaque call in the network."""
    m = interpreter(f"{HEADER}x = abs(Input((3,)))\n")
    assert isinstance(value_of(m, "x"), Tensor)
    assert layers_of(m) == ["Input", "abs"]


def test_what_is_modeled_is_in_the_table() -> None:
    """The keys of the table are dotted names of functions."""
    assert {"builtins.int", "math.ceil", "numpy.sqrt"} <= FUNCTIONS.keys()
