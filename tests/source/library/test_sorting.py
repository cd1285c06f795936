"""Sorting, and functions that make its keys."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS
from orderlint.source.library import sorting
from orderlint.source.python import containers, truth
from orderlint.source.state.values import Unknown
from tests.source.running import flow, interpreter, is_unknown, python_value, value_of

HEADER = "from operator import attrgetter, itemgetter\nfrom keras import Input, layers\n"
PARTS = """\
parts = [(2, layers.BatchNormalization()), (3, layers.ReLU()), (1, layers.Dropout(0.5))]
"""
APPLY = "x = Input((3,))\nfor part in {}:\n    x = part[1](x)\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("sorted([3, 1, 2])", [1, 2, 3]),
        ("sorted([3, 1, 2], reverse=True)", [3, 2, 1]),
        ("sorted('bab')", ["a", "b", "b"]),
        ("sorted([-3, 2, 1], key=abs)", [1, 2, -3]),
        ("sorted(['bb', 'a'], key=lambda one: len(one))", ["a", "bb"]),
        ("sorted({'b': 1, 'a': 2}.items())", [("a", 2), ("b", 1)]),
        ("sorted([(1, 'b'), (2, 'a')], key=itemgetter(1))", [(2, "a"), (1, "b")]),
        ("sorted([True, False])", [False, True]),
        ("itemgetter(0, 2)('abc')", ("a", "c")),
        ("sorted([])", []),
    ],
)
def test_known_elements_are_sorted_as_python_does(expression: str, wanted: object) -> None:
    """Known elements are sorted by the same keys as in Python, also in reverse."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_a_list_is_sorted_in_place() -> None:
    """`list.sort` changes the list and returns `None`."""
    m = interpreter("a = [1, 3, 2]\nb = a\nfound = a.sort(reverse=True)\n")
    assert python_value(m, "(b, found)") == ([3, 2, 1], None)


@pytest.mark.parametrize("key", ["itemgetter(0)", "lambda part: part[0]", "None"])
@pytest.mark.parametrize("form", ["sorted(parts, key={})", "parts"])
def test_layers_are_applied_in_the_order_of_their_keys(key: str, form: str) -> None:
    """The order of the layers in the list makes no difference."""
    sort = f"parts.sort(key={key})\n" if form == "parts" else ""
    m = interpreter(HEADER + PARTS + sort + APPLY.format(form.format(key)))
    assert flow(m) == [("Input", "Dropout"), ("Dropout", "BatchNormalization"), ("BatchNormalization", "ReLU")]


@pytest.mark.parametrize("key", ["lambda part: order[part[0]]", "lambda part: part[1]"])
def test_an_order_that_is_not_known_is_none(key: str) -> None:
    """If the order of layers is unknown, they are not applied in an order that may be wrong."""
    m = interpreter(HEADER + PARTS + APPLY.format(f"sorted(parts, key={key})"))
    assert not {"Dropout", "BatchNormalization"} & {name for edge in flow(m) for name in edge}
    m = interpreter(HEADER + PARTS + f"parts.sort(key={key})\n")
    assert all(isinstance(one.value, Unknown) for one in containers.iterate(m, value_of(m, "parts")))


def test_numbers_whose_order_is_not_known_stay() -> None:
    """The order of numbers matters less than how many there are."""
    m = interpreter("sizes = sorted([n, 8, 16])\n")
    assert len(containers.iterate(m, value_of(m, "sizes"))) == 3


def test_an_element_keeps_the_paths_on_which_it_is_there() -> None:
    """An element that is present on some paths only is sorted among the others."""
    m = interpreter("a = [3, 1]\nif deep:\n    a.append(2)\na = sorted(a)\n")
    deep = truth.of(m, value_of(m, "deep"))
    assert [element.guard for element in containers.iterate(m, value_of(m, "a"))] == [ALWAYS, deep, ALWAYS]


def test_attributes_are_keys() -> None:
    """`attrgetter` also gets attributes of attributes."""
    text = "class A:\n    def __init__(self, n):\n        self.n = n\n        self.me = self\n"
    m = interpreter(HEADER + text + "found = [a.n for a in sorted([A(2), A(1)], key=attrgetter('me.n'))]\n")
    assert python_value(m, "found") == [1, 2]
    assert is_unknown(m, "attrgetter(name)(A(1))")
    assert "operator.attrgetter" in sorting.FUNCTIONS
