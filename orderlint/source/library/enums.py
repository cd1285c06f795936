"""The values of the members of an `enum`."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Value

__all__ = ["FUNCTIONS"]


def _auto(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`auto()` in the body of an enumeration: the largest value so far plus one."""
    if not m.frame.is_class:
        return None
    values = [value.value for _, value in m.store.of(m.frame.uid) if isinstance(value, Const)]
    return Const(max((value for value in values if type(value) is int), default=0) + 1)


FUNCTIONS: dict[str, Modeled] = {"enum.auto": _auto}
