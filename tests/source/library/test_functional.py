"""Functions that call other functions."""

from __future__ import annotations

import pytest

from orderlint.source.library import functional
from tests.source.running import flow, interpreter, is_unknown, python_value

HEADER = """\
import functools
from functools import partial, reduce
from itertools import accumulate, starmap
from keras import Input, layers
"""


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
        ("accumulate([1, 2, 3])", [1, 3, 6]),
        ("accumulate([2, 3], lambda a, b: a * b, initial=10)", [10, 20, 60]),
        ("accumulate([])", []),
        ("starmap(lambda a, b: a * b, [(1, 2), (3, 4)])", [2, 12]),
        ("starmap(lambda a, b: a * b, zip([1, 3], [2, 4]))", [2, 12]),
    ],
)
def test_functions_are_called_on_each_element(expression: str, wanted: object) -> None:
    """The result of a known function on known elements is the same as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_a_layer_class_is_kept_with_its_arguments() -> None:
    """`partial(layers.Dense, 8)` is called later with the remaining arguments."""
    m = interpreter(f"{HEADER}make = partial(layers.Dense, 8)\ny = make(activation='relu')(Input((3,)))\n")
    assert flow(m) == [("Input", "Dense")]
    assert m.recorder.calls[1].facts["activation"] == "relu"


def test_layers_are_folded_over_a_tensor() -> None:
    """`reduce(lambda x, f: f(x), layers, x)` applies the layers in order."""
    m = interpreter(f"{HEADER}y = reduce(lambda x, f: f(x), [layers.Dense(3), layers.ReLU()], Input((3,)))\n")
    assert flow(m) == [("Input", "Dense"), ("Dense", "ReLU")]


def test_each_step_of_a_fold_is_kept() -> None:
    """`accumulate` gives the output of each layer."""
    m = interpreter(
        f"{HEADER}found = list(accumulate([layers.Dense(3), layers.ReLU()], lambda x, f: f(x), initial=Input((3,))))\n"
        "layers.Add()([found[1], found[2]])\n"
    )
    assert flow(m) == [("Input", "Dense"), ("Dense", "ReLU"), ("Dense", "Add"), ("ReLU", "Add")]


def test_rows_are_arguments() -> None:
    """`starmap` constructs a layer from each row; unknown rows give unknown layers."""
    m = interpreter(f"{HEADER}for layer in starmap(layers.Conv2D, [(8, 3), (16, 5)]):\n    layer(Input((9, 9, 1)))\n")
    assert [call.layer for call in m.recorder.calls] == ["Input", "Conv2D"] * 2
    assert is_unknown(m, "starmap(layers.Conv2D, [(8, 3), row])")


def test_map_over_a_conditional_element_calls_on_its_paths() -> None:
    """A layer for a conditional element is applied only on the paths that have the element."""
    text = "a = [1]\nif deep:\n    a.append(2)\nys = list(map(lambda n: layers.Dense(n)(Input((3,))), a))\n"
    m = interpreter(HEADER + text)
    guards = [call.guard for call in m.recorder.calls if call.layer == "Dense"]
    assert len(guards) == 2
    assert not guards[0].implies(guards[1])
    assert "builtins.map" in functional.FUNCTIONS


def test_a_wrapper_that_is_named_after_a_function_is_itself() -> None:
    """`wraps` and `update_wrapper` return the wrapper."""
    text = f"{HEADER}def f(x): return x\n@functools.wraps(f)\ndef g(x): return f(x) + 1\n"
    m = interpreter(f"{text}h = functools.wraps(f)(g)\ni = functools.update_wrapper(g, f)\ny = g(1), h(1), i(1)\n")
    assert python_value(m, "y") == (2, 2, 2)
