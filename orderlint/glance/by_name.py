"""Names that code looks up as strings: `getattr(layers, name)`, `globals()[name]`, `locals()`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.glance import attributes, computed, containers, imports, texts
from orderlint.glance.arguments import Given
from orderlint.glance.frames import Module
from orderlint.glance.lists import Dict, List
from orderlint.glance.patterns import ANY_NAME
from orderlint.glance.things import (
    ANY,
    NOTHING,
    OF_NOBODY,
    SCALAR,
    UNKNOWN,
    Const,
    External,
    Instance,
    ModuleOf,
    Native,
    SomeOf,
    Text,
    Thing,
    Value,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS", "of_names", "read", "set_attribute"]

(_UNKNOWN_THING,) = UNKNOWN


def read(g: Machine, owner: Value, name: Value) -> Value:
    """The attribute with a computed name."""
    return join(*(_read(g, thing, text) for thing in owner for text in name))


def _read(g: Machine, owner: Thing, name: Thing) -> Value:
    if type(name) is Const and isinstance(name.value, str):
        return attributes.attribute(g, one(owner), name.value)
    if owner in OF_NOBODY:
        return join(one(owner), g.read_outside(ANY_NAME))
    fitting = texts.fitting(name.pattern) if type(name) is Text else None
    if type(owner) is External:
        return UNKNOWN if name is _UNKNOWN_THING else _of_external(owner, fitting)
    if type(owner) is Instance and name is _UNKNOWN_THING:
        return join(UNKNOWN, attributes.attribute(g, one(owner), ANY_NAME))
    if type(owner) is Instance:
        return computed.of_any_name(g, owner, name.pattern if type(name) is Text else ANY_NAME)
    if type(owner) is ModuleOf:
        module = g.module(owner)
        if module is None or name is _UNKNOWN_THING:
            return UNKNOWN
        return _of_module(g, module, fitting)
    return ANY


def _of_external(owner: External, fitting: Iterable[str] | None) -> Value:
    """What the catalog knows of a library module. Anything else in the module is `UNKNOWN`."""
    names = texts.NAMES if fitting is None else fitting
    found = [External(f"{owner.name}.{name}") for name in names if catalog.find(f"{owner.name}.{name}") is not None]
    if len(found) > _MOST_OF_A_MODULE:
        return join(UNKNOWN, one(SomeOf(owner.name)))
    return join(UNKNOWN, frozenset(found))


_MOST_OF_A_MODULE = 30  # layers and functions; more are not distinguished


def _of_module(g: Machine, module: Module, fitting: Iterable[str] | None) -> Value:
    """The values that any name of a module of the project may have."""
    found = join(UNKNOWN, _every_name(g, module))
    for star in module.stars:
        if isinstance(star, External):
            found = join(found, _of_external(star, fitting))
        else:
            other = g.module(star)
            found = join(found, ANY if other is None else _every_name(g, other))
    return found


def _every_name(g: Machine, module: Module) -> Value:
    """The values of all names that a module binds."""
    imports.bring(g, module, list(module.put_off))
    g.ask_module(module, "*", NOTHING)
    return join(*module.ever.values())


def of_names(g: Machine, owner: Thing, name: str, given: Given) -> Value:
    """Call a method of `globals()` or `vars(owner)`.

    Raises:
        Unsure: The method neither reads a single name nor gives names to an object.
    """
    if name in ("get", "__getitem__") and given.positional:
        asked, *default = given.positional
        is_known = all(type(thing) is Const for thing in asked)
        is_any = type(owner) is Instance and not is_known
        return join(attributes.every_given_to(g, owner) if is_any else read(g, one(owner), asked), *default)
    if type(owner) is Instance and name in _VIEWS:
        return _view(g, owner, name)
    if name != "update" or type(owner) is not Instance:
        raise Unsure("all names of something")
    g.share(*given.every)
    for key, value in {**given.maybe, **given.keywords}.items():
        attributes.write(g, one(owner), key, value)
    for value in (*given.positional, given.more):
        for thing in value:
            entries = thing.entries if type(thing) is Dict else {}
            for key, entry in entries.items():  # the dictionary may be one of several, or lack the key
                name = key if isinstance(key, str) else ANY_NAME
                attributes.write(g, one(owner), name, join(entry, attributes.attribute(g, one(owner), name)))
            others = thing.others if type(thing) is Dict else containers.values_of(one(thing))
            if others:
                attributes.write(g, one(owner), ANY_NAME, join(others, attributes.attribute(g, one(owner), ANY_NAME)))
    return g.none


_VIEWS = ("keys", "values", "items", "iterkeys", "itervalues", "iteritems")


def _view(g: Machine, owner: Instance, name: str) -> Value:
    """The names that an object was given, or their values, or both."""
    if name.endswith("keys"):
        return one(List((), SCALAR))
    every = attributes.every_given_to(g, owner)
    return one(List((), every if name.endswith("values") else one(List((SCALAR, every)))))


def _getattr(g: Machine, given: Given) -> Value:
    if len(given.positional) < 2:
        return ANY
    return join(read(g, *given.positional[:2]), *given.positional[2:])


def set_attribute(g: Machine, given: Given) -> Value:
    """`setattr(owner, name, value)`."""
    if len(given.positional) != 3:
        raise Unsure("setattr")
    owner, names, value = given.positional
    g.share(value)
    computed.write(g, owner, names, value)
    return g.none


def _delattr(g: Machine, given: Given) -> Value:
    name = only(given.positional[1], Const) if len(given.positional) == 2 else None
    if name is None or not isinstance(name.value, str):
        raise Unsure("an attribute is deleted")
    computed.delete(g, given.positional[0], name.value)
    return g.none


def _globals(g: Machine, given: Given) -> Value:
    module = g.frame.module
    return one(Native(ModuleOf(module.name, module.path), attributes.NAMES))


def _vars(g: Machine, given: Given) -> Value:
    if not given.every:
        return _locals(g, given)
    return join(*(_vars_of(g, owner) for owner in (given.positional[0] if given.positional else ANY)))


def _vars_of(g: Machine, owner: Thing) -> Value:
    """`vars(owner)`. If the owner is unknown, it holds what code set on such an object, and more unknown values.

    The options of a command are an example.
    """
    if owner in OF_NOBODY:
        return one(Dict({}, join(one(owner), g.read_outside(ANY_NAME))))
    return one(Native(owner, attributes.NAMES)) if isinstance(owner, _OWNERS) else ANY


_OWNERS = (External, Instance, ModuleOf)


def _locals(g: Machine, given: Given) -> Value:
    if g.frame is g.frame.globals:
        return _globals(g, given)
    names = dict(g.frame.names or {})
    g.share(*names.values())
    return one(Dict(names, NOTHING, None, frozenset(names)))


def _import_module(g: Machine, given: Given) -> Value:
    name, package = (only(given.get(place, what) or UNKNOWN, Const) for place, what in enumerate(("name", "package")))
    if name is None or not isinstance(name.value, str):
        return ANY
    if not name.value.startswith("."):
        return one(imports.module(g, name.value))
    is_near = package is not None and isinstance(package.value, str) and not name.value.startswith("..")
    return one(imports.module(g, f"{package.value}{name.value}")) if is_near and package is not None else ANY


FUNCTIONS = {
    "builtins.getattr": _getattr,
    "builtins.setattr": set_attribute,
    "builtins.delattr": _delattr,
    "builtins.globals": _globals,
    "builtins.locals": _locals,
    "builtins.vars": _vars,
    "importlib.import_module": _import_module,
}
