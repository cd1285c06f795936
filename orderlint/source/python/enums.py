"""Enumerations of the analyzed code. A member is represented by its value, so members with equal values are equal."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.catalog.customary import ENUMERATIONS
from orderlint.source.python import inheritance
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    Const,
    DictObject,
    External,
    ListObject,
    Partial,
    Sequence,
    Unknown,
    Value,
)
from orderlint.text.cells import NodeSite

__all__ = ["is_enumeration", "member", "members", "of_member"]

_OTHER_VALUES = (DictObject, External, ListObject, Partial, Sequence)  # values of members that are not scalars
_OF_TUPLES = frozenset({"count", "index"})


def is_enumeration(cls: ClassObject) -> bool:
    """Whether a class is an `Enum`."""
    waiting: list[Value] = [cls]
    known: set[Value] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, External) and one.name.rpartition(".")[2] in ENUMERATIONS:
            return True
        if isinstance(one, ClassObject) and one not in known:
            known.add(one)
            waiting += one.bases
    return False


def members(m: Machine, cls: ClassObject) -> dict[str, Value]:
    """The members of an enumeration, in order, without aliases."""
    found: dict[str, Value] = {}
    for name, _ in m.store.of(cls.uid):
        value = m.read(cls.uid, name)
        is_name = isinstance(name, str) and not name.startswith("_")
        is_member = is_name and value is not MISSING and not isinstance(value, (Function, ClassObject))
        if is_member and value not in found.values():
            found[str(name)] = value
    return found


def member(m: Machine, cls: ClassObject, arguments: Arguments) -> Value | None:
    """`Kind("norm")`: the member with that value; `None` if the call is not a lookup."""
    if len(arguments.positional) != 1 or not is_enumeration(cls):
        return None
    value = arguments.positional[0]
    return value if isinstance(value, (Const, Unknown)) and members(m, cls) else None


def of_member(m: Machine, value: Value, name: str) -> Value | None:
    """An attribute of the member with a value, if exactly one enumeration has such a member; else `None`."""
    if isinstance(value, Const):
        if name == "value":
            return value  # no other scalar has this attribute
        if hasattr(value.value, name):
            return None
    elif not (name in ("name", "value") or _may_have_more(m, value, name)) or not isinstance(value, _OTHER_VALUES):
        return None
    found = list(_found(m, value, name))
    return found[0] if len(found) == 1 else None


def _may_have_more(m: Machine, value: Value, name: str) -> bool:
    """Whether a value that is not a scalar may be a member with attributes from its class or its `__init__`."""
    if isinstance(value, External):
        return not name.startswith("__") and m.roles.find(value.name) is not None
    return isinstance(value, (Partial, Sequence)) and name not in _OF_TUPLES


def _found(m: Machine, value: Value, name: str) -> Iterator[Value]:
    for cls in m.classes:
        known = members(m, cls) if is_enumeration(cls) else {}
        key = next((key for key, one in known.items() if one == value), None)
        if key is None:
            continue
        if name == "value":
            yield value
        elif name == "name":
            yield Const(key)
        else:
            own = inheritance.class_attribute(m, cls, name)
            if not isinstance(own, Function):
                own = m.read(_made(m, cls, key, value).uid, name)
            if own is not MISSING:
                yield own


def _made(m: Machine, cls: ClassObject, key: str, value: Value) -> Instance:
    """The member as an object. Its `__init__` takes the elements of a tuple as arguments, and runs once."""
    kept = ("member", key)
    made = m.read(cls.uid, kept)
    if isinstance(made, Instance):
        return made
    made = Instance(m.store.new_owner(), cls, NodeSite(cls.cell, cls.node))
    m.store.write(cls.uid, kept, made)
    init = inheritance.class_attribute(m, cls, "__init__")
    if isinstance(init, Function):
        given = [element.value for element in value.elements] if isinstance(value, Sequence) else [value]
        m.invoke(init, Arguments([made, *given]), made.site, made)
    return made
