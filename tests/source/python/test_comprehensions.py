"""Comprehensions: their elements and their own scope."""

from __future__ import annotations

import pytest

from orderlint.source.python.comprehensions import MOST_DATA
from orderlint.source.state.values import Choice, ListObject, Unknown
from tests.source.running import interpreter, python_value, value_of


def test_the_variables_of_a_comprehension_are_its_own() -> None:
    """A comprehension binds no names outside."""
    assert python_value(interpreter("i = 7\na = [i for i in range(3)]\n"), "i") == 7


def test_a_comprehension_over_an_unknown_has_doubtful_elements() -> None:
    """For an unknown iterable, the first element is present, and each later one if the iteration continues."""
    m = interpreter("from keras import layers\na = [layers.ReLU() for b in blocks]\n")
    assert isinstance(value_of(m, "len(a)"), Choice)


def test_data_for_each_element_of_an_unknown_is_as_long_as_that() -> None:
    """`[1 for b in blocks]` is as long as `blocks`; a condition or a nested loop changes the length."""
    m = interpreter("a, b = [1 for b in blocks], [1 for b in blocks if b]\nc = [1 for b in blocks for d in b]\n")
    assert value_of(m, "len(a)") == value_of(m, "len(blocks)")
    assert value_of(m, "len(b)") != value_of(m, "len(blocks)")
    assert value_of(m, "len(c)") != value_of(m, "len(blocks)")


@pytest.mark.parametrize(
    ("element", "is_evaluated"),
    [("(i, i)", False), ("i + 1", False), ("layers.Dense(i)", True), ("layers.Dense(1)(x)", True)],
)
def test_data_is_evaluated_for_hundreds_of_elements_only(element: str, is_evaluated: bool) -> None:
    """A table of thousands of colors has its length, but only hundreds are evaluated; all layers are constructed."""
    m = interpreter("from keras import Input, layers\nx = Input((8,))\n")
    made = value_of(m, f"[{element} for i in range({MOST_DATA + 100})]")
    assert isinstance(made, ListObject)
    values = [element.value for element in m.elements(made.uid)]
    assert len(values) == MOST_DATA + 100
    assert isinstance(values[-1], Unknown) is not is_evaluated
    assert len(set(values)) == MOST_DATA + 100, "no two elements are taken to be the same"


def test_rows_of_data_are_evaluated_for_hundreds_of_data_only() -> None:
    """A table of positions takes no more steps if it is longer, and its rows are not taken for numbers."""
    steps = []
    for count in (400, 4_000):
        m = interpreter(f"def rows(width):\n    return [[i / width for i in range(width)] for j in range({count})]\n")
        before = m.steps_left
        made = value_of(m, "rows(20)")
        assert isinstance(made, ListObject)
        values = [element.value for element in m.elements(made.uid)]
        assert len(values) == count
        assert isinstance(values[0], ListObject)
        assert isinstance(values[-1], Unknown)
        assert not values[-1].scalar
        steps.append(before - m.steps_left)
    assert steps[0] == steps[1]


@pytest.mark.parametrize("row", ["[layers.ReLU()]", "kept", "[x]"])
def test_rows_of_anything_else_are_all_evaluated(row: str) -> None:
    """Lists of layers or tensors, and existing lists, are evaluated for each element."""
    m = interpreter("from keras import Input, layers\nx = Input((8,))\nkept = [1]\n")
    made = value_of(m, f"[{row} for i in range({MOST_DATA + 100})]")
    assert isinstance(made, ListObject)
    assert all(isinstance(element.value, ListObject) for element in m.elements(made.uid))


def test_thousands_of_data_take_the_steps_of_hundreds() -> None:
    """Only the first hundreds of elements of a comprehension of data are evaluated."""
    steps = []
    for count in (400, 4_000):
        m = interpreter("import os\nsizes = {'a': 1, 'b': 2}\n")
        before = m.steps_left
        made = value_of(m, f"[str(i) for i in range(sizes[os.environ['size']] * {count})]")
        assert isinstance(made, ListObject)
        steps.append(before - m.steps_left)
    assert steps[0] == steps[1]
