"""Lists, tuples and dictionaries: creating, reading and changing them, and assigning to targets.

The list that a value holds is immutable. So if a list has two names and is changed through one of them, it would stay
the same under the other. For this reason, a list that something else keeps, too, is marked as shared. Once a shared
list changes, all its states are recorded, and a read through any name returns all of them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import attributes, binding, computed
from orderlint.glance.lists import CHANGEABLE, Dict, List, Part
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Layer,
    Model,
    Native,
    Partial,
    Tensor,
    Text,
    Value,
    const,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import MOST_IN_ORDER, element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = [
    "UNCHANGED",
    "as_list",
    "assign",
    "chained",
    "display",
    "element",
    "item",
    "kept_keys",
    "longer",
    "taken_out",
    "unrolled",
    "update",
    "values_of",
    "without",
]

MOST_UNROLLED = 64  # elements that a loop takes one by one
MOST_LISTS = 4  # alternative lists of a loop that are distinguished
MOST_DISTINGUISHED = 200  # elements of a list, or entries of a dictionary, that are distinguished
MOST_PLAIN = 8  # numbers and texts that a loop takes one by one
MOST_KEYS = 12  # keys of a dictionary that are distinguished when code iterates over them

_UNKNOWN_THING, _ANY_THING = next(iter(UNKNOWN)), next(iter(ANY))
_SCALAR_THING, _DATA_THING = next(iter(SCALAR)), next(iter(DATA))


def display(g: Machine, nodes: Sequence[ast.expr], token: object) -> List:
    """`[a, *b, c]`."""
    if len(nodes) <= MOST_DISTINGUISHED and not any(isinstance(node, ast.Starred) for node in nodes):
        return List(tuple(g.evaluate(node) for node in nodes), token=token)
    made = List((), token=token)
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = g.peek(node.value)
            made = chained(made, as_list(g, value))
        else:
            made = longer(made, g.evaluate(node))
    return made


def as_list(g: Machine, value: Value) -> List:
    """An iterated value as a list: the list that it is, or one with any number of its elements."""
    known: List | None = only(value, List)
    return List((), element(g, value)) if known is None else known


def longer(listed: List, value: Value) -> List:
    """A list with one more element."""
    if listed.is_known and len(listed.items) < MOST_DISTINGUISHED:
        return List((*listed.items, value), token=listed.token)
    if (listed.tail or listed.repeated) and len(listed.tail) < MOST_IN_ORDER:
        tail = (*listed.tail, (value, False))
        return List(listed.items, join(listed.rest, value), listed.token, tail, listed.repeated)
    return List(listed.items, join(listed.rest, value), listed.token)


def chained(first: List, second: List) -> List:
    """`first + second`."""
    if first.is_known and len(first.items) + len(second.items) <= MOST_DISTINGUISHED:
        return List((*first.items, *second.items), second.rest, first.token, second.tail, second.repeated)
    more = second.in_order
    if (first.tail or first.repeated) and more is not None and len(first.tail) + len(more) <= MOST_IN_ORDER:
        rest = join(first.rest, element_of(second))
        return List(first.items, rest, first.token, (*first.tail, *more), first.repeated)
    return List(first.items, join(first.rest, element_of(second)), first.token)


def unrolled(value: Value, most_plain: int = MOST_PLAIN) -> Sequence[Sequence[Part]] | None:
    """The elements of each list that may be iterated; `None` if their order is not known, or if they are many."""
    lists = [_unrolled(thing, most_plain) for thing in value]
    if not lists or None in lists or len(lists) > MOST_LISTS:
        return None
    return [parts for parts in lists if parts is not None]


def _unrolled(thing: Any, most_plain: int) -> Sequence[Part] | None:
    parts: Sequence[Part] | None = thing.parts_in_order if type(thing) is List else None
    num_elements = sum(len(elements) for elements, _ in parts or ())
    return None if num_elements > (most_plain if thing.is_plain else MOST_UNROLLED) else parts


def element(g: Machine, value: Value) -> Value:
    """What an element of an iterated value may be."""
    found = NOTHING
    for thing in value:
        if type(thing) is List:
            found = join(found, element_of(thing))
        elif type(thing) is Dict:
            found = join(found, _keys(thing), *kept_keys(thing.others))
        elif type(thing) is Instance and not attributes.is_tuple(g, thing.cls):
            found = join(found, UNKNOWN)
        else:
            found = join(found, _part_of(thing))
    return found


def _keys(held: Dict) -> Value:
    """What a key of a dictionary may be."""
    texts = [key for key in held.entries if isinstance(key, str)]
    are_known = len(texts) == len(held.entries) <= MOST_KEYS
    return join(DATA if held.others else NOTHING if are_known else SCALAR, *map(const, texts if are_known else ()))


def _part_of(thing: Any) -> Value:
    """What a part of a thing that is neither a list nor a dictionary may be."""
    kind = type(thing)
    if kind is Tensor or thing is _UNKNOWN_THING:
        return one(thing)
    if kind is External or kind is Native or thing is _DATA_THING:
        return DATA
    if thing is _SCALAR_THING or kind in (Const, Text):
        return SCALAR
    if kind is Class:
        return ANY if attributes.is_enumeration(thing) else UNKNOWN
    return UNKNOWN if kind in _NOT_ITERATED else ANY


_NOT_ITERATED = (Function, Bound, Partial, Layer, Model)


def values_of(value: Value) -> Value:
    """What a value of a dictionary may be."""
    return join(*map(_values_in, value))


def _values_in(thing: Any) -> Value:
    if type(thing) is Dict:
        return element_of(thing)
    if type(thing) is List:  # of pairs, or of anything else
        return join(UNKNOWN, *(element_of(part) if type(part) is List else one(part) for part in element_of(thing)))
    return DATA if _is_out_of_reach(thing) else ANY


def item(g: Machine, value: Value, index: ast.expr) -> Value:
    """`value[index]`."""
    if isinstance(index, ast.Slice):
        return _sliced(g, value, index)
    key = only(g.peek(index), Const)
    found = NOTHING
    for thing in value:
        if type(thing) is List:
            found = join(found, _at(thing, key))
        elif type(thing) is Dict:
            found = join(found, _of_key(thing, key))
        elif is_of_names(thing):
            found = join(found, g.call(one(Native(thing, "__getitem__")), (g.peek(index),)))
        elif type(thing) is Instance and not attributes.is_tuple(g, thing.cls):
            found = join(found, _of_object(g, thing, index))
        elif type(thing) is External:
            found = join(found, DATA, one(thing) if key is None else NOTHING)  # `list[int]` is a list
        else:
            found = join(found, _part_of(thing))
    return found


def _of_object(g: Machine, instance: Instance, index: ast.expr) -> Value:
    """`instance[index]`."""
    method = attributes.method(g, instance.cls, "__getitem__")
    if method is None:
        return UNKNOWN
    bound = attributes.attribute(g, one(instance), "__getitem__")
    return join(UNKNOWN, g.call(bound, (g.peek(index),)))


def kept_keys(key: Value) -> Sequence[Value]:
    """The keys that a dictionary keeps along with its values, since code may iterate over them, for example layers."""
    return () if is_plain(key) else (key,)


def is_of_names(thing: Any) -> bool:
    """Whether a thing is the dictionary of the names of a module or an object."""
    return type(thing) is Native and thing.name == attributes.NAMES


def _at(listed: List, key: Const | None) -> Value:
    if key is None or not isinstance(key.value, int):
        return element_of(listed)
    if 0 <= key.value < len(listed.items) or (listed.is_known and -len(listed.items) <= key.value < 0):
        return listed.items[key.value]
    return UNKNOWN if listed.is_known else element_of(listed)


def _of_key(held: Dict, key: Const | None) -> Value:
    if key is not None:
        known = held.entries.get(key.value)
        if known is not None:
            return known
        return held.others or UNKNOWN
    return element_of(held) or UNKNOWN


def _sliced(g: Machine, value: Value, index: ast.Slice) -> Value:
    found = NOTHING
    for thing in value:
        found = join(found, one(_slice_of(g, thing, index)) if type(thing) is List else _part_of(thing))
    return found


def _slice_of(g: Machine, listed: List, index: ast.Slice) -> List:
    parts = (index.lower, index.upper, index.step)
    bounds = [None if part is None else only(g.peek(part), Const) for part in parts]
    is_known = [part is None for part in parts] == [bound is None for bound in bounds]
    if not listed.is_known or not is_known:
        return List((), element_of(listed))
    try:
        return List(listed.items[slice(*(None if bound is None else bound.value for bound in bounds))])
    except (TypeError, ValueError):
        return List((), element_of(listed))


# -- targets ----------------------------------------------------------------------------------------------------


def assign(g: Machine, target: ast.expr, value: Value) -> None:
    """`target = value`."""
    if isinstance(target, ast.Name):
        binding.bind(g, target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(g, target.elts, value)
    elif isinstance(target, ast.Starred):
        assign(g, target.value, one(List((), value, g.token(target))))
    elif isinstance(target, ast.Attribute):
        attributes.write(g, g.peek(target.value), target.attr, value)
    elif isinstance(target, ast.Subscript):
        _put(g, target, value)
    else:
        raise Unsure("a target")


def _unpack(g: Machine, targets: Sequence[ast.expr], value: Value) -> None:
    is_even = not any(isinstance(target, ast.Starred) for target in targets)
    if is_even:
        columns = [_columns(thing, len(targets)) for thing in value]
        if columns and None not in columns:
            for number, target in enumerate(targets):
                assign(g, target, join(*(column[number] for column in columns if column is not None)))
            return
    part = element(g, value)
    for target in targets:
        assign(g, target, part)


def _columns(thing: Any, number: int) -> tuple[Value, ...] | None:
    """What each of `number` targets takes from a thing; `None` if that is not known."""
    if type(thing) is List and thing.is_known and len(thing.items) == number:
        return thing.items
    return None


def _put(g: Machine, target: ast.Subscript, value: Value) -> None:
    """`holder[key] = value`."""
    index = SCALAR if isinstance(target.slice, ast.Slice) else g.peek(target.slice)
    known = only(index, Const)
    for thing in g.peek(target.value):
        if is_of_names(thing):
            _name(g, thing, index, value)

    def put(holder: Any) -> Any:
        if type(holder) is Dict:
            if known is None:
                entries = {name: join(held, value) for name, held in holder.entries.items()}
                return holder.but(entries, join(holder.others, value, *kept_keys(index)))
            return holder.but({**holder.entries, known.value: value}, optional=holder.optional - {known.value})
        if type(holder) is List and isinstance(target.slice, ast.Slice):
            return List((), join(element_of(holder), element(g, value)), holder.token)
        if type(holder) is List:
            at = known.value if known is not None else None
            if isinstance(at, int) and 0 <= at < len(holder.items):
                return List((*holder.items[:at], value, *holder.items[at + 1 :]), holder.rest, holder.token)
            return List((), join(element_of(holder), value), holder.token)
        return None

    update(g, target.value, put, value, unchanged=(*_WITHOUT_ITEMS, Native))


def _name(g: Machine, names: Native, key: Value, value: Value) -> None:
    """`vars(owner)[key] = value`.

    Raises:
        Unsure: The owner is not an object.
    """
    if type(names.receiver) is not Instance:
        raise Unsure("a name that is not known")
    g.share(value)
    computed.write(g, one(names.receiver), key, value)


UNCHANGED = (Function, Bound, Partial, Layer, Model)
"""The kinds of things that have no methods that add something to them."""
_WITHOUT_ITEMS = (Instance, Class, *UNCHANGED)
"""The kinds of things whose assigned items the analysis does not keep, either."""


def taken_out(g: Machine, holder: ast.expr, index: ast.expr) -> None:
    """`del holder[index]`."""
    key = None if isinstance(index, ast.Slice) else only(g.peek(index), Const)

    def take(thing: Any) -> Any:
        if type(thing) is Dict:
            return without(thing, key)
        if type(thing) is List:
            return List((), element_of(thing), thing.token)
        return None

    update(g, holder, take, SCALAR, unchanged=_WITHOUT_ITEMS)


def updated(g: Machine, held: Dict, more: Dict) -> Dict:
    """A dictionary after `held.update(more)`."""
    g.go_through(held.parts + more.parts)
    entries = {key: join(value, more.others) for key, value in held.entries.items()}
    for key, value in more.entries.items():
        entries[key] = join(value, entries.get(key, NOTHING)) if key in more.optional else value
    surely = (set(held.entries) - held.optional) | (set(more.entries) - more.optional)
    return held.but(entries, join(held.others, more.others), frozenset(entries) - surely)


def without(held: Dict, key: Const | None) -> Dict:
    """A dictionary from which a key was removed; any key, if it is `None`."""
    if key is None:
        return Dict({}, element_of(held), held.token)
    return held.but({name: value for name, value in held.entries.items() if name != key.value})


def update(g: Machine, holder: ast.expr, change: Any, given: Value, unchanged: tuple[type[Any], ...] = ()) -> None:
    """Change a container in place.

    Args:
        g: The machine.
        holder: The expression of the container.
        change: Returns a thing after the change; `None` if that is not known.
        given: What is added.
        unchanged: The kinds of things that do not change.

    Raises:
        Unsure: The container may be anything.
    """
    value = g.peek(holder)
    # If these are read later, what was added to them is not known anyway.
    outside = {thing for thing in value if _is_out_of_reach(thing) or isinstance(thing, unchanged)}
    if _ANY_THING in value and _is_numeric(given):
        outside.add(_ANY_THING)  # it adds a number to some list
    changed = {change(thing) for thing in value - outside}
    if not all(isinstance(thing, CHANGEABLE) for thing in changed):
        raise Unsure("a change of what is not known")
    if not changed:
        return
    is_read = isinstance(holder, (ast.Name, ast.Attribute, ast.Subscript))
    for thing in changed:
        if not is_read and thing.token is None:
            raise Unsure("a change of what is held by another")
        if not is_read or thing.token in g.shared or thing.token in g.lent:
            g.changed_elsewhere(thing.token, one(thing))
    changed |= outside
    if isinstance(holder, ast.Name):
        binding.rebind(g, holder.id, frozenset(changed))
    elif isinstance(holder, ast.Attribute):
        attributes.write(g, g.peek(holder.value), holder.attr, frozenset(changed))
    elif isinstance(holder, ast.Subscript):
        _put(g, holder, frozenset(changed))


def _is_numeric(value: Value) -> bool:
    """Whether a value holds only numbers and lists of them, so that no layer can be made of it."""
    for thing in value:
        if type(thing) is Const:
            if thing.value is None or isinstance(thing.value, (str, bool)):
                return False
        elif type(thing) is List:
            if not _is_numeric(element_of(thing)):
                return False
        elif type(thing) in (Dict, Text) or not is_plain(one(thing)):
            return False
    return True


_OUT_OF_REACH = (_UNKNOWN_THING, _SCALAR_THING, _DATA_THING)


def _is_out_of_reach(thing: Any) -> bool:
    if is_of_names(thing):
        return False
    return thing in _OUT_OF_REACH or isinstance(thing, (Const, External, Native, Tensor, Text))
