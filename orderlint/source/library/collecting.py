"""Creates containers: `list`, `tuple`, `dict`, `collections.deque`, `copy.copy`, `numpy.array`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import arrays, containers, dictionaries
from orderlint.source.python.containers import every
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    DictObject,
    Element,
    ListObject,
    Sequence,
    Value,
)


def _list(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.new_list(every(m, arguments.positional[0]) if arguments.positional else ())


def _tuple(m: Machine, arguments: Arguments, site: Site) -> Value:
    return Sequence(tuple(every(m, arguments.positional[0]) if arguments.positional else ()))


def _dict(m: Machine, arguments: Arguments, site: Site) -> Value:
    made = dictionaries.new_dict(m)
    for value in arguments.positional:
        if isinstance(value, DictObject):
            dictionaries.update(m, made, value)
        else:
            for element in every(m, value):
                m.when(element.guard, partial(_set_pair, m, made, element))
    for name, value in arguments.keywords.items():
        dictionaries.set_entry(m, made, Const(name), value)
    for value in arguments.unknown:
        dictionaries.update(m, made, value)
    return made


def _set_pair(m: Machine, made: DictObject, element: Element) -> None:
    key, value = containers.unpack(m, element.value, 2)
    dictionaries.set_entry(m, made, key, value, element.iteration)


def _deque(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    longest = arguments.get(1, "maxlen")
    if longest is not None and longest != NONE:  # it is not tracked which elements remain
        return None
    return _list(m, arguments, site)


def _default_dict(m: Machine, arguments: Arguments, site: Site) -> Value:
    made = _dict(m, replace(arguments, positional=arguments.positional[1:]), site)
    factory = arguments.positional[0] if arguments.positional else NONE
    if isinstance(made, DictObject) and factory != NONE:
        m.store.write(made.uid, dictionaries.FACTORY, factory)
    return made


def _copy(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(arguments.positional[0], lambda one: _copied(m, one, 0)) if arguments.positional else NONE


def _copied(m: Machine, value: Value, depth: int) -> Value:
    if depth > 5:
        return value
    if isinstance(value, ListObject):
        elements = containers.iterate(m, value)
        return m.new_list(Element(_copied(m, e.value, depth + 1), e.guard, e.site) for e in elements)
    if isinstance(value, DictObject):
        made = dictionaries.new_dict(m)
        dictionaries.update(m, made, value)
        for key in dictionaries.keys(m, made):
            entry = m.read(made.uid, key.value)
            if entry is not MISSING:
                m.store.write(made.uid, key.value, _copied(m, entry, depth + 1))
        return made
    return value


def _array(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(arguments.positional[0], lambda one: arrays.of_list(m, one)) if arguments.positional else NONE


FUNCTIONS: dict[str, Modeled] = {
    "builtins.list": _list,
    "builtins.set": _list,
    "builtins.frozenset": _list,
    "builtins.tuple": _tuple,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _default_dict,
    "collections.deque": _deque,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "numpy.array": _array,
    "numpy.asarray": _array,
}
