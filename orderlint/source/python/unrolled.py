"""Lists of unknown length in loops, also with a known first or last element: `sizes[1:] + [None]`.

Such a list is as long as its unknown part and its known end together. So a loop over it meets the known element in its
first or its last iteration. A `zip` aligns it with the list that it was made from:

    for size, following in zip(sizes, sizes[1:] + [None]):
        x = layers.Dense(size)(x)
        if following is not None:        # in all iterations but the last
            x = layers.ReLU()(x)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import iterations
from orderlint.source.python.places import Place, place_of
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, Element, Iteration, Unknown, Value

__all__ = ["at", "in_iterations", "later", "length", "with_ends"]

_SURE = (
    iterations.UNROLLED - 1
)  # elements of an unknown list, without the one that is only for the last iteration of a loop


class _Ends(NamedTuple):
    """The elements of a list of unknown length, and the known element before or after them."""

    inner: Sequence[Element]
    first: Value | None
    last: Value | None
    lengths: iterations.Lengths


def in_iterations(m: Machine, values: Iterable[Value], lengths: iterations.Lengths, count: int = 2) -> list[Element]:
    """The elements of an iterable of unknown length. After the first `count`, only loops that need them see them."""
    return [
        Element(one, guard, iteration=Iteration(lengths, i, is_spare=i >= count))
        for i, (one, guard) in enumerate(zip(values, iterations.going_on(m, lengths)))  # noqa: B905  # guards without end
    ]


def with_ends(m: Machine, elements: Sequence[Element]) -> list[Element] | None:
    """The elements of a list with a known end, one for each iteration of a loop; `None` for any other list."""
    if len(elements) > _SURE + 2:
        return None
    ends = _ends([element for element in elements if element.iteration is None or not element.iteration.is_spare])
    return in_iterations(m, _values(m, ends), ends.lengths) if ends is not None else None


def at(m: Machine, elements: Sequence[Element], index: Value) -> Value | None:
    """The element of a list with a known end in an iteration of a loop; `None` if it is not known."""
    ends = _ends(elements)
    if ends is None:
        return None
    place = place_of(index, ends.lengths)
    if place is not None:
        return _of_iteration(m, ends, place)
    number = index.nth if isinstance(index, Unknown) else index.value if isinstance(index, Const) else None
    if not isinstance(number, int):
        return None
    if number == -1 and ends.last is not None:
        return ends.last
    if number < 0:
        return None
    values = _values(m, ends)
    return values[min(number, len(values) - 1)] if number < len(values) or isinstance(index, Unknown) else None


def _of_iteration(m: Machine, ends: _Ends, place: Place) -> Value | None:
    """The element at an index that counts the iterations of a loop with nearly the same length as the list."""
    _values(m, ends)  # this notes what is known of the elements
    number = place.number - (ends.first is not None)
    if number < 0:
        return ends.first if number == -1 else None
    values = _extended(m, [element.value for element in ends.inner], number + 1)
    if ends.last is None or place.to_end > 0:
        return values[number]
    if place.to_end < 0:
        return None
    is_last = iterations.is_last(m, place.lengths, place.iteration)
    return m.choose([(~is_last, values[number]), (is_last, ends.last)])


def length(m: Machine, elements: Sequence[Element]) -> Value | None:
    """The length of a list that is as long as an unknown one, maybe with a known end; `None` for any other list."""
    ends = _ends(elements)
    lengths = ends.lengths if ends is not None else _lengths(elements)
    if lengths is None:
        return None
    ((base, more),) = lengths
    return m.unknown(("operation", "+", base, Const(more)), scalar=True) if more else base


def later(m: Machine, elements: Sequence[Element]) -> list[Element] | None:
    """All elements but the first of a list that is as long as an unknown one, maybe with a known last element."""
    sure = [element for element in elements if element.iteration is None or not element.iteration.is_spare]
    ends = _ends(sure)
    inner, lengths = (ends.inner, ends.lengths) if ends is not None else (sure, _lengths(sure))
    if lengths is None or not _continue(inner):
        return None
    has_first = ends is not None and ends.first is not None
    values = _extended(m, [element.value for element in (inner if has_first else inner[1:])], iterations.UNROLLED)
    if ends is None or has_first:
        return in_iterations(m, values, _less(lengths))
    assert ends.last is not None
    found = in_iterations(m, values[:_SURE], _less(_less(lengths)))
    return [*found, Element(ends.last)]


def _extended(m: Machine, values: list[Value], count: int) -> list[Value]:
    """At least `count` values. Further ones are like the last one."""
    while len(values) < count:
        last = values[-1]
        is_open = isinstance(last, Unknown)
        values.append(m.unknown(("after", last), scalar=True, nth=len(values)) if is_open else last)
    return values


def _continue(elements: Sequence[Element]) -> bool:
    """Whether it is known how elements continue: all are unknown, or all are the same value (`[8] * n`)."""
    values = [element.value for element in elements]
    return all(isinstance(value, Unknown) for value in values) or all(value == values[0] for value in values)


def _less(lengths: iterations.Lengths) -> iterations.Lengths:
    return tuple((base, more - 1) for base, more in lengths)


def _ends(elements: Sequence[Element]) -> _Ends | None:
    if len(elements) != _SURE + 1 or (elements[0].iteration is None) is (elements[-1].iteration is None):
        return None
    is_last = elements[-1].iteration is None
    end, inner = (elements[-1], elements[:-1]) if is_last else (elements[0], elements[1:])
    lengths = _lengths(inner)
    if lengths is None or end.guard is not ALWAYS:
        return None
    ((base, more),) = lengths
    return _Ends(inner, None if is_last else end.value, end.value if is_last else None, ((base, more + 1),))


def _lengths(elements: Sequence[Element]) -> iterations.Lengths | None:
    """The length of the unknown list, if these are all of its elements; else `None`."""
    iteration = elements[0].iteration if len(elements) == _SURE else None
    if iteration is None or len(iteration.lengths) != 1:
        return None
    of_all = [Iteration(iteration.lengths, number) for number in range(_SURE)]
    return iteration.lengths if [element.iteration for element in elements] == of_all else None


def _values(m: Machine, ends: _Ends) -> list[Value]:
    """The element of each iteration. An unknown list is not empty, but a slice of one may be (`sizes[1:]`)."""
    if ends.lengths[0][1] > 0:
        m.refuse(unless=iterations.goes_on(m, ends.lengths, 1))
    inner = [element.value for element in ends.inner]
    if NONE in (ends.first, ends.last):  # it marks the end, so the other elements are not `None`
        for value in inner:
            if isinstance(value, Unknown):
                m.refuse(unless=~m.conditions.equal(value, NONE))
    if ends.first is not None:
        return [ends.first, *inner]
    assert ends.last is not None
    m.asked.update(ends.lengths)
    values: list[Value] = []
    for number, value in enumerate(inner):
        goes_on = iterations.goes_on(m, ends.lengths, number + 1)
        values.append(m.choose([(goes_on, value), (~goes_on, ends.last)]))
    return [*values, ends.last]
