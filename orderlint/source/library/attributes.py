"""Access to attributes by name: `getattr`, `setattr`, `delattr`, `hasattr`."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import by_name, inheritance
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Condition,
    Const,
    Unknown,
    Value,
    when_missing,
)

__all__ = ["FUNCTIONS", "set_attribute"]


def _getattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    owner, name = arguments.get(0, "object"), arguments.get(1, "name")
    if owner is None or name is None:
        return m.fresh("getattr")
    return by_name.read(m, owner, name, arguments.get(2, "default"))


def set_attribute(m: Machine, values: list[Value]) -> Value:
    """`setattr(owner, name, value)`."""
    if len(values) == 3:
        by_name.write(m, *values)
    return NONE


def _setattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    return set_attribute(m, arguments.positional)


def _delattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) == 2:
        owner, name = arguments.positional
        m.each(owner, lambda one: by_name.delete(m, one, name))
    return NONE


def _has_class(m: Machine, owner: Instance, name: str) -> bool:
    """Whether the class of an object has an attribute, or a method that creates missing ones."""
    return any(
        inheritance.class_attribute(m, owner.cls, one) is not MISSING
        for one in (name, "__getattr__", "__getattribute__")
    )


def _hasattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) == 2:
        owner, name = arguments.positional
        if isinstance(owner, Instance) and isinstance(name, Const) and isinstance(name.value, str):
            found, missing = m.attribute(owner, name.value), when_missing(m.store.read(owner.uid, name.value))
            if missing is not NEVER and missing is not ALWAYS and not _has_class(m, owner, name.value):
                return Condition(~missing)
            if not isinstance(found, Unknown):
                return Const(True)
    return Condition(m.conditions.opaque(("hasattr", tuple(arguments.positional))))


FUNCTIONS: dict[str, Modeled] = {
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.delattr": _delattr,
    "builtins.hasattr": _hasattr,
}
