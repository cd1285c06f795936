"""Methods that change a list, a dictionary or a `Sequential` in place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from orderlint.catalog.customary import LENGTHENING
from orderlint.glance import attributes, containers, models
from orderlint.glance.lists import CHANGEABLE, Dict, List
from orderlint.glance.orders import FRESH
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    OF_NOBODY,
    UNKNOWN,
    Const,
    Instance,
    Stack,
    Thing,
    Value,
    const,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import element_of, join, of_order

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["CHANGES", "change", "is_open", "kept"]

CHANGES = frozenset(
    """
    append appendleft add insert extend extendleft update setdefault pop popleft popitem remove clear reverse rotate
    sort
    """.split()  # noqa: SIM905
)
"""The names of these methods."""
_OPENED = (List, Dict)


def change(g: Machine, function: ast.Attribute, node: ast.Call) -> Value | None:
    """Run `holder.append(x)` or a similar call; return `None` if it is another kind of call."""
    name = function.attr
    if name not in CHANGES:
        return None
    holder = g.peek(function.value)
    if name == "add" and node.args and not is_plain(g.peek(node.args[0])):
        holder = _with_models(g, function.value, holder)
    if name in LENGTHENING and type(function.value) is ast.Name:
        holder = _with_lists(g, function.value, holder)
    if not any(type(thing) in CHANGEABLE for thing in holder):
        return None
    values = _values(g, name, node)
    if g.orders.sites is not None and name == "add" and node.args and all(type(thing) is Stack for thing in holder):
        g.orders.sites.added(node.args[0])
    given = join(*values)
    result = NOTHING

    def changed(thing: Any) -> Any:
        nonlocal result
        made, out = _changed(g, thing, name, values)
        result = join(result, out)
        return made

    containers.update(g, function.value, changed, given, unchanged=(Instance, *containers.UNCHANGED))
    objects = frozenset(thing for thing in holder if type(thing) is Instance)
    return join(result, g.call(attributes.attribute(g, objects, name, function), values)) if objects else result


def kept(g: Machine, node: ast.Attribute, owner: Value) -> Value:
    """The owner of a method that is read without being called, as in `add = seen.add`.

    A method that changes a list or dictionary may be called anywhere later, with anything. So from now on, the list may
    have any elements. Such a method of a model is refused when it is called.
    """
    kinds = {type(thing) for thing in owner}
    if Stack in kinds or kinds.isdisjoint(_OPENED):
        return owner

    def opened(thing: Any) -> Any:
        return _opened(thing) if type(thing) in _OPENED else None

    containers.update(g, node.value, opened, ANY, unchanged=containers.UNCHANGED)
    return g.peek(node.value)


def _opened(held: List | Dict) -> List | Dict:
    """A list or dictionary with elements that may be anything."""
    elements = join(element_of(held), ANY)
    return List((), elements, held.token) if isinstance(held, List) else Dict({}, elements, held.token)


def is_open(thing: Thing) -> bool:
    """Whether something is a list or dictionary that may have any elements, so that no change makes a difference."""
    return isinstance(thing, (List, Dict)) and _opened(thing) == thing


def _values(g: Machine, name: str, node: ast.Call) -> list[Value]:
    """The arguments of such a method.

    Raises:
        Unsure: They are given in an unusual way.
    """
    values = [g.evaluate(argument) for argument in node.args if not isinstance(argument, ast.Starred)]
    if len(values) != len(node.args):
        raise Unsure("an unusual change")
    if name == "update" and node.keywords:
        named = Dict({})
        for keyword in node.keywords:
            value = g.evaluate(keyword.value)
            more = only(value, Dict) if keyword.arg is None else Dict({keyword.arg: value})
            named = containers.updated(g, named, more or Dict({}, containers.values_of(value)))
        return [*values, one(named)]
    if name == "add" and [keyword.arg for keyword in node.keywords] == ["layer"]:
        return [g.evaluate(node.keywords[0].value)]
    if node.keywords and name in ("append", "add"):  # not a method of Python's own: the holder may keep any argument
        return [join(*values, *(g.evaluate(keyword.value) for keyword in node.keywords))]
    if node.keywords and name != "sort":
        raise Unsure("an unusual change")
    return values


def _with_models(g: Machine, node: ast.expr, holder: Value) -> Value:
    """The models that layers are added to. An unknown holder becomes a model whose earlier layers are not known."""
    if not any(thing in OF_NOBODY for thing in holder):
        return holder
    made = Stack((), NOTHING, FRESH, g.token(("model", ast.dump(node))))
    holder = join(frozenset(thing for thing in holder if thing not in OF_NOBODY), one(made))
    containers.assign(g, node, holder)
    return holder


def _with_lists(g: Machine, node: ast.Name, holder: Value) -> Value:
    """The lists that list methods add to. An unknown holder is a list, too, whose earlier elements are not known."""
    if not any(thing in OF_NOBODY for thing in holder):
        return holder
    made = List((), UNKNOWN, g.token(("list", ast.dump(node))))
    holder = join(holder, one(made))
    containers.assign(g, node, holder)
    return holder


def _changed(g: Machine, thing: Any, name: str, values: list[Value]) -> tuple[Any, Value]:
    """The list, dictionary or model after the change, and what the method returns."""
    run = _OF.get(type(thing))
    return (None, g.none) if run is None else run(g, thing, name, values)


def _of_stack(g: Machine, stack: Stack, name: str, values: list[Value]) -> tuple[Any, Value]:
    if name not in ("add", "pop"):  # models have no such method: it is a set to which something was added
        return stack, join(DATA, *values)
    if name != "add" or len(values) != 1:
        raise Unsure("a model that is changed")
    g.num_layers += 1
    return models.add(g, stack, values[0]), g.none


def _of_list(g: Machine, listed: List, name: str, values: list[Value]) -> tuple[Any, Value]:
    if name in ("append", "add") and len(values) == 1:
        return containers.longer(listed, values[0]), g.none
    if name == "update" and not values:
        return listed, g.none
    if name in ("extend", "update") and len(values) == 1:  # sets have `update`
        more = containers.as_list(g, values[0])
        return containers.chained(listed, more), g.none
    if name not in _OF_LISTS:
        return None, g.none
    known = _in_its_place(g, listed, name, values)
    if known is not None:
        return known
    every = element_of(listed)
    return List((), join(every, _added(g, name, values)), listed.token), every if name.startswith("pop") else g.none


def _in_its_place(g: Machine, listed: List, name: str, values: list[Value]) -> tuple[List, Value] | None:
    """The same, if the position of the change is known; `None` if it is not."""
    elements = listed.in_order
    if elements is None:
        return None
    at_front = name == "appendleft" or (name == "insert" and values[:1] == [const(0)])
    if at_front and len(values) == (2 if name == "insert" else 1):
        return of_order(((values[-1], False), *elements), listed.token), g.none
    if name == "pop" and listed.is_known and listed.items and values in ([], [const(0)], [const(-1)]):
        is_first = values == [const(0)]
        left, out = (listed.items[1:], listed.items[0]) if is_first else (listed.items[:-1], listed.items[-1])
        return List(left, NOTHING, listed.token), out
    if name == "reverse" and not values:
        return of_order(elements[::-1], listed.token), g.none
    return None


_OF_LISTS = frozenset(
    {"appendleft", "extendleft", "insert", "pop", "popleft", "remove", "clear", "reverse", "rotate", "sort"}
)


def _added(g: Machine, name: str, values: list[Value]) -> Value:
    """What one of these methods adds to a list."""
    if name == "insert":
        return join(*values[1:])
    if name == "extendleft":
        return join(*(containers.element(g, value) for value in values))
    return join(*values) if name == "appendleft" else NOTHING


def _of_dict(g: Machine, held: Dict, name: str, values: list[Value]) -> tuple[Any, Value]:
    if name == "pop":
        key = only(values[0], Const) if values else None
        entry = element_of(held) if key is None else held.entries.get(key.value, held.others)
        return containers.without(held, key), join(entry or UNKNOWN, *values[1:])
    if name == "popitem":
        return containers.without(held, None), one(List((DATA, element_of(held))))
    if name == "clear":
        return Dict({}, NOTHING, held.token), g.none
    if name == "update":
        for value in values:
            held = containers.updated(g, held, only(value, Dict) or Dict({}, containers.values_of(value)))
        return held, g.none
    if name == "setdefault" and len(values) == 2 and only(values[0], Const) is not None:
        return _with_default(held, only(values[0], Const).value, values[1])
    entries = {key: join(value, *values) for key, value in held.entries.items()}
    return held.but(entries, join(held.others, *values)), join(element_of(held), *values)


def _with_default(held: Dict, key: object, default: Value) -> tuple[Dict, Value]:
    """A dictionary after `held.setdefault(key, default)`, and what that returns."""
    known = held.entries.get(key)
    value = known if known is not None and key not in held.optional else join(known or held.others, default)
    return held.but({**held.entries, key: value}, optional=held.optional - {key}), value


_OF: dict[type[Any], Any] = {Stack: _of_stack, List: _of_list, Dict: _of_dict}
