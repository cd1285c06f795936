"""Shared code of modeled functions: iterating over several iterables in parallel."""

from __future__ import annotations

from orderlint.graph.guards import ALWAYS
from orderlint.source.library.kinds import all_present, columns
from orderlint.source.state.values import Const, Element
from tests.source.running import interpreter, value_of


def test_unknown_columns_are_as_long_as_the_longest_known() -> None:
    """An unknown iterable is as long as the longest known one; alone it has two elements, and a spare one."""
    m = interpreter()
    known, unknown = value_of(m, "[1, 2, 3]"), value_of(m, "rates")
    assert [num_run(column) for column in columns(m, [known, unknown])] == [3, 3]
    assert [num_run(column) for column in columns(m, [unknown])] == [2]


def num_run(column: list[Element]) -> int:
    """The number of elements that every loop iterates over, without the spare ones."""
    return sum(element.iteration is None or not element.iteration.is_spare for element in column)


def test_all_are_present_where_each_is() -> None:
    """The guard of a row is the conjunction of those of its elements."""
    m = interpreter()
    g, h = m.conditions.opaque("g"), m.conditions.opaque("h")
    assert all_present((Element(Const(1), g), Element(Const(2), h))) is g & h
    assert all_present(()) is ALWAYS
