"""Unknown lists and iterators from which elements are taken: by `pop`, `popleft`, `del sizes[0]`, a slice, `next`.

The number of taken elements is stored with the unknown value. Its length and truth depend on that number. So
`if sizes:` after `sizes.pop()` tests whether a loop over it goes on.
"""

from __future__ import annotations

from typing import Literal

from orderlint.graph.guards import ALWAYS, Guard, union
from orderlint.source.python import iterations
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import MISSING, NONE, Const, Unknown, Value, alternatives, restrict

__all__ = ["has_next", "holds", "is_cut", "is_shortened", "length", "take"]

Way = Literal["#taken", "#given"]
"""How an element is taken: out of a list, or from an iterator, which does not shorten the list."""


def take(m: Machine, owner: Unknown, way: Way = "#taken") -> Value:
    """Take an element, and return it."""
    number = _count(m, owner, way)
    m.store.write(m.owner_of(owner), way, m.each(number, _one_more))
    return m.unknown((way, owner.key, number), scalar=owner.scalar)


def _one_more(number: Value) -> Value:
    return Const(number.value + 1) if isinstance(number, Const) and isinstance(number.value, int) else number


def has_next(m: Machine, owner: Unknown) -> Guard:
    """The guard under which an iterator has another element."""
    return _is_more_than_0(m, _less(m, _all(m, owner), _count(m, owner, "#given")))


def _is_more_than_0(m: Machine, count: Value) -> Guard:
    guards = [when & (iterations.compare(m, ">", one, Const(0)) or _truth(m, one)) for when, one in alternatives(count)]
    return union(guards)


def _truth(m: Machine, value: Value) -> Guard:
    return ~m.conditions.less(value, 0, strictly=False) if isinstance(value, Unknown) else ALWAYS


def _count(m: Machine, owner: Unknown, way: Way) -> Value:
    """How many elements were taken."""
    written = alternatives(m.read(m.owner_of(owner), way))
    options = [(when, Const(0) if value is MISSING else value) for when, value in written]
    never = ~union(when for when, _ in written)
    return restrict(m.choose([*options, (never, Const(0))]), m.path)


def _all(m: Machine, value: Unknown) -> Unknown:
    return m.unknown(("length", value), scalar=True)


def _less(m: Machine, value: Value, number: Value) -> Value:
    return m.each(value, lambda one: m.each(number, lambda less: _minus(m, one, less)))


def _minus(m: Machine, value: Value, number: Value) -> Value:
    return value if number == Const(0) else m.unknown(("operation", "-", value, number), scalar=True)


def length(m: Machine, value: Unknown) -> Value:
    """How many elements an unknown list still has."""
    cut = _cut(value)
    before = _less(m, length(m, cut[0]), Const(cut[1])) if cut else _all(m, value)
    return _less(m, before, _count(m, value, "#taken"))


def _cut(value: Unknown) -> tuple[Unknown, int] | None:
    """For a slice that leaves out a known number of elements: the whole that it is cut from, and that number."""
    match value.key:
        case ("slice", Unknown() as whole, (Const(int() as first), end, step)) if end == step == NONE and first >= 0:
            return whole, first
        case ("slice", Unknown() as whole, (start, Const(int() as last), step)) if (
            step == NONE and start in (NONE, Const(0)) and last < 0
        ):
            return whole, -last
    return None


def is_cut(value: Unknown) -> bool:
    """Whether a value is a slice that leaves a known number of elements out."""
    return _cut(value) is not None


def is_shortened(m: Machine, value: Unknown) -> bool:
    """Whether it is known that elements of an unknown list are gone."""
    return _cut(value) is not None or _count(m, value, "#taken") != Const(0)


def holds(m: Machine, value: Unknown) -> Guard | None:
    """The guard under which a shortened list is not empty, or a countdown is not 0; `None` for other values."""
    if is_shortened(m, value):
        return _is_more_than_0(m, length(m, value))
    found = iterations.linear(value)
    return iterations.compare(m, ">", value, Const(0)) if found is not None and found[1] < 0 else None
