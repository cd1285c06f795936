"""The names of modules and objects as dictionaries: `vars`, `globals`, and the methods of their results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from orderlint.graph import Site
from orderlint.source.library.dicts import METHODS as OF_DICTIONARIES
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import by_name, containers, dictionaries
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, DictObject, Namespace, Unknown, Value, alternatives

OWNER = Namespace


def _globals(m: Machine, arguments: Arguments, site: Site) -> Value:
    return by_name.of_module(m)


def _vars(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return _locals(m, arguments, site)
    owner = arguments.positional[0]
    if isinstance(owner, Unknown):
        return _written(m, owner)
    return by_name.namespace(owner) or m.unknown(("vars", owner))


def _written(m: Machine, owner: Unknown) -> Value:
    """The attributes that code set on an unknown object, for example command-line options. It may have others."""
    made, others = dictionaries.new_dict(m), m.unknown(("vars", owner))
    for key, _ in m.store.of(m.owner_of(owner)):
        if isinstance(key, str) and not key.startswith("#"):
            dictionaries.set_entry(m, made, Const(key), m.read(m.owner_of(owner), key))
    dictionaries.set_entry(m, made, others, m.unknown(("item", others)))
    return made


def _locals(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`locals()`: the names that are bound now, as a new dictionary."""
    if m.frame is m.frame.globals:
        return by_name.of_module(m)
    made = dictionaries.new_dict(m)
    for key, _ in m.store.of(m.frame.uid):
        if isinstance(key, str):
            dictionaries.set_entry(m, made, Const(key), m.read(m.frame.uid, key))
    return made


def _get(m: Machine, owner: Namespace, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    return by_name.read(m, owner.owner, arguments.positional[0], arguments.get(1, "default"))


def _pop(m: Machine, owner: Namespace, arguments: Arguments) -> Value | None:
    found = _get(m, owner, arguments)
    if arguments.positional:
        by_name.delete(m, owner.owner, arguments.positional[0])
    return found


def _update(m: Machine, owner: Namespace, arguments: Arguments) -> Value | None:
    for given in arguments.positional:
        for when, entries in alternatives(given):
            if isinstance(entries, DictObject):
                m.when(when, partial(_write_all, m, owner, entries))
    for name, value in arguments.keywords.items():
        by_name.write(m, owner.owner, Const(name), value)
    return NONE


def _write_all(m: Machine, owner: Namespace, entries: DictObject) -> None:
    for key in dictionaries.keys(m, entries):
        value = containers.item(m, entries, key.value)
        m.when(key.guard, partial(by_name.write, m, owner.owner, key.value, value))


def _as_dictionary(name: str, m: Machine, owner: Namespace, arguments: Arguments) -> Value | None:
    return OF_DICTIONARIES[name](m, by_name.names_of(m, owner.owner), arguments)


FUNCTIONS: dict[str, Modeled] = {
    "builtins.globals": _globals,
    "builtins.locals": _locals,
    "builtins.vars": _vars,
}
METHODS: dict[str, Callable[[Machine, Namespace, Arguments], Value | None]] = {
    "get": _get,
    "pop": _pop,
    "update": _update,
    **{name: partial(_as_dictionary, name) for name in ("keys", "values", "items", "copy")},
}
