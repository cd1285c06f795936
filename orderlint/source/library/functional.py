"""Functions that call a function: `map`, `filter`, `functools.partial`, `functools.reduce`."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.graph.guards import NEVER
from orderlint.source.library.kinds import Modeled, all_present, columns
from orderlint.source.python import containers, truth
from orderlint.source.python.containers import iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Element, Partial, Value


def _partial(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return m.fresh("partial")
    function, *given = arguments.positional
    return Partial(function, tuple(given), dict(arguments.keywords), arguments.unknown)


def _reduce(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("reduce")
    function = arguments.positional[0]
    elements = containers.iterate(m, arguments.positional[1])
    start = arguments.get(2, "initial")
    current = start if start is not None else (elements.pop(0).value if elements else m.fresh("reduce"))
    if isinstance(function, Function):
        m.iterated.update(m.call_sites(function))
    for element in elements:
        current = _reduced(m, function, current, element, site)
    return current


def _reduced(m: Machine, function: Value, current: Value, element: Element, site: Site) -> Value:
    def run() -> Value:
        return m.call(function, Arguments([current, element.value]), site)

    return m.under([(element.guard, run), (~element.guard, lambda: current)])


def _map(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("map")
    function, *iterables = arguments.positional
    rows = zip(*columns(m, iterables), strict=False)
    return m.new_list(Element(_under(m, function, row, site), all_present(row)) for row in rows)


def _under(m: Machine, function: Value, row: tuple[Element, ...], site: Site) -> Value:
    given = Arguments([element.value for element in row])
    before = m.path
    value = m.under([(all_present(row), lambda: m.call(function, given, site))])
    m.path = before
    return value


def _filter(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) != 2:
        return m.fresh("filter")
    function, iterable = arguments.positional
    kept = []
    for element in iterate(m, iterable):
        value = element.value
        verdict = value if function == NONE else m.call(function, Arguments([value]), site)
        kept.append(Element(value, element.guard & truth.of(m, verdict), element.site))
    return m.new_list(element for element in kept if element.guard is not NEVER)


FUNCTIONS: dict[str, Modeled] = {
    "builtins.map": _map,
    "builtins.filter": _filter,
    "functools.partial": _partial,
    "functools.reduce": _reduce,
}
