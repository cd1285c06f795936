"""Python's functions on iterables: `enumerate`, `zip`, `map`, `sum`, `max`, and copies as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderlint.glance import attributes, containers
from orderlint.glance.arguments import Given
from orderlint.glance.lists import List
from orderlint.glance.orders import FRESH
from orderlint.glance.overloads import are_added
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Const,
    Tensor,
    Thing,
    Value,
    const,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS"]

MOST_ITERATIONS = 3  # iterations over an unknown number of elements: the analysis runs two


def _enumerate(g: Machine, given: Given) -> Value:
    found = NOTHING
    for thing in given.positional[0] if given.positional else ():
        if type(thing) is List and thing.is_known:
            start = 0 if len(given.positional) == 1 and not given.keywords else None
            numbers = [const(i) if start is not None else SCALAR for i in range(len(thing.items))]
            found = join(found, one(List(tuple(one(List(pair)) for pair in zip(numbers, thing.items)))))  # noqa: B905
        elif type(thing) is List and thing.parts_in_order is not None:
            found = join(found, one(thing.renewed(lambda value: one(List((SCALAR, value)))).with_token(None)))
        else:
            found = join(found, one(List((), one(List((SCALAR, containers.element(g, frozenset([thing]))))))))
    return found


def _zip(g: Machine, given: Given) -> Value:
    lists = [only(value, List) for value in given.positional]
    if lists and not given.more and all(one_list is not None and one_list.is_known for one_list in lists):
        rows = zip(*(one_list.items for one_list in lists if one_list is not None))  # noqa: B905
        return one(List(tuple(one(List(row)) for row in rows)))
    row = List(tuple(containers.element(g, value) for value in given.positional)) if not given.more else None
    return one(List((), ANY if row is None else one(row)))


def _shown(g: Machine, given: Given) -> Value:
    """A progress bar around an iterable. Without an iterable, it is an object of a library."""
    iterable = given.get(0, "iterable")
    return DATA if iterable is None and not given.more else _same(g, Given((iterable or ANY,), place=given.place))


def _same(g: Machine, given: Given) -> Value:
    """A list of the same elements."""
    if not given.positional:
        return ANY if given.more else one(List((), token=g.token(given.place)))
    found = NOTHING
    for thing in given.positional[0]:
        if type(thing) is List:
            found = join(found, one(thing.with_token(g.token(given.place))))
        elif type(thing) is Tensor:
            found = join(found, one(thing))
        else:
            found = join(found, one(List((), containers.element(g, frozenset([thing])), g.token(given.place))))
    return found


def _any_order(g: Machine, given: Given) -> Value:
    if not given.positional:
        return one(List((), token=g.token(given.place)))
    listed = only(given.positional[0], List)
    every = containers.element(g, given.positional[0]) if listed is None else element_of(listed)
    return one(List((), every, g.token(given.place)))


def _reversed(g: Machine, given: Given) -> Value:
    listed = only(given.positional[0], List) if given.positional else None
    if listed is not None and listed.is_known:
        return one(List(tuple(reversed(listed.items))))
    return _any_order(g, given)


def _range(g: Machine, given: Given) -> Value:
    bounds = [only(value, Const) for value in given.positional]
    if bounds and None not in bounds and all(isinstance(bound.value, int) for bound in bounds if bound is not None):
        numbers = range(*(bound.value for bound in bounds if bound is not None))
        if len(numbers) <= containers.MOST_PLAIN:
            return one(List(tuple(map(const, numbers))))
    return one(List((), SCALAR))


def _len(g: Machine, given: Given) -> Value:
    listed = only(given.positional[0], List) if given.positional else None
    return const(len(listed.items)) if listed is not None and listed.is_known else SCALAR


def _map(g: Machine, given: Given) -> Value:
    if len(given.positional) < 2 or given.more:
        raise Unsure("an unusual call of map")
    elements = [containers.element(g, value) for value in given.positional[1:]]
    return one(List((), g.call(given.positional[0], elements)))


def _starmap(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return one(List((), DATA))
    if len(given.positional) != 2:
        raise Unsure("an unusual call of starmap")
    function, rows = given.positional
    return one(List((), join(*(_called(g, function, row) for row in containers.element(g, rows)))))


def _called(g: Machine, function: Value, row: Thing) -> Value:
    """The result of a function that is called with the elements of a row."""
    if not isinstance(row, List):
        raise Unsure("arguments that are not known")
    return g.call(function, Given(row.items, {}, NOTHING if row.is_known else join(element_of(row), UNKNOWN)))


def _filter(g: Machine, given: Given) -> Value:
    if len(given.positional) != 2:
        raise Unsure("an unusual call of filter")
    element = containers.element(g, given.positional[1])
    if given.positional[0] != g.none:
        g.call(given.positional[0], (element,))
    return one(List((), element))


def _reduce(g: Machine, given: Given) -> Value:
    if len(given.positional) not in (2, 3):
        raise Unsure("an unusual call of reduce")
    function, iterable, *start = given.positional
    listed = containers.as_list(g, iterable)
    first, *others = (*start, *listed.items) or (listed.rest,)
    value: Value = first
    for item in others:
        value = g.call(function, (value, item))
    for _ in range(MOST_ITERATIONS if listed.rest else 0):
        value = join(value, g.call(function, (value, listed.rest)))
    return value


def _next(g: Machine, given: Given) -> Value:
    return join(containers.element(g, given.positional[0]), *given.positional[1:]) if given.positional else ANY


def _items(g: Machine, given: Given) -> Value:
    return g.call(attributes.attribute(g, given.positional[0], "items"), ()) if given.positional else ANY


def _sum(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return DATA
    summands = join(*(containers.element(g, value) for value in given.positional[:1]), *given.every[1:])
    if are_added(g, summands):
        raise Unsure("a sum of objects that have a method for it")
    if not all(type(thing) is Tensor or thing.is_plain for thing in summands):  # a sum of lists is a list
        return ANY
    flow = g.flow(given.every) or FRESH
    g.consume(given.every)
    return join(one(Tensor(flow)), g.fresh)


def _minmax(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return SCALAR
    every = given.positional if len(given.positional) > 1 else (containers.element(g, join(*given.positional)),)
    return join(*every, given.keywords.get("default", NOTHING), given.more)


FUNCTIONS: dict[str, Any] = {
    "builtins.len": _len,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.list": _same,
    "builtins.tuple": _same,
    "builtins.iter": _same,
    "tqdm.tqdm": _shown,
    "numpy.array": _same,
    "numpy.asarray": _same,
    "collections.deque": _same,
    "builtins.set": _any_order,
    "builtins.frozenset": _any_order,
    "builtins.sorted": _any_order,
    "builtins.reversed": _reversed,
    "builtins.range": _range,
    "builtins.xrange": _range,
    "builtins.filter": _filter,
    "builtins.map": _map,
    "itertools.imap": _map,
    "itertools.starmap": _starmap,
    "builtins.next": _next,
    "six.iteritems": _items,
    "future.utils.iteritems": _items,
    "builtins.reduce": _reduce,
    "functools.reduce": _reduce,
    "builtins.sum": _sum,
    "builtins.min": _minmax,
    "builtins.max": _minmax,
}
