"""At which positions the elements of a list are, if some of them are present on some paths only.

In `[a, b if p, c]`, position 1 holds `b` under `p`, and `c` elsewhere. So a position has a guard for each element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Element

__all__ = ["at", "between", "counted"]

MOST_COUNTS = 12  # lengths that a list may have on different paths
_COUNTS_A_STEP = 4  # possible numbers of elements before another one: each may be present or not for each of them


def counted(m: Machine, before: Mapping[int, Guard], element: Element) -> dict[int, Guard]:
    """Update the guards of each number of present elements, for one more element.

    The guards are only valid on the current path.
    """
    if element.guard is ALWAYS or m.path.implies(element.guard):
        return {count + 1: guard for count, guard in before.items()}
    if len(before) > MOST_COUNTS:
        return dict(before)
    return _with_one_more(before, element.guard)


def at(m: Machine, elements: Sequence[Element], position: int) -> list[Guard]:
    """The guards under which each element is the one at a position: 0 is the first one, -1 the last one.

    All guards returned here are only valid on the current path.
    """
    is_backwards = position < 0
    ordered, steps = (elements[::-1], -position - 1) if is_backwards else (elements, position)
    befores = _numbers_before(m, ordered, steps)
    guards = [before.get(steps, NEVER) & element.guard for before, element in zip(befores, ordered, strict=True)]
    return guards[::-1] if is_backwards else guards


def between(m: Machine, elements: Sequence[Element], bounds: slice) -> list[Guard]:
    """The guards under which each element is part of a slice without steps."""
    guards = [m.path & element.guard for element in elements]
    for bound, is_upper in ((bounds.start, False), (bounds.stop, True)):
        if bound is None:
            continue
        fewer = _fewer_before(m, elements, bound) if bound >= 0 else _fewer_before(m, elements[::-1], -bound)[::-1]
        is_wanted = is_upper == (bound >= 0)
        guards = [guard & (few if is_wanted else ~few) for guard, few in zip(guards, fewer, strict=True)]
    return guards


def _fewer_before(m: Machine, elements: Sequence[Element], number: int) -> list[Guard]:
    """For each element, the guard under which fewer than this number of elements are before it."""
    return [union(before.values()) for before in _numbers_before(m, elements, number - 1)]


def _numbers_before(m: Machine, elements: Iterable[Element], most: int) -> Iterator[Mapping[int, Guard]]:
    """For each element, the guards under which so many elements before it are present, but not more than `most`."""
    before: dict[int, Guard] = {0: m.path} if most >= 0 else {}
    for element in elements:
        yield before
        m.tick(len(before) // _COUNTS_A_STEP)
        before = {count: guard for count, guard in _with_one_more(before, element.guard).items() if count <= most}


def _with_one_more(before: Mapping[int, Guard], there: Guard) -> dict[int, Guard]:
    """Update the guards of each number of present elements, for one more that is present under a guard."""
    absent = ~there
    after: dict[int, Guard] = {}
    for count, guard in before.items():
        for number, when in ((count, guard & absent), (count + 1, guard & there)):
            if when is not NEVER:
                after[number] = after[number] | when if number in after else when
    return after
