"""Operators that a class of the project defines: `a >> b` is `a.__rshift__(b)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from orderlint.glance import attributes
from orderlint.glance.things import ANY, NOTHING, Bound, Function, Instance, Layer, Model, Partial, Stack, Value, one
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["are_added", "overloaded"]

_METHODS: dict[type[ast.operator], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
    ast.RShift: "__rshift__",
}
_APPLIED = frozenset({Bound, Function, Instance, Layer, Model, Partial, Stack})


def overloaded(g: Machine, sign: ast.operator, left: Value, right: Value) -> Value:
    """What the objects on the left make of what is on the right; nothing if their classes do not define the sign.

    Raises:
        Unsure: What is on the left may be such an object, and what is on the right is no mere data.
    """
    name = _METHODS.get(type(sign))
    if name is None:
        return NOTHING
    if left & ANY and any(type(thing) in _APPLIED for thing in right):
        raise Unsure("an operator between what may be anything and what is called")
    found = NOTHING
    for thing in left:
        if type(thing) is Instance and attributes.method(g, thing.cls, name) is not None:
            found = join(found, g.call(attributes.attribute(g, one(thing), name), (right,)))
    return found


def are_added(g: Machine, summands: Value) -> bool:
    """Whether a sum of these calls a method."""
    return any(type(thing) is Instance and attributes.method(g, thing.cls, "__add__") for thing in summands)
