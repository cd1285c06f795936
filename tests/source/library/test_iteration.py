"""Functions that iterate over iterables."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers, truth
from orderlint.source.state.values import Const, restrict
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "from itertools import chain, islice, repeat\nfrom tqdm import tqdm\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("zip([1, 2], 'ab')", ((1, "a"), (2, "b"))),
        ("zip([1, 2, 3], 'ab')", ((1, "a"), (2, "b"))),
        ("enumerate('ab', 5)", ((5, "a"), (6, "b"))),
        ("enumerate('ab', start=1)", ((1, "a"), (2, "b"))),
        ("reversed([1, 2])", (2, 1)),
        ("chain([1], (2,))", (1, 2)),
        ("chain.from_iterable([[1], [2, 3]])", (1, 2, 3)),
        ("list(repeat('a', 2))", ["a", "a"]),
        ("list(repeat(1, times=-1))", []),
        ("islice((1, 2, 3), 2)", (1, 2)),
        ("islice((1, 2, 3), 1, None)", (2, 3)),
        ("islice((1, 2, 3), 0, 3, 2)", (1, 3)),
        ("list(islice([1, 2, 3], 5))", [1, 2, 3]),
        ("tqdm([1])", [1]),
        ("next(iter([1, 2]))", 1),
    ],
)
def test_known_iterables_are_walked_as_python_does(expression: str, wanted: object) -> None:
    """The result for known elements is the same as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_next_takes_the_first_element_away() -> None:
    """Two calls of `next` return the first and the second element."""
    m = interpreter("walk = iter([1, 2])\na = next(walk)\nb = next(walk)\n")
    assert (python_value(m, "a"), python_value(m, "b")) == (1, 2)


@pytest.mark.parametrize("expression", ["repeat(1)", "repeat(1, n)", "islice(a, n)", "islice(a)"])
def test_what_is_not_known_of_an_iterable_is_not_made_up(expression: str) -> None:
    """The number of elements or the end of the range may be unknown."""
    assert is_unknown(interpreter(HEADER), expression)


def test_an_unknown_iterable_is_as_long_as_the_known_one() -> None:
    """`zip(filters, rates)` with known filters gives one row for each filter."""
    m = interpreter()
    assert len(containers.iterate(m, value_of(m, "zip([1, 2, 3], rates)"))) == 3


@pytest.mark.parametrize(
    "text",
    [
        "a = [1] if small else [2, 3]\n",
        "a = [2, 3]\nif small:\n    a = [1]\n",
        "a = [1]\nif not small:\n    a.insert(0, 2)\n    a[1] = 3\n",
    ],
)
def test_rows_pair_what_is_at_the_same_place_on_each_path(text: str) -> None:
    """On each path the first element is paired with the first of the other list, and no further rows exist."""
    m = interpreter(text)
    first, second = containers.iterate(m, value_of(m, "zip(a, 'xyz')"))
    small = truth.of(m, value_of(m, "small"))
    assert (first.guard, second.guard) == (ALWAYS, ~small)
    rows = [
        [restrict(part.value, when) for part in containers.iterate(m, row.value)]
        for row, when in ((first, small), (first, ~small), (second, ~small))
    ]
    assert rows == [[Const(1), Const("x")], [Const(2), Const("x")], [Const(3), Const("y")]]


def test_a_row_is_there_where_all_its_parts_are() -> None:
    """A row with a conditional element exists only where that element does."""
    m = interpreter("a = [1]\nif deep:\n    a.append(2)\n")
    first, second = containers.iterate(m, value_of(m, "zip(a, 'xy')"))
    assert first.guard is ALWAYS
    assert second.guard is truth.of(m, value_of(m, "deep"))
