"""The methods of lists, tuples and dictionaries of abstract values."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.source.python import containers
from orderlint.source.python.containers import Element, iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    DictObject,
    ListObject,
    Sequence,
    Value,
    sequence,
)

__all__ = ["METHODS"]

_Method = Callable[[Machine, Value, Arguments], Value | None]


def _append(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, ListObject) or not arguments.positional:
        return None
    site = m.site(arguments.nodes[0].value) if arguments.nodes else None
    m.append(owner.uid, Element(arguments.positional[0], site=site))
    return NONE


def _extend(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, ListObject) or not arguments.positional:
        return None
    for element in iterate(m, arguments.positional[0]):
        m.append(owner.uid, element)
    return NONE


def _insert(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, ListObject) or len(arguments.positional) != 2:
        return None
    index, value = arguments.positional
    elements = list(m.elements(owner.uid))
    at = index.value if isinstance(index, Const) and isinstance(index.value, int) else len(elements)
    elements.insert(at, Element(value))
    m.store.write(owner.uid, ITEMS, Sequence(tuple(elements)))
    return NONE


def _pop(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if isinstance(owner, ListObject):
        return containers.take(m, owner, arguments.get(0, "index") or Const(-1))
    if isinstance(owner, DictObject) and arguments.positional:
        found = _get(m, owner, arguments)
        containers.delete(m, owner, arguments.positional[0])
        return found
    return None


def _remove(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, ListObject) or not arguments.positional:
        return None
    elements = list(m.elements(owner.uid))
    for number, element in enumerate(elements):
        if element.value == arguments.positional[0]:
            del elements[number]
            break
    m.store.write(owner.uid, ITEMS, Sequence(tuple(elements)))
    return NONE


def _reverse(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if isinstance(owner, ListObject):
        m.store.write(owner.uid, ITEMS, Sequence(m.elements(owner.uid)[::-1]))
    return NONE


def _clear(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if isinstance(owner, ListObject):
        m.store.write(owner.uid, ITEMS, sequence())
    return NONE


def _copy(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if isinstance(owner, ListObject):
        return m.new_list(m.elements(owner.uid))
    if isinstance(owner, DictObject):
        made = containers.new_dict(m)
        containers.update(m, made, owner)
        return made
    return None


def _get(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, DictObject) or not arguments.positional:
        return None
    key = arguments.positional[0]
    given = arguments.get(1, "default")
    if isinstance(key, Const):
        found = containers.get(m, owner, key)
        if found is MISSING:
            others = m.read(owner.uid, containers.OTHERS)
            if others is not MISSING:
                return m.unknown(("item", owner, key), given)
            return given if given is not None else NONE
        return found
    return containers.item(m, owner, key)


def _setdefault(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    found = _get(m, owner, Arguments(arguments.positional[:1]))
    if found == NONE and isinstance(owner, DictObject) and len(arguments.positional) == 2:
        key, value = arguments.positional
        containers.set_item(m, owner, key, value)
        return value
    return found


def _update(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, DictObject):
        return None
    for value in arguments.positional:
        containers.update(m, owner, value)
    for name, value in arguments.keywords.items():
        containers.set_item(m, owner, Const(name), value)
    return NONE


def _keys(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    return Sequence(tuple(containers.keys(m, owner))) if isinstance(owner, DictObject) else None


def _values(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, DictObject):
        return None
    found = [Element(m.read(owner.uid, key.value), key.guard) for key in containers.keys(m, owner)]
    return Sequence(tuple(found))


def _items(m: Machine, owner: Value, arguments: Arguments) -> Value | None:
    if not isinstance(owner, DictObject):
        return None
    pairs = [
        Element(Sequence((Element(key.value), Element(m.read(owner.uid, key.value)))), key.guard)
        for key in containers.keys(m, owner)
    ]
    return Sequence(tuple(pairs))


METHODS: dict[str, _Method] = {
    "append": _append,
    "appendleft": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "reverse": _reverse,
    "clear": _clear,
    "copy": _copy,
    "add": _append,
    "get": _get,
    "setdefault": _setdefault,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
}
