"""Functions that call a function."""

from __future__ import annotations

import pytest

from orderlint.source.library import functional
from tests.source.running import flow, interpreter, python_value

HEADER = "import functools\nfrom functools import partial, reduce\nfrom keras import Input, layers\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("list(map(lambda x: x + 1, [1, 2]))", [2, 3]),
        ("list(map(lambda x, y: x + y, [1, 2], [3, 4]))", [4, 6]),
        ("list(filter(lambda x: x > 1, [1, 2]))", [2]),
        ("list(filter(None, [0, 1]))", [1]),
        ("reduce(lambda a, b: a * b, [2, 3, 4])", 24),
        ("reduce(lambda a, b: a * b, [2, 3], 10)", 60),
        ("functools.partial(max, 7)(3)", 7),
    ],
)
def test_functions_are_called_on_each_element(expression: str, wanted: object) -> None:
    """With a known function over known elements the result is Python's."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_a_layer_class_is_kept_with_its_arguments() -> None:
    """`partial(layers.Dense, 8)` is called later with the rest."""
    m = interpreter(f"{HEADER}make = partial(layers.Dense, 8)\ny = make(activation='relu')(Input((3,)))\n")
    assert flow(m) == [("Input", "Dense")]
    assert m.recorder.calls[1].facts["activation"] == "relu"


def test_layers_are_folded_over_a_tensor() -> None:
    """`reduce(lambda x, f: f(x), layers, x)` applies the layers one after the other."""
    m = interpreter(f"{HEADER}y = reduce(lambda x, f: f(x), [layers.Dense(3), layers.ReLU()], Input((3,)))\n")
    assert flow(m) == [("Input", "Dense"), ("Dense", "ReLU")]


def test_map_over_a_conditional_element_calls_on_its_paths() -> None:
    """A layer for an element that is there on some paths is applied on those."""
    text = "a = [1]\nif deep:\n    a.append(2)\nys = list(map(lambda n: layers.Dense(n)(Input((3,))), a))\n"
    m = interpreter(HEADER + text)
    guards = [call.guard for call in m.recorder.calls if call.layer == "Dense"]
    assert len(guards) == 2
    assert not guards[0].implies(guards[1])
    assert "builtins.map" in functional.FUNCTIONS
