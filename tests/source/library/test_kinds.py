"""What modeled functions have in common: walking iterables side by side."""

from __future__ import annotations

from orderlint.graph.guards import ALWAYS
from orderlint.source.library.kinds import all_present, columns
from orderlint.source.state.values import Const, Element
from tests.source.running import interpreter, value_of


def test_unknown_columns_are_as_long_as_the_longest_known() -> None:
    """Beside a known iterable an unknown one has as many elements; alone it has two, and a spare one."""
    m = interpreter()
    known, unknown = value_of(m, "[1, 2, 3]"), value_of(m, "rates")
    assert [num_run(column) for column in columns(m, [known, unknown])] == [3, 3]
    assert [num_run(column) for column in columns(m, [unknown])] == [2]


def num_run(column: list[Element]) -> int:
    """How many elements every loop walks, the spare ones left out."""
    return sum(element.iteration is None or not element.iteration.is_spare for element in column)


def test_all_are_present_where_each_is() -> None:
    """The guard of a row is the conjunction of those of its elements."""
    m = interpreter()
    g, h = m.conditions.opaque("g"), m.conditions.opaque("h")
    assert all_present((Element(Const(1), g), Element(Const(2), h))) is g & h
    assert all_present(()) is ALWAYS
