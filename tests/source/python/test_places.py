"""Indices that count the iterations of a loop, in lists of about the same length."""

from __future__ import annotations

import pytest

from orderlint.source.python import iterations
from orderlint.source.python.places import place_of
from orderlint.source.state.values import Const, Unknown
from tests.source.running import interpreter


@pytest.mark.parametrize(("first", "more", "to_end"), [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, -1), (0, -1, 2)])
def test_the_last_iteration_is_so_far_from_the_end(first: int, more: int, to_end: int) -> None:
    """The loop is `for i in range(first, first + n)`, with the index `i + more` in a list of `n + 1` elements."""
    m = interpreter()
    length = m.fresh("length")
    count = iterations.index(m, ((length, 0),), first, 1)
    index = m.unknown(("operation", "+", count, Const(more))) if more else count
    place = place_of(index, ((length, 1),))
    assert place is not None
    assert (place.number, place.to_end, place.iteration) == (first + 1 + more, to_end, 1)


def test_other_indices_have_no_place() -> None:
    """Indices of another loop, sums of two indices, and numbers have no place."""
    m = interpreter()
    length, other = m.fresh("length"), m.fresh("length")
    count = iterations.index(m, ((other, 0),), 0, 1)
    assert isinstance(count, Unknown)
    for index in (count, m.unknown(("operation", "+", count, count)), length, Const(1)):
        assert place_of(index, ((length, 1),)) is None
