"""What kind of thing something is: `type` and `isinstance`."""

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


_LISTS = frozenset({"builtins.list", "builtins.tuple"})


def _type(g: Machine, given: Given) -> Value:
    if len(given.every) != 1 or not given.positional:
        return UNKNOWN
    return join(*(_class_of(thing) for thing in given.positional[0]))


def _class_of(thing: Thing) -> Value:
    """The class of a thing, if anything is made with it."""
    if type(thing) is Instance:
        return one(thing.cls)
    if type(thing) in (List, Dict):
        return one(External(f"builtins.{'list' if type(thing) is List else 'dict'}"))
    if type(thing) is Layer:
        return join(UNKNOWN, one(SomeOf("keras.layers")))
    return DATA if is_plain(one(thing)) or isinstance(thing, (Tensor, Function)) else ANY


def _isinstance(g: Machine, given: Given) -> Value:
    """Whether something is a list, which is known of lists and of tensors."""
    if len(given.positional) != 2:
        return SCALAR
    kinds = {type(thing) for thing in given.positional[0]}
    tested = {getattr(thing, "name", "") for thing in _flattened(given.positional[1])}
    if kinds == {List} and (
        tested >= _LISTS or ("builtins.list" in tested and all(map(_is_list, given.positional[0])))
    ):
        return const(True)
    return const(False) if kinds == {Tensor} and tested <= _LISTS else SCALAR


def _is_list(listed: List) -> bool:
    """Whether it is none of those that may be a tuple."""
    return isinstance(listed.token, (ast.List, ast.ListComp))


def _flattened(value: Value) -> Value:
    return join(*(element_of(thing) if type(thing) is List else one(thing) for thing in value))


FUNCTIONS: dict[str, Any] = {
    "builtins.type": _type,
    "builtins.isinstance": _isinstance,
}
