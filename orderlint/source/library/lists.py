"""The methods of lists, sets and deques."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from orderlint.source.python import list_items
from orderlint.source.python.containers import iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import NONE, Const, Element, ListObject, Sequence, Value, sequence

OWNER = ListObject


def _append(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    site = m.site(arguments.nodes[0].value) if arguments.nodes else None
    m.append(owner.uid, Element(arguments.positional[0], site=site))
    return NONE


def _extend(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    m.append(owner.uid, *iterate(m, arguments.positional[0]))
    return NONE


def _append_left(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    return _insert_at(m, owner, arguments.positional[0], Const(0)) if arguments.positional else None


def _extend_left(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    for element in iterate(m, arguments.positional[0]):
        _insert_at(m, owner, element.value, Const(0))
    return NONE


def _insert(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    if len(arguments.positional) != 2:
        return None
    index, value = arguments.positional
    return m.each(index, partial(_insert_at, m, owner, value))


def _insert_at(m: Machine, owner: ListObject, value: Value, index: Value) -> Value:
    list_items.insert(m, owner, index, value)
    return NONE


def _remove(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    elements = list(m.elements(owner.uid))
    for number, element in enumerate(elements):
        if element.value == arguments.positional[0]:
            del elements[number]
            break
    m.store.write(owner.uid, ITEMS, Sequence(tuple(elements)))
    return NONE


def _reverse(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    m.store.write(owner.uid, ITEMS, Sequence(m.elements(owner.uid)[::-1]))
    return NONE


def _rotate(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    """`deque.rotate(n)`: the last `n` elements move to the front."""
    number = arguments.get(0, "n") or Const(1)
    if not isinstance(number, Const) or not isinstance(number.value, int):
        return None
    elements = m.elements(owner.uid)
    split = len(elements) - number.value % len(elements) if elements else 0
    m.store.write(owner.uid, ITEMS, Sequence((*elements[split:], *elements[:split])))
    return NONE


def _clear(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    m.store.write(owner.uid, ITEMS, sequence())
    return NONE


def _pop(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    return list_items.take(m, owner, arguments.get(0, "index") or Const(-1))


def _pop_left(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    return list_items.take(m, owner, Const(0))


def _copy(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    return m.new_list(m.elements(owner.uid))


METHODS: dict[str, Callable[[Machine, ListObject, Arguments], Value | None]] = {
    "append": _append,
    "appendleft": _append_left,
    "add": _append,
    "extend": _extend,
    "extendleft": _extend_left,
    "insert": _insert,
    "pop": _pop,
    "popleft": _pop_left,
    "remove": _remove,
    "reverse": _reverse,
    "rotate": _rotate,
    "clear": _clear,
    "copy": _copy,
}
