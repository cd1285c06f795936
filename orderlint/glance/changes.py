"""Methods that change a list, a dictionary or a `Sequential` in its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from orderlint.glance import containers, models
from orderlint.glance.orders import FRESH, Unsure
from orderlint.glance.things import DATA, NOTHING, UNKNOWN, Const, Dict, List, Stack, Value, is_plain, one, only
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["CHANGES", "change"]

_NOT_KNOWN = (*UNKNOWN, *DATA)
CHANGES = frozenset(
    {"append", "add", "insert", "extend", "update", "setdefault", "pop", "remove", "clear", "reverse", "sort"}
)

"""The names of these methods."""


def change(g: Machine, function: ast.Attribute, node: ast.Call) -> Value | None:
    """`holder.append(x)` and the like; `None` if it is no such call."""
    name = function.attr
    if name not in CHANGES:
        return None
    holder = g.peek(function.value)
    if name == "add" and node.args and not is_plain(g.peek(node.args[0])):
        holder = _with_models(g, function.value, holder)
    if not any(type(thing) in (List, Dict, Stack) for thing in holder):
        return None
    if node.keywords and name not in ("update", "sort"):
        if name == "add" and [keyword.arg for keyword in node.keywords] == ["layer"]:
            values = [g.evaluate(node.keywords[0].value)]
        else:
            raise Unsure("an unusual change")
    else:
        values = [g.evaluate(argument) for argument in node.args]
    given = join(*values, *(g.evaluate(keyword.value) for keyword in node.keywords))
    result = NOTHING

    def changed(thing: Any) -> Any:
        nonlocal result
        made, out = _changed(g, thing, name, values)
        result = join(result, out)
        return made

    containers.update(g, function.value, changed, given)
    return result


def _with_models(g: Machine, node: ast.expr, holder: Value) -> Value:
    """What layers are added to: what is not known is a model, of which nobody knows what it holds so far."""
    if not any(thing in _NOT_KNOWN for thing in holder):
        return holder
    made = Stack((), NOTHING, FRESH, g.token(("model", ast.dump(node))))
    holder = join(frozenset(thing for thing in holder if thing not in _NOT_KNOWN), one(made))
    containers.assign(g, node, holder)
    return holder


def _changed(g: Machine, thing: Any, name: str, values: list[Value]) -> tuple[Any, Value]:
    """What becomes of a list, dictionary or model, and what the method returns."""
    none = g.none
    if type(thing) is Stack:
        if name == "add" and len(values) == 1:
            g.num_layers += 1
            return models.add(g, thing, values[0]), none
        raise Unsure("a model that is changed")
    if type(thing) is List:
        if name in ("append", "add") and len(values) == 1:
            return containers.longer(thing, values[0]), none
        if name in ("extend", "update") and len(values) == 1:  # a set has the latter
            more = only(values[0], List) or List((), containers.element(g, values[0]))
            return containers.chained(thing, more), none
        if name in ("remove", "clear", "reverse", "sort", "insert", "pop"):
            added = join(element_of(thing), *(values[1:] if name == "insert" else ()))
            return List((), added, thing.token), element_of(thing) if name == "pop" else none
        return None, none
    if type(thing) is Dict:
        if name == "pop":
            key = only(values[0], Const) if values else None
            entry = element_of(thing) if key is None else thing.entries.get(key.value, thing.others)
            return containers.without(thing, key), join(entry or UNKNOWN, *values[1:])
        if name == "clear":
            return Dict({}, NOTHING, thing.token), none
        more = only(values[0], Dict) if name == "update" and len(values) == 1 else None
        if more is not None:
            return containers.updated(thing, more), none
        if name == "setdefault" and len(values) == 2 and only(values[0], Const) is not None:
            return _with_default(thing, only(values[0], Const).value, values[1])
        entries = {key: join(value, *values) for key, value in thing.entries.items()}
        return thing.but(entries, join(thing.others, *values)), join(element_of(thing), *values)
    return None, none


def _with_default(held: Dict, key: object, default: Value) -> tuple[Dict, Value]:
    """A dictionary after `held.setdefault(key, default)`, and what that gives."""
    known = held.entries.get(key)
    value = known if known is not None and key not in held.optional else join(known or held.others, default)
    return held.but({**held.entries, key: value}, optional=held.optional - {key}), value
