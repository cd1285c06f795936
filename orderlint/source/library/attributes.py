"""Attributes by their name: `getattr`, `setattr`, `hasattr`."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import by_name
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Condition, Const, Unknown, Value

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


def _hasattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) == 2:
        owner, name = arguments.positional
        if isinstance(owner, Instance) and isinstance(name, Const) and isinstance(name.value, str):
            found = m.attribute(owner, name.value)
            if not isinstance(found, Unknown):
                return Const(True)
    return Condition(m.conditions.opaque(("hasattr", tuple(arguments.positional))))


FUNCTIONS: dict[str, Modeled] = {
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
}
