"""Sequences of numbers: `range`, `numpy.arange`, `numpy.linspace`."""

from __future__ import annotations

from functools import partial

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import arrays, settings
from orderlint.source.python.containers import MOST_KNOWN
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Choice, Const, Element, Sequence, Value


def _range(m: Machine, arguments: Arguments, site: Site) -> Value:
    bounds = [settings.as_data(m, bound) for bound in arguments.positional]
    for number, bound in enumerate(bounds):
        if isinstance(bound, Choice):
            return m.each(bound, partial(_range_with, m, bounds, number, site))
    if bounds and all(isinstance(b, Const) and isinstance(b.value, int) for b in bounds):
        try:
            numbers = range(*(b.value for b in bounds))  # type: ignore[attr-defined]
        except (TypeError, ValueError):
            return m.fresh("range")
        kept = (*numbers[: MOST_KNOWN - 1], *numbers[MOST_KNOWN - 1 :][-1:])  # the last one often differs
        return Sequence(tuple(Element(Const(i)) for i in kept))
    start = bounds[0] if len(bounds) > 1 else Const(0)
    return m.unknown(("range", start, *(bounds[1:] if len(bounds) > 1 else bounds)), scalar=True)


def _range_with(m: Machine, bounds: list[Value], number: int, site: Site, bound: Value) -> Value:
    return _range(m, Arguments([*bounds[:number], bound, *bounds[number + 1 :]]), site)


def _linspace(m: Machine, arguments: Arguments, site: Site) -> Value:
    """Evenly spaced numbers, for example drop rates that grow with depth."""
    start, stop, number = (arguments.get(i, name) for i, name in enumerate(("start", "stop", "num")))
    if not (isinstance(start, Const) and isinstance(stop, Const) and isinstance(number, Const)):
        return m.fresh("linspace")
    low, high, count = start.value, stop.value, number.value
    if not (isinstance(low, (int, float)) and isinstance(high, (int, float)) and isinstance(count, int)):
        return m.fresh("linspace")
    step = (high - low) / max(count - 1, 1)
    return m.new_array(Const(low + step * i) for i in range(min(count, MOST_KNOWN)))


def _arange(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(_range(m, arguments, site), lambda found: arrays.of_list(m, found))


FUNCTIONS: dict[str, Modeled] = {
    "builtins.range": _range,
    "builtins.xrange": _range,
    "tqdm.trange": _range,
    "numpy.arange": _arange,
    "numpy.linspace": _linspace,
}
