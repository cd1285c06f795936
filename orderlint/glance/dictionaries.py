"""Dictionaries that are created from pairs or keyword arguments, and those with a default factory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderlint.glance import attributes, containers
from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import ANY, DATA, NOTHING, Instance, Value, is_plain, one, only
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS"]


def _dict(g: Machine, given: Given) -> Value:
    """`dict(pairs, a=1)`."""
    g.share(*given.every)
    made = Dict({}, NOTHING, g.token(given.place))
    named = Dict({**given.maybe, **given.keywords}, given.more, None, frozenset(given.maybe))
    if not given.positional:
        return one(containers.updated(g, made, named))
    every = [thing if type(thing) is Dict else _of_pairs(g, thing) for thing in given.positional[0]]
    if None in every:
        return ANY
    return join(
        *(one(containers.updated(g, containers.updated(g, made, more), named)) for more in every if more is not None)
    )


def _of_pairs(g: Machine, thing: Any) -> Dict | None:
    """A dictionary of key-value pairs, or of the names of an object; `None` if it may be anything."""
    if containers.is_of_names(thing) and type(thing.receiver) is Instance:
        return Dict({}, attributes.every_given_to(g, thing.receiver))
    if type(thing) is not List:
        return Dict({}, DATA) if is_plain(one(thing)) else None
    keys, values = NOTHING, NOTHING
    for pair in element_of(thing):
        columns = pair.items if type(pair) is List and pair.is_known and len(pair.items) == 2 else None
        part = containers.element(g, one(pair))
        keys, values = join(keys, columns[0] if columns else part), join(values, columns[1] if columns else part)
    return Dict({}, join(values, *containers.kept_keys(keys)))


def _default_dict(g: Machine, given: Given) -> Value:
    """`defaultdict(factory)`. Code may change the values from the factory; those are not distinguished."""
    factory, *entries = given.positional or (g.none,)
    made = g.none if factory == g.none else g.call(factory, ())
    held = only(_dict(g, Given(entries, given.keywords, given.more, given.place, given.maybe)), Dict)
    return ANY if held is None else one(held.but(held.entries, join(held.others, made)))


FUNCTIONS: dict[str, Any] = {
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _default_dict,
}
