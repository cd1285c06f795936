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
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitOr: "or",
    ast.BitAnd: "and",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_APPLIED = frozenset({Bound, Function, Instance, Layer, Model, Partial, Stack})


def overloaded(g: Machine, sign: ast.operator, left: Value, right: Value, is_in_place: bool) -> Value:
    """The result of an operator that the classes of the objects on the left define; empty if they do not define it.

    In place, that is in `left sign= right`, a class may define another method.

    Raises:
        Unsure: The left side may be such an object, and the right side is more than data.
    """
    name = _METHODS[type(sign)]
    if left & ANY and any(type(thing) in _APPLIED for thing in right):
        raise Unsure("an operator between what may be anything and what is called")
    found = NOTHING
    for thing in left:
        for wanted in (f"__i{name}__", f"__{name}__") if is_in_place else (f"__{name}__",):
            if type(thing) is Instance and attributes.method(g, thing.cls, wanted) is not None:
                found = join(found, g.call(attributes.attribute(g, one(thing), wanted), (right,)))
    return found


def are_added(g: Machine, summands: Value) -> bool:
    """Whether the sum of these summands calls a method."""
    return any(type(thing) is Instance and attributes.method(g, thing.cls, "__add__") for thing in summands)
