"""Functions that take functions: `map`, `filter`, `partial`, `reduce`, `wraps`, `accumulate`, `starmap`."""

from __future__ import annotations

from orderlint.graph import Limit, Site
from orderlint.graph.guards import NEVER, Guard
from orderlint.source.library.kinds import Modeled, all_present, columns, same
from orderlint.source.python import operations, truth
from orderlint.source.python.containers import MOST_KNOWN, iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Element, NativeFunction, Partial, Unknown, Value


def _partial(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return m.fresh("partial")
    function, *given = arguments.positional
    return Partial(function, tuple(given), dict(arguments.keywords), arguments.unknown)


def _wraps(m: Machine, arguments: Arguments, site: Site) -> Value:
    return NativeFunction("wraps", same)


def _reduce(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("reduce")
    function, iterable = arguments.positional[:2]
    found = _steps(m, function, iterable, arguments.get(2, "initial"), site)
    return found[-1].value if found else m.fresh("reduce")


def _accumulate(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    iterable, function = arguments.get(0, "iterable"), arguments.get(1, "func") or NONE
    if iterable is None or isinstance(iterable, Unknown):
        return None
    return m.new_list(_steps(m, function, iterable, arguments.keywords.get("initial"), site))


def _steps(m: Machine, function: Value, iterable: Value, start: Value | None, site: Site) -> list[Element]:
    """The intermediate results of reducing the elements with a function; sums if the function is `NONE`."""
    elements = iterate(m, iterable)
    if start is not None:
        elements.insert(0, Element(start))
    if isinstance(function, Function):
        m.iterated.update(m.call_sites(function))
    found = elements[:1]
    for element in elements[1:]:
        found.append(Element(_step(m, function, found[-1].value, element, site), element.guard))
    return found


def _step(m: Machine, function: Value, current: Value, element: Element, site: Site) -> Value:
    def run() -> Value:
        if function == NONE:
            return operations.binary(m, "+", current, element.value, site)
        return m.call(function, Arguments([current, element.value]), site)

    return m.under([(element.guard, run), (~element.guard, lambda: current)])


def _map(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("map")
    function, *iterables = arguments.positional
    rows = list(zip(*columns(m, iterables), strict=False))
    before = m.recorder.size, m.made
    found = [_called(m, function, row, all_present(row), site) for row in rows]
    if len(found) >= MOST_KNOWN and (m.recorder.size, m.made) != before:
        m.fall_short(Limit.ITERATIONS)
    return m.new_list(found)


def _starmap(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    if len(arguments.positional) != 2:
        return None
    function, rows = arguments.positional
    parts = [(row, tuple(iterate(m, row.value))) for row in iterate(m, rows)]
    if any(isinstance(row.value, Unknown) for row, _ in parts):
        return None  # the number of arguments is not known
    return m.new_list(_called(m, function, row, whole.guard & all_present(row), site) for whole, row in parts)


def _called(m: Machine, function: Value, row: tuple[Element, ...], guard: Guard, site: Site) -> Element:
    given = Arguments([element.value for element in row])
    before = m.path
    value = m.under([(guard, lambda: m.call(function, given, site))])
    m.path = before
    return Element(value, guard)


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
    "functools.update_wrapper": same,
    "functools.wraps": _wraps,
    "itertools.accumulate": _accumulate,
    "itertools.starmap": _starmap,
}
