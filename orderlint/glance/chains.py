"""Functions of Python that combine or slice iterables, such as those of `itertools`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from orderlint.glance import containers
from orderlint.glance.arguments import Given
from orderlint.glance.lists import List
from orderlint.glance.things import ANY, Value, one, only
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS"]


def _chained(g: Machine, values: Sequence[Value]) -> List:
    """The elements of values, one after the other."""
    made = List(())
    for value in values:
        made = containers.chained(made, containers.as_list(g, value))
    return made


def _chain(g: Machine, given: Given) -> Value:
    made = _chained(g, given.positional)
    if given.more:
        made = containers.chained(made, List((), containers.element(g, given.more)))
    return one(made)


def _chain_nested(g: Machine, given: Given) -> Value:
    if len(given.positional) != 1:
        return ANY
    outer = only(given.positional[0], List)
    if outer is not None and outer.is_known:
        return one(_chained(g, outer.items))
    return one(List((), containers.element(g, containers.element(g, given.positional[0]))))


def _some(g: Machine, given: Given) -> Value:
    """Some of the elements, or all of them repeatedly."""
    return one(List((), containers.element(g, given.positional[0]))) if given.positional else ANY


def _repeat(g: Machine, given: Given) -> Value:
    return one(List((), given.get(0, "object") or ANY))


def _rows(g: Machine, given: Given) -> Value:
    """Rows of elements that may come from any of the iterables."""
    elements = join(given.more and ANY, *(containers.element(g, value) for value in given.positional))
    return one(List((), one(List((), elements))))


def _zip_longest(g: Machine, given: Given) -> Value:
    fill = given.keywords.get("fillvalue", g.none)
    lists = [only(value, List) for value in given.positional]
    known = [each.items for each in lists if each is not None and each.is_known]
    if given.more or len(known) < len(lists):
        columns = (join(containers.element(g, value), fill) for value in given.positional)
        return one(List((), ANY if given.more else one(List(tuple(columns)))))
    return one(List(tuple(one(List(row)) for row in zip_longest(*known, fillvalue=fill))))


FUNCTIONS: dict[str, Any] = {
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_nested,
    "itertools.cycle": _some,
    "itertools.islice": _some,
    "itertools.repeat": _repeat,
    "itertools.combinations": _rows,
    "itertools.pairwise": _rows,
    "itertools.permutations": _rows,
    "itertools.product": _rows,
    "itertools.zip_longest": _zip_longest,
}
