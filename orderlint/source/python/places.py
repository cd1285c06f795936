"""Indices that count the iterations of a loop, as positions in a list of similar length: `(sizes + [None])[i + 1]`."""

from __future__ import annotations

from typing import NamedTuple

from orderlint.source.python import iterations
from orderlint.source.state.values import Unknown, Value

__all__ = ["Place", "place_of"]


class Place(NamedTuple):
    """The position of an index that counts the iterations of a loop, in a list.

    Attributes:
        number: The position from the start.
        to_end: How far the index in the last iteration is from the last element.
        lengths: The length of the loop.
        iteration: The iteration of the loop.
    """

    number: int
    to_end: int
    lengths: iterations.Lengths
    iteration: int


def place_of(index: Value, lengths: iterations.Lengths) -> Place | None:
    """The position of an index in a list; `None` if it does not count the iterations of a loop of similar length."""
    found = iterations.linear(index) if isinstance(index, Unknown) else None
    if found is None or list(found[0].values()) != [1] or len(lengths) != 1:
        return None
    count, more = iterations.count_of(next(iter(found[0]))), found[1]
    if count is None or len(count.lengths) != 1 or count.lengths[0][0] != lengths[0][0]:
        return None
    of_last = count.first + count.lengths[0][1] + more
    return Place(count.least + more, lengths[0][1] - of_last, count.lengths, count.iteration)
