"""Enumerations of the analyzed code. A member stands for its value: they are equal where their values are."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.catalog.customary import ENUMERATIONS
from orderlint.source.python import inheritance
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function
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

__all__ = ["is_enumeration", "member", "members", "of_member"]

_OTHER_VALUES = (DictObject, External, ListObject, Partial, Sequence)  # than scalars that members may have


def is_enumeration(m: Machine, cls: ClassObject) -> bool:
    """Whether a class is an `Enum`."""
    bases = inheritance.mro(m, cls)
    return any(isinstance(base, External) and base.name.rpartition(".")[2] in ENUMERATIONS for base in bases)


def members(m: Machine, cls: ClassObject) -> dict[str, Value]:
    """The members of an enumeration, in order, without other names for them."""
    found: dict[str, Value] = {}
    for name, _ in m.store.of(cls.uid):
        value = m.read(cls.uid, name)
        is_name = isinstance(name, str) and not name.startswith("_")
        is_member = is_name and value is not MISSING and not isinstance(value, (Function, ClassObject))
        if is_member and value not in found.values():
            found[str(name)] = value
    return found


def member(m: Machine, cls: ClassObject, arguments: Arguments) -> Value | None:
    """`Kind("norm")`: the member of that value; `None` if that is no look-up."""
    if len(arguments.positional) != 1 or not is_enumeration(m, cls):
        return None
    value = arguments.positional[0]
    return value if isinstance(value, (Const, Unknown)) and members(m, cls) else None


def of_member(m: Machine, value: Value, name: str) -> Value | None:
    """What the one enumeration that has a member of a value gives of the member by a name; else `None`."""
    if isinstance(value, Const):
        if name == "value":
            return value  # no scalar has one but the member of an `Enum`
        if hasattr(value.value, name):
            return None
    elif name not in ("name", "value") or not isinstance(value, _OTHER_VALUES):
        return None
    found = list(_found(m, value, name))
    return found[0] if len(found) == 1 else None


def _found(m: Machine, value: Value, name: str) -> Iterator[Value]:
    for cls in m.classes:
        known = members(m, cls) if is_enumeration(m, cls) else {}
        if value not in known.values():
            continue
        if name == "value":
            yield value
        elif name == "name":
            yield Const(next(key for key, one in known.items() if one == value))
        else:
            own = inheritance.class_attribute(m, cls, name)
            if isinstance(own, Function):
                yield own
