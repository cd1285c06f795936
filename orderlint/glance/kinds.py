"""The class of a value: `type` and `isinstance`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import (
    ANY,
    DATA,
    SCALAR,
    UNKNOWN,
    Const,
    External,
    Function,
    Instance,
    Layer,
    SomeOf,
    Tensor,
    Thing,
    Value,
    const,
    is_plain,
    one,
)
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS"]


_LISTS = frozenset({"list", "tuple"})
_SCALARS: dict[str, type[Any]] = {"str": str, "bytes": bytes, "bool": bool, "int": int, "float": float}
_TESTED = frozenset({*_LISTS, *_SCALARS, "dict"})
"""Python's types that code tests its arguments for."""


def _type(g: Machine, given: Given) -> Value:
    if len(given.every) != 1 or not given.positional:
        return UNKNOWN
    return join(*(_class_of(thing) for thing in given.positional[0]))


def _class_of(thing: Thing) -> Value:
    """The class of a thing, if code may create objects with it."""
    if type(thing) is Instance:
        return one(thing.cls)
    if type(thing) in (List, Dict):
        return one(External(f"builtins.{'list' if type(thing) is List else 'dict'}"))
    if type(thing) is Layer:
        return join(UNKNOWN, one(SomeOf("keras.layers")))
    return DATA if is_plain(one(thing)) or isinstance(thing, (Tensor, Function)) else ANY


def _isinstance(g: Machine, given: Given) -> Value:
    """Whether a value has a type, if the analysis knows that, too."""
    if len(given.positional) != 2:
        return SCALAR
    value, tested = given.positional
    names = frozenset(getattr(thing, "name", "").removeprefix("builtins.") for thing in _flattened(tested))
    return join(*(_is_instance(thing, names) for thing in value))


def _is_instance(thing: Thing, names: frozenset[str]) -> Value:
    """Whether a thing has one of the types with these names."""
    if type(thing) is List and names >= _LISTS:
        return const(True)
    if not names <= _TESTED:
        return SCALAR
    if type(thing) is Tensor and names <= _LISTS:
        return const(False)
    if type(thing) is List and _is_list(thing):
        return const("list" in names)
    if type(thing) is Dict and isinstance(thing.token, (ast.Dict, ast.DictComp)):
        return const("dict" in names)
    if type(thing) is Const:
        return const(isinstance(thing.value, tuple(_SCALARS[name] for name in names & _SCALARS.keys())))
    return SCALAR


def _is_list(listed: List) -> bool:
    """Whether it is certainly a list, and not a tuple."""
    return isinstance(listed.token, (ast.List, ast.ListComp))


def _flattened(value: Value) -> Value:
    return join(*(element_of(thing) if type(thing) is List else one(thing) for thing in value))


FUNCTIONS: dict[str, Any] = {
    "builtins.type": _type,
    "builtins.isinstance": _isinstance,
}
