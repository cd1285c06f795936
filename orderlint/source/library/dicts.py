"""The methods of dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from orderlint.graph import Site
from orderlint.graph.guards import NEVER
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, dictionaries, list_items, rows, unknown_keys
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import MISSING, NONE, Const, DictObject, Element, Sequence, Unknown, Value, sequence

OWNER = DictObject


def _get(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    key = arguments.positional[0]
    given = arguments.get(1, "default")
    if isinstance(key, Const):
        found = dictionaries.get(m, owner, key)
        if found is MISSING:
            if unknown_keys.under(m, owner, key) is not MISSING:
                return m.unknown(("item", owner, key), given)
            return given if given is not None else NONE
        absent = dictionaries.absence(m, owner, key)
        if absent is NEVER:
            return found
        return m.choose([(~absent & m.path, found), (absent & m.path, given if given is not None else NONE)])
    return containers.item(m, owner, key)


def _setdefault(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    if len(arguments.positional) != 2:
        return _get(m, owner, arguments)
    key, value = arguments.positional
    absent = dictionaries.absence(m, owner, key) if isinstance(key, Const) else NEVER
    if absent is not NEVER:  # only some of the paths so far have set it
        m.when(absent, partial(dictionaries.set_entry, m, owner, key, value))
        return _get(m, owner, Arguments([key]))
    found = _get(m, owner, Arguments([key]))
    if found == NONE:
        dictionaries.set_entry(m, owner, key, value)
        return value
    return found


def _update(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    for value in arguments.positional:
        dictionaries.update(m, owner, value)
    for name, value in arguments.keywords.items():
        dictionaries.set_entry(m, owner, Const(name), value)
    return NONE


def _keys(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    return Sequence(tuple(containers.walk(m, owner)))


def _values(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    return Sequence(tuple(replace(pair, value=containers.unpack(m, pair.value, 2)[1]) for pair in _pairs(m, owner)))


def _items(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    return Sequence(tuple(_pairs(m, owner)))


def _pairs(m: Machine, owner: DictObject) -> list[Element]:
    """The keys with their entries, in order."""
    found = rows.pairs(m, owner)
    if found is not None:
        return found
    keys = containers.walk(m, owner)
    return [
        Element(sequence(key.value, _entry(m, owner, key.value)), key.guard, iteration=key.iteration) for key in keys
    ]


def _entry(m: Machine, owner: DictObject, key: Value) -> Value:
    """The entry of a key that a dictionary has, or may have if the key is unknown."""
    return containers.item(m, owner, key) if isinstance(key, Unknown) else m.read(owner.uid, key)


def _pop(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    found = _get(m, owner, arguments)
    list_items.delete(m, owner, arguments.positional[0])
    return found


def _clear(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    for key in dictionaries.keys(m, owner):
        m.store.write(owner.uid, key.value, MISSING)
    unknown_keys.clear(m, owner)
    rows.forget(m, owner)
    m.store.write(owner.uid, ITEMS, sequence())
    return NONE


def _copy(m: Machine, owner: DictObject, arguments: Arguments) -> Value | None:
    made = dictionaries.new_dict(m)
    dictionaries.update(m, made, owner)
    return made


def _of_first(method: Callable[[Machine, DictObject, Arguments], Value | None]) -> Modeled:
    """The function that does the same as a method of dictionaries: `six.iteritems(d)`."""

    def run(m: Machine, arguments: Arguments, site: Site) -> Value | None:
        owner = arguments.positional[0] if arguments.positional else None
        return method(m, owner, Arguments([])) if isinstance(owner, DictObject) else None

    return run


METHODS: dict[str, Callable[[Machine, DictObject, Arguments], Value | None]] = {
    "get": _get,
    "setdefault": _setdefault,
    "pop": _pop,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "clear": _clear,
    "copy": _copy,
    "iterkeys": _keys,
    "itervalues": _values,
    "iteritems": _items,
    "viewkeys": _keys,
    "viewvalues": _values,
    "viewitems": _items,
}
FUNCTIONS: dict[str, Modeled] = {
    f"{library}.{prefix}{name}": _of_first(METHODS[name])
    for library in ("six", "future.utils")
    for prefix in ("iter", "view")
    for name in ("keys", "values", "items")
}
