"""`while` loops: run to their end if it is known, else a few times."""

from __future__ import annotations

import pytest

from orderlint.source.python import whiles
from tests.source.running import by_python, flow, interpreter, layers_of, python_value

HEADER = "from keras import Input, layers\nx = Input((3,))\n"


@pytest.mark.parametrize(
    "code",
    [
        "a = 0\nwhile a < 5:\n    a += 2\n",
        "a = 0\ns = [1, 2, 3, 4, 5]\nwhile s.pop(0) < 3:\n    a += 1\n",
        "a = 0\ns = [1, 2, 3, 4, 5]\nwhile s and s.pop(0) < 3:\n    a += 1\n",
        "a = 0\nwhile True:\n    a += 1\n    if a > 3: break\n",
        "a = 0\nwhile a < 3:\n    a += 1\nelse:\n    a = 7\n",
    ],
)
def test_known_iterations_are_run_as_in_python(code: str) -> None:
    """A loop with a known test has the same result as in Python."""
    assert python_value(interpreter(code), "a") == by_python(code, "a")


def test_a_loop_runs_at_least_once() -> None:
    """The first iteration of an undecided `while` is not skipped, so no edge bypasses the loop."""
    m = interpreter(f"{HEADER}while more:\n    x = layers.Dense(3)(x)\ny = layers.ReLU()(x)\n")
    assert ("Input", "ReLU") not in flow(m)


def test_a_loop_that_nothing_decides_can_follow_itself() -> None:
    """The body runs twice, and no more."""
    m = interpreter(f"{HEADER}while more():\n    x = layers.Dense(3)(x)\n")
    assert ("Dense", "Dense") in flow(m)
    assert layers_of(m).count("Dense") == whiles.UNKNOWN_ITERATIONS


def test_a_loop_that_asks_for_a_tensor_has_no_end() -> None:
    """`x is not None` holds after every layer, so further iterations show nothing new."""
    m = interpreter(f"{HEADER}while x is not None:\n    x = layers.Dense(3)(x)\n")
    assert ("Dense", "Dense") in flow(m)
    assert layers_of(m).count("Dense") == whiles.UNKNOWN_ITERATIONS


def test_a_chain_of_objects_comes_to_an_end() -> None:
    """A loop over linked objects with `is not None` runs to the last one."""
    m = interpreter(
        f"{HEADER}class Part:\n    def __init__(self, layer, after):\n"
        "        self.layer, self.after = layer, after\n"
        "part = None\nfor units in range(5):\n    part = Part(layers.Dense(units), part)\n"
        "while part is not None:\n    x = part.layer(x)\n    part = part.after\n"
        "x = layers.ReLU()(x)\n"
    )
    assert layers_of(m).count("Dense") == 5
    assert ("Dense", "ReLU") in flow(m)


def test_a_list_that_is_emptied_comes_to_an_end() -> None:
    """Each element of the list has an iteration, even if the number of elements is unknown."""
    stack = ", ".join(f"layers.Dense({units})" for units in range(5))
    m = interpreter(
        f"{HEADER}stack = [{stack}]\nif wide: stack.append(layers.ReLU())\nwhile stack:\n    x = stack.pop()(x)\n"
    )
    assert layers_of(m).count("Dense") >= 5


@pytest.mark.parametrize(
    ("test", "step"),
    [
        ("n > 0", "n -= 1"),
        ("n", "n -= 1"),
        ("0 < n", "n = n - 1"),
        ("i < n", "i += 1"),
        ("len(stack) > 1", "del stack[0]"),
    ],
)
def test_what_is_counted_down_from_one_of_two_numbers_comes_to_an_end(test: str, step: str) -> None:
    """The larger number bounds the iterations in either direction, and so does the length of a list."""
    m = interpreter(
        f"{HEADER}n, i, stack = 3, 0, [1, 2, 3]\nif wide:\n    n = 6\n    stack += [4, 5, 6]\n"
        f"while {test}:\n    x = layers.Dense(3)(x)\n    {step}\n"
    )
    assert 5 <= layers_of(m).count("Dense") <= 7


def test_a_loop_without_an_end_is_left() -> None:
    """Only a `break` leaves `while True`."""
    m = interpreter(f"{HEADER}while True:\n    x = layers.Dense(3)(x)\n    if stop(): break\nx = layers.ReLU()(x)\n")
    assert ("Dense", "ReLU") in flow(m)
    assert ("Input", "ReLU") not in flow(m)
