"""The element of a list that was last set under an index that is not known.

It is not known which element that is, but the same index reads it (`outputs[i] = x; y = outputs[i]`).
"""

from __future__ import annotations

from collections.abc import Callable

from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import ListObject, Sequence, Unknown, Value, sequence

__all__ = ["get", "note"]

_LATEST = "#latest"  # the index, the value, and all elements of the list at that time


def note(m: Machine, container: ListObject, index: Unknown, value: Value) -> None:
    """Note that the element at an unknown index is set."""
    m.store.write(container.uid, _LATEST, sequence(index, value, m.store.read(container.uid, ITEMS)))


def get(m: Machine, container: ListObject, index: Unknown, other: Callable[[], Value]) -> Value:
    """The element at an unknown index: the last one that was set, if it has the same index; else what `other` returns.

    If the list has changed since, except at its end, the element may have moved or been replaced.
    """

    def found(latest: Value) -> Value:
        if isinstance(latest, Sequence):
            at, value, elements = (element.value for element in latest.elements)
            if at == index and _is_start(elements, m.store.read(container.uid, ITEMS)):
                return value
        return other()

    return m.each(m.store.read(container.uid, _LATEST), found)


def _is_start(one: Value, other: Value) -> bool:
    """Whether the elements of a list start with those that it had before."""
    if one is other or not isinstance(one, Sequence) or not isinstance(other, Sequence):
        return one is other
    pairs = zip(one.elements, other.elements, strict=False)
    return len(one.elements) <= len(other.elements) and all(old is new for old, new in pairs)
