"""Reduces elements to one value: `len`, `sum`, `any`, `all`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, draining, list_positions, operations, settings, truth, unrolled
from orderlint.source.python.containers import iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    NONE,
    Condition,
    Const,
    DictObject,
    ListObject,
    Sequence,
    SequentialModel,
    Unknown,
    Value,
    is_data,
)


def _len(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    return m.each(value, lambda one: _length(m, settings.as_data(m, one)))


def _length(m: Machine, value: Value) -> Value:
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(len(value.value))
    if isinstance(value, Unknown):
        return draining.length(m, value)
    if not isinstance(value, (Sequence, ListObject, DictObject, SequentialModel)):
        return m.unknown(("length", value), scalar=True)
    elements = iterate(m, value)
    if len(elements) >= containers.MOST_KNOWN:  # there may be more
        return m.unknown(("length", value), scalar=True)
    of_unknown = unrolled.length(m, elements)
    if of_unknown is not None:
        return of_unknown
    counts: Mapping[int, Guard] = {0: ALWAYS}
    for element in elements:
        counts = list_positions.counted(m, counts, element)
    return m.choose([(guard, Const(count)) for count, guard in counts.items()])


def _sum(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return m.fresh("sum")
    start = arguments.get(1, "start")
    elements = iterate(m, arguments.positional[0])
    current = start if start is not None else Const(0)
    if len(elements) >= containers.MOST_KNOWN:
        return m.unknown(("sum", arguments.positional[0], start), scalar=is_data(elements[0].value))
    for element in elements:
        current = operations.binary(m, "+", current, element.value, site) if current != Const(0) else element.value
    return current


def _any_all(m: Machine, arguments: Arguments, site: Site, every: bool) -> Value:
    guard = ALWAYS if every else NEVER
    for element in iterate(m, arguments.positional[0]) if arguments.positional else ():
        holds = truth.of(m, element.value)
        guard = guard & (holds | ~element.guard) if every else guard | (holds & element.guard)
    return Const(guard is ALWAYS) if guard in (ALWAYS, NEVER) else Condition(guard)


FUNCTIONS: dict[str, Modeled] = {
    "builtins.len": _len,
    "builtins.sum": _sum,
    "builtins.any": partial(_any_all, every=False),
    "builtins.all": partial(_any_all, every=True),
}
