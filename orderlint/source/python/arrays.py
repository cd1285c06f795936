"""Arrays of NumPy: lists of numbers with elementwise arithmetic (`np.linspace(0, 0.2, depth) * 2`)."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    Condition,
    Const,
    Element,
    ListObject,
    Sequence,
    Unknown,
    Value,
    certain,
    is_data,
)

__all__ = ["each", "of_list", "pairwise"]


def of_list(m: Machine, value: Value) -> Value:
    """`np.array(value)`: an array whose rows are arrays. A value that may hold more than numbers stays unchanged."""
    values = _values(m, value)
    if values is None or m.is_array(value):
        return value
    rows = [of_list(m, one) for one in values]
    return m.new_array(rows) if all(is_data(one) or m.is_array(one) for one in rows) else value


def each(m: Machine, array: Value, of_one: Callable[[Value], Value]) -> Value | None:
    """Apply a function to each number of an array; return `None` if their count is not known."""
    values = _values(m, array)
    return m.new_array([of_one(one) for one in values]) if values is not None else None


def pairwise(m: Machine, left: Value, right: Value, of_two: Callable[[Value, Value], Value]) -> Value | None:
    """Apply a function to each pair of numbers of two arrays. One side may be a single number.

    Returns:
        The array of the results; `None` if the lengths differ or are not known.
    """
    sides = [_values(m, side) for side in (left, right)]
    number = max((len(side) for side in sides if side is not None), default=0)
    rows = [
        [one] * number if values is None and _is_number(one) else values
        for values, one in zip(sides, (left, right), strict=True)
    ]
    pairs = [row for row in rows if row is not None and len(row) == number]
    if len(pairs) < 2:
        return None
    return m.new_array([of_two(one, other) for one, other in zip(*pairs, strict=True)])


def _values(m: Machine, value: Value) -> list[Value] | None:
    """The values in a list or tuple; `None` if some are uncertain, and for other kinds of values."""
    if isinstance(value, ListObject):
        elements: tuple[Element, ...] = m.elements(value.uid)
    elif isinstance(value, Sequence):
        elements = value.elements
    else:
        return None
    return [element.value for element in elements] if all(map(certain, elements)) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, (Const, Condition)) or (isinstance(value, Unknown) and value.scalar)
