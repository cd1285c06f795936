"""Combinations of elements: `itertools.product`, `combinations`, `pairwise`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, islice, pairwise, product

from orderlint.graph import Limit, Site
from orderlint.graph.guards import ALWAYS
from orderlint.source.library.kinds import Modeled, all_present, side_by_side
from orderlint.source.python import list_items
from orderlint.source.python.containers import gathered, iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, Element, Sequence, Unknown, Value

MOST_COMBINATIONS = 256


def _product(m: Machine, arguments: Arguments, site: Site) -> Value:
    columns = [*gathered(m, (iterate(m, value) for value in arguments.positional))]
    return _rows(m, product(*columns) if columns else ())


def _combinations(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    elements, length = _known(m, arguments), arguments.get(1, "r")
    if elements is None or not isinstance(length, Const) or not isinstance(length.value, int) or length.value < 0:
        return None
    return _rows(m, combinations(elements, length.value))


def _pairwise(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    iterable = arguments.get(0, "iterable")
    if iterable is None:
        return None
    elements = _known(m, arguments)
    if elements is None:
        later = list_items.cut(m, iterable, [Const(1), NONE, NONE])
        return side_by_side(m, [iterable, later])
    if any(element.guard is not ALWAYS for element in elements):
        return None  # if one is missing, its neighbors form a pair
    return _rows(m, pairwise(elements))


def _known(m: Machine, arguments: Arguments) -> list[Element] | None:
    """The elements of the first argument; `None` if more may follow."""
    iterable = arguments.get(0, "iterable")
    if iterable is None or isinstance(iterable, Unknown):
        return None
    elements = iterate(m, iterable)
    return None if any(element.iteration is not None for element in elements) else elements


def _rows(m: Machine, rows: Iterable[tuple[Element, ...]]) -> Value:
    found = list(islice(rows, MOST_COMBINATIONS + 1))
    if len(found) > MOST_COMBINATIONS:
        m.fall_short(Limit.ITERATIONS)
        del found[MOST_COMBINATIONS:]
    return Sequence(tuple(Element(Sequence(tuple(Element(e.value) for e in row)), all_present(row)) for row in found))


FUNCTIONS: dict[str, Modeled] = {
    "itertools.product": _product,
    "itertools.combinations": _combinations,
    "itertools.pairwise": _pairwise,
}
