"""Names that code looks up as strings: `getattr(layers, name)`, `vars(layers)[name]`, `globals()[name]`."""

from __future__ import annotations

from orderlint.source.python import attributes, dictionaries, pieces, texts
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    DictObject,
    External,
    ModuleValue,
    Namespace,
    Unknown,
    Value,
)

__all__ = ["delete", "names_of", "namespace", "of_module", "read", "write"]


def read(m: Machine, owner: Value, name: Value, default: Value | None = None) -> Value:
    """`getattr(owner, name, default)`, where the name may be computed.

    If the known parts of a name fit several Keras classes (`Conv*D`), the result has the role that all of them have. If
    a name depends on parameters whose values are not visible, and nothing else is known, their defaults are used.
    """
    return m.each(owner, lambda one: m.each(texts.possible(m, name), lambda which: _read(m, one, which, default)))


def _read(m: Machine, owner: Value, name: Value, default: Value | None) -> Value:
    if isinstance(name, Const) and isinstance(name.value, str):
        return _attribute(m, owner, name.value, default)
    found = _fitting(m, owner, name)
    if found is not None:
        return found
    settled = texts.with_defaults(m, name)
    if settled != name and not _is_written(m, owner, name):
        return m.each(settled, lambda one: _read(m, owner, one, default))
    if isinstance(owner, Instance):
        return m.attribute_by(owner, name)
    return m.unknown(("attribute", owner, name))


def _is_written(m: Machine, owner: Value, name: Value) -> bool:
    """Whether an attribute was written with the same computed name."""
    return isinstance(owner, Instance) and m.read(owner.uid, ("by name", name)) is not MISSING


def _attribute(m: Machine, owner: Value, name: str, default: Value | None) -> Value:
    found = m.attribute(owner, name)
    missing = isinstance(owner, Instance) and isinstance(found, Unknown)
    return default if missing and default is not None else found


def _fitting(m: Machine, owner: Value, name: Value) -> Value | None:
    """The value of all names that fit a partly known name, if it is the same for all; else `None`."""
    pattern = pieces.pattern(name)
    if pattern is None:
        return None
    if isinstance(owner, ModuleValue):
        return _fitting_in_module(m, owner, name, pattern)
    if isinstance(owner, External) and m.roles.find(f"{owner.name}.{pattern}") is not None:
        return External(f"{owner.name}.{pattern}")
    return None


def _fitting_in_module(m: Machine, module: ModuleValue, name: Value, pattern: str) -> Value | None:
    """The same as `_fitting`, for the layer classes that a module of the project imports."""
    scope = m.scopes.get(module.path)
    if scope is None:
        return None
    bound = {m.read(scope.frame.uid, key) for key, _ in m.store.of(scope.frame.uid) if pieces.may_be(name, Const(key))}
    bound.discard(MISSING)
    whole = [External(f"{star.name}.{pattern}") for star in scope.frame.stars if isinstance(star, External)]
    if bound and all(isinstance(value, External) and m.roles.find(value.name) is not None for value in bound):
        owners = {value.name.rpartition(".")[0] for value in bound if isinstance(value, External)}
        whole = [External(f"{owner}.{pattern}") for owner in sorted(owners)]
    elif bound:
        return None
    return next((value for value in whole if m.roles.find(value.name) is not None), None)


def of_module(m: Machine) -> Namespace:
    """`globals()`."""
    scope = m.frame.scope
    path = next((path for path, other in m.scopes.items() if other is scope), scope.file.path)
    return Namespace(ModuleValue(scope.name, path))


def namespace(owner: Value) -> Namespace | None:
    """`vars(owner)` and `owner.__dict__` of a module or an object; `None` for anything else."""
    return Namespace(owner) if isinstance(owner, (External, Instance, ModuleValue)) else None


def names_of(m: Machine, owner: Value) -> DictObject:
    """A new dictionary of the names in a namespace, as far as code of the project set them."""
    made = dictionaries.new_dict(m)
    if isinstance(owner, External):  # the names in a library module are not known here
        others = m.unknown(("vars", owner))
        dictionaries.set_entry(m, made, others, m.unknown(("item", others)))
        return made
    scope = m.scopes.get(owner.path) if isinstance(owner, ModuleValue) else None
    uid = scope.frame.uid if scope is not None else owner.uid if isinstance(owner, Instance) else None
    for key, _ in m.store.of(uid) if uid is not None else ():
        value = m.read(uid, key) if uid is not None else MISSING
        is_hidden = not isinstance(key, str) or key.startswith("#") or value is MISSING
        if not is_hidden and (scope is None or isinstance(value, (ClassObject, Function, External, ModuleValue))):
            dictionaries.set_entry(m, made, Const(key), value)
    return made


def write(m: Machine, owner: Value, name: Value, value: Value) -> None:
    """`setattr(owner, name, value)`."""
    if isinstance(name, Const) and isinstance(name.value, str):
        scope = m.scopes.get(owner.path) if isinstance(owner, ModuleValue) else None
        if scope is not None:
            m.store.write(scope.frame.uid, name.value, value)
        attributes.write(m, owner, name.value, value)
    elif isinstance(owner, Instance):
        m.store.write(owner.uid, ("by name", name), value)


def delete(m: Machine, owner: Value, name: Value) -> Value:
    """`delattr(owner, name)`."""
    if isinstance(name, Const) and isinstance(name.value, str):
        attributes.delete(m, owner, name.value)
    return NONE
