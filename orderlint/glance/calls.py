"""Calls: their arguments, and what happens for each kind of value that is called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import changes, classes, containers, external, layers, methods, models, records, unspecified
from orderlint.glance.arguments import Given
from orderlint.glance.invoking import invoke, unresolved
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import (
    ANY,
    NOTHING,
    UNKNOWN,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Layer,
    Model,
    Native,
    Partial,
    Record,
    SomeOf,
    Stack,
    Thing,
    Value,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["call", "call_expression"]

(_ANY_THING,) = ANY


def call_expression(g: Machine, node: ast.Call) -> Value:
    """`function(arguments)`."""
    g.tick()
    if isinstance(node.func, ast.Attribute):
        changed = changes.change(g, node.func, node)
        if changed is not None:
            return changed
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return one(Native(g.frame.receiver, "super"))
    function = g.peek(node.func)
    if g.orders.sites is not None:
        g.orders.sites.called(g.frame.module.path, node)
    return call(g, function, _given(g, node))


def _given(g: Machine, node: ast.Call) -> Given:
    positional: list[Value] = []
    more = NOTHING
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            value = g.peek(argument.value)
            listed = only(value, List)
            if listed is not None and not more:
                positional += listed.items
                more = join(listed.rest, UNKNOWN) if listed.rest else NOTHING
            else:
                more = join(more, containers.element(g, value), UNKNOWN)
        elif more:
            more = join(more, g.peek(argument))
        else:
            positional.append(g.peek(argument))
    keywords: dict[str, Value] = {}
    maybe: dict[str, Value] = {}
    for keyword in node.keywords:
        value = g.peek(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        dicts = [thing for thing in value if type(thing) is Dict]
        others = value.difference(dicts)
        more = join(more, containers.values_of(others), UNKNOWN) if others else more
        _spread(dicts, not others, keywords, maybe)
        for held in dicts:
            more = join(more, held.others, UNKNOWN) if held.others else more
    return Given(positional, keywords, more, id(node), maybe)


def _spread(dicts: Sequence[Dict], is_one: bool, keywords: dict[str, Value], maybe: dict[str, Value]) -> None:
    """Add the entries of the dictionaries that `**value` may be. An entry is certain if all of them have it."""
    for key in dict.fromkeys(key for held in dicts for key in held.entries):
        if not isinstance(key, str):
            continue
        value = join(*(held.entries.get(key, NOTHING) for held in dicts))
        surely = is_one and all(key in held.entries and key not in held.optional for held in dicts)
        (keywords if surely else maybe).setdefault(key, value)


def call(g: Machine, function: Value, given: Given | Sequence[Value]) -> Value:
    """Call a value.

    Args:
        g: The machine.
        function: The value.
        given: The arguments, or just the positional ones.

    Raises:
        Unsure: The value may be anything.
    """
    if not isinstance(given, Given):
        given = Given(given)
    result = NOTHING
    for thing in function:
        result = join(result, _call_one(g, thing, given))
    return result


def _call_one(g: Machine, thing: Thing, given: Given) -> Value:
    if thing is _ANY_THING:
        raise Unsure("a call of what may be anything")
    run = _CALL.get(type(thing))
    return unresolved(g, given) if run is None else run(g, thing, given)


def _call_partial(g: Machine, partial: Partial, given: Given) -> Value:
    return call(g, partial.function, given.put(partial.positional, dict(partial.keywords), partial.more))


def _call_bound(g: Machine, bound: Bound, given: Given) -> Value:
    function, receiver = bound.function, bound.receiver
    is_complete = isinstance(receiver, Instance) and receiver.is_made
    if is_complete and classes.is_run_by_making(g, function, receiver.cls) and all(map(is_plain, given.every)):
        return g.none
    return invoke(g, function, given.after(one(receiver)), receiver)


_CALL: dict[type[Any], Callable[[Any, Any, Given], Value]] = {
    Function: invoke,
    Bound: _call_bound,
    External: lambda g, thing, given: external.call_external(g, thing.name, given),
    Layer: layers.apply,
    Class: classes.construct,
    Instance: classes.apply_instance,
    Stack: models.apply_model,
    Model: models.apply_model,
    Native: methods.call_method,
    Partial: _call_partial,
    Record: records.make,
    SomeOf: unspecified.call,
}
