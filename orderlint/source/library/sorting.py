"""Sorting and sort keys: `sorted`, `list.sort`, `operator.itemgetter`, `operator.attrgetter`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, list_items
from orderlint.source.state import values
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import NONE, Condition, Const, Element, External, ListObject, Partial, Unknown, Value

OWNER = ListObject


def _sorted(m: Machine, arguments: Arguments, site: Site) -> Value:
    iterable = arguments.get(0, "iterable") or NONE
    return m.each(iterable, lambda one: _sorted_range(m, one, arguments) or _new_sorted(m, one, arguments, site))


def _sorted_range(m: Machine, iterable: Value, arguments: Arguments) -> Value | None:
    """The numbers of an unknown `range`, in order or reversed; `None` for anything else."""
    if "key" in arguments.keywords:
        return None
    match iterable:
        case Unknown(key=("range", Value(), Value(), *step)) if step in ([], [Const(1)]):
            reverse = arguments.keywords.get("reverse", Const(False))
            if isinstance(reverse, Const):
                return list_items.cut(m, iterable, [NONE, NONE, Const(-1)]) if reverse.value else iterable
    return None


def _new_sorted(m: Machine, iterable: Value, arguments: Arguments, site: Site) -> Value:
    found = _in_order(m, containers.iterate(m, iterable), arguments, site)
    return m.fresh("sorted") if found is None else m.new_list(found)


def _sort(m: Machine, owner: ListObject, arguments: Arguments) -> Value | None:
    site = m.site(arguments.nodes[0].value) if arguments.nodes else None
    elements = m.elements(owner.uid)
    found = _in_order(m, elements, arguments, site)
    if found is None:
        found = [Element(m.fresh("sorted"), element.guard) for element in elements]
    m.store.write(owner.uid, ITEMS, values.Sequence(tuple(found)))
    return NONE


def _in_order(
    m: Machine, elements: Sequence[Element], arguments: Arguments, site: Site | None
) -> Sequence[Element] | None:
    """The elements sorted; `None` if their order is not known and matters."""
    reverse = arguments.keywords.get("reverse", Const(False))
    key = arguments.keywords.get("key", NONE)
    if isinstance(reverse, Const) and all(element.iteration is None for element in elements):
        keys = [_comparable(_key(m, key, element.value, site)) for element in elements]
        try:
            order = sorted(range(len(elements)), key=keys.__getitem__, reverse=bool(reverse.value))
        except TypeError:
            pass
        else:
            return [elements[index] for index in order]
    return elements if all(values.is_data(element.value) for element in elements) else None


def _key(m: Machine, function: Value, value: Value, site: Site | None) -> Value:
    if function == NONE:
        return value
    return m.call(function, Arguments([value]), site) if site is not None else m.fresh("key")


def _comparable(value: Value) -> Any:
    """A value for Python to compare. An unknown value cannot be compared, which raises a `TypeError`."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Condition) and value.guard in (ALWAYS, NEVER):
        return value.guard is ALWAYS
    if isinstance(value, values.Sequence) and all(element.guard is ALWAYS for element in value.elements):
        return tuple(_comparable(element.value) for element in value.elements)
    return object()


# -- keys ---------------------------------------------------------------------------------------------------------


def _getter(name: str, m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`operator.itemgetter(1)`: a function that gets these items or attributes from its argument."""
    return Partial(External(name), tuple(arguments.positional), {}) if arguments.positional else None


def _got(get: Callable[[Machine, Value, Value], Value], m: Machine, arguments: Arguments, site: Site) -> Value:
    *wanted, value = arguments.positional
    found = [get(m, value, one) for one in wanted]
    return found[0] if len(found) == 1 else values.sequence(*found)


def _attribute(m: Machine, value: Value, name: Value) -> Value:
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return m.fresh("attribute")
    for part in name.value.split("."):
        value = m.attribute(value, part)
    return value


# The names of the functions that a getter calls. Code cannot write such names.
_ITEM, _ATTRIBUTE = "operator.itemgetter()", "operator.attrgetter()"

FUNCTIONS: dict[str, Modeled] = {
    "builtins.sorted": _sorted,
    "operator.itemgetter": partial(_getter, _ITEM),
    "operator.attrgetter": partial(_getter, _ATTRIBUTE),
    _ITEM: partial(_got, containers.item),
    _ATTRIBUTE: partial(_got, _attribute),
}
METHODS: dict[str, Callable[[Machine, ListObject, Arguments], Value | None]] = {"sort": _sort}
