"""The bases of a class, and the attributes that it inherits."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from orderlint.graph import Limit
from orderlint.source.python.syntax import field_names_in
from orderlint.source.state.frames import ClassObject
from orderlint.source.state.machine import Machine
from orderlint.source.state.records import RecordClass
from orderlint.source.state.values import (
    MISSING,
    External,
    Value,
)

__all__ = [
    "class_attribute",
    "field_names",
    "has_only_own_bases",
    "is_record",
    "is_tuple",
    "mro",
    "record_defaults",
]

_NAMED_TUPLE = External("typing.NamedTuple")
_RECORD_MAKERS = frozenset(
    External(name)
    for name in (
        "attr.attrs",
        "attr.dataclass",
        "attr.define",
        "attr.frozen",
        "attr.mutable",
        "attr.s",
        "attrs.define",
        "attrs.frozen",
        "attrs.mutable",
        "dataclasses.dataclass",
    )
)


_DEEPEST = 60  # nested bases: beyond forty, the methods call each other too deeply anyway


def mro(m: Machine, cls: ClassObject) -> tuple[Value, ...]:
    """The class and its bases, depth first, each before its own bases. A shared base is at its last position."""
    found = m.orders.get(cls)
    if found is None:
        order, is_whole = _mro(cls)
        found = m.orders[cls] = tuple(order)
        if not is_whole:
            m.fall_short(Limit.NESTING)
    return found


def _mro(cls: ClassObject) -> tuple[list[Value], bool]:
    """The order of the bases, and whether it is complete: it is not if bases are nested too deeply."""
    is_whole = True
    order: dict[Value, None] = {}  # in reverse, so the last position of each class counts, after all classes above it
    expanded: dict[Value, int] = {}  # the depth of each: sixty classes of ten bases each have billions of paths up

    def visit(one: Value, depth: int) -> None:
        nonlocal is_whole
        if expanded.get(one, depth + 1) <= depth:
            return
        if isinstance(one, ClassObject) and one.bases and depth >= _DEEPEST:
            is_whole = False
        elif isinstance(one, ClassObject):
            for base in reversed(one.bases):
                visit(base, depth + 1)
        order.setdefault(one)
        expanded[one] = depth

    visit(cls, 0)
    return list(reversed(order)), is_whole


def class_attribute(m: Machine, cls: ClassObject, name: str) -> Value:
    """An attribute of a class or its bases in the analyzed code; `MISSING` if there is none."""
    for base in mro(m, cls):
        if isinstance(base, ClassObject):
            value = m.read(base.uid, name)
            if value is not MISSING:
                return value
    return MISSING


def has_only_own_bases(m: Machine, cls: ClassObject) -> bool:
    """Whether all bases of a class are analyzed code."""
    return all(isinstance(base, ClassObject) or base == External("builtins.object") for base in mro(m, cls))


# -- fields -----------------------------------------------------------------------------------------------------


def field_names(m: Machine, cls: ClassObject) -> list[str]:
    """The fields of a dataclass or a named tuple in the order of its arguments, those of its bases first."""
    found: dict[str, None] = {}
    for base in reversed(mro(m, cls)):
        if isinstance(base, RecordClass):
            found.update(dict.fromkeys(base.names))
        elif isinstance(base, ClassObject):
            if base.node not in m.fields:
                m.fields[base.node] = field_names_in(base.node)
            found.update(dict.fromkeys(m.fields[base.node]))
    return list(found)


def is_record(m: Machine, cls: ClassObject) -> bool:
    """Whether a decorator creates `__init__` from the fields of a class: a dataclass, or a class of attrs."""
    with m.entering(cls.frame):
        makers = [one.decorator for one in cls.node.decorators]
        return any(m.evaluate(one.func if type(one) is cst.Call else one) in _RECORD_MAKERS for one in makers)


def record_defaults(m: Machine, cls: ClassObject) -> Mapping[str, Value]:
    """The defaults of the named tuple that a class inherits from."""
    return next((base.defaults for base in mro(m, cls) if isinstance(base, RecordClass)), {})


def is_tuple(m: Machine, cls: ClassObject) -> bool:
    """Whether objects of a class are named tuples."""
    return any(isinstance(base, RecordClass) or base == _NAMED_TUPLE for base in mro(m, cls))
