"""Python's functions over sequences of abstract values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import containers, operations, truth
from orderlint.source.python.containers import Element, iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    ListObject,
    Sequence,
    SequentialModel,
    Unknown,
    Value,
    sequence,
)

__all__ = ["FUNCTIONS"]

LONGEST_RANGE = 4096
MOST_COMBINATIONS = 256


def _range(m: Machine, arguments: Arguments, site: Site) -> Value:
    bounds = arguments.positional
    for number, bound in enumerate(bounds):
        if isinstance(bound, Choice):
            return m.each(bound, partial(_range_with, m, bounds, number, site))
    if bounds and all(isinstance(b, Const) and isinstance(b.value, int) for b in bounds):
        try:
            numbers = range(*(b.value for b in bounds))  # type: ignore[attr-defined]
        except (TypeError, ValueError):
            return m.fresh("range")
        return Sequence(tuple(Element(Const(i)) for i in numbers[:LONGEST_RANGE]))
    start = bounds[0] if len(bounds) > 1 else Const(0)
    return m.unknown(("range", start, *(bounds[1:] if len(bounds) > 1 else bounds)), scalar=True)


def _range_with(m: Machine, bounds: list[Value], number: int, site: Site, bound: Value) -> Value:
    return _range(m, Arguments([*bounds[:number], bound, *bounds[number + 1 :]]), site)


def _zip(m: Machine, arguments: Arguments, site: Site) -> Value:
    columns = _columns(m, arguments.positional)
    rows = zip(*columns, strict=False)
    return Sequence(tuple(Element(Sequence(tuple(Element(e.value) for e in row)), _all(row)) for row in rows))


def _columns(m: Machine, iterables: list[Value]) -> list[list[Element]]:
    """The elements of iterables that are walked side by side; unknown ones are as long as the known."""
    known = [len(iterate(m, value)) for value in iterables if not isinstance(value, Unknown)]
    longest = max(known, default=2)
    return [iterate(m, value, longest) for value in iterables]


def _all(elements: tuple[Element, ...]) -> Guard:
    guard = ALWAYS
    for element in elements:
        guard = guard & element.guard
    return guard


def _enumerate(m: Machine, arguments: Arguments, site: Site) -> Value:
    iterable = arguments.get(0, "iterable") or NONE
    start = arguments.get(1, "start") or Const(0)
    first = start.value if isinstance(start, Const) and isinstance(start.value, int) else 0
    pairs = []
    for number, element in enumerate(iterate(m, iterable)):
        index: Value = Const(first + number)
        if isinstance(element.value, Unknown) and element.value.nth:
            index = m.unknown(("index", element.value.key), nth=element.value.nth, scalar=True)
        pairs.append(Element(Sequence((Element(index), Element(element.value))), element.guard))
    return Sequence(tuple(pairs))


def _reversed(m: Machine, arguments: Arguments, site: Site) -> Value:
    return Sequence(tuple(reversed(iterate(m, arguments.positional[0])))) if arguments.positional else sequence()


def _list(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.new_list(iterate(m, arguments.positional[0]) if arguments.positional else ())


def _tuple(m: Machine, arguments: Arguments, site: Site) -> Value:
    return Sequence(tuple(iterate(m, arguments.positional[0]) if arguments.positional else ()))


def _dict(m: Machine, arguments: Arguments, site: Site) -> Value:
    made = containers.new_dict(m)
    for value in arguments.positional:
        if isinstance(value, DictObject):
            containers.update(m, made, value)
        else:
            for element in iterate(m, value):
                pair = containers.unpack(m, element.value, 2)
                containers.set_item(m, made, pair[0], pair[1])
    for name, value in arguments.keywords.items():
        containers.set_item(m, made, Const(name), value)
    return made


def _len(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    return m.each(value, lambda one: _length(m, one))


def _length(m: Machine, value: Value) -> Value:
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(len(value.value))
    if not isinstance(value, (Sequence, ListObject, DictObject, SequentialModel)):
        return m.unknown(("length", value), scalar=True)
    elements = iterate(m, value)
    doubtful = [e.guard for e in elements if e.guard is not ALWAYS and not m.path.implies(e.guard)]
    if len(doubtful) > 3:
        return m.unknown(("length", tuple(elements)), scalar=True)
    sure = len(elements) - len(doubtful)
    options: list[tuple[Guard, Value]] = []
    for present in product((True, False), repeat=len(doubtful)):
        guard = ALWAYS
        for there, when in zip(present, doubtful, strict=True):
            guard = guard & (when if there else ~when)
        if guard is not NEVER:
            options.append((guard, Const(sure + sum(present))))
    return m.choose(options)


def _map(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("map")
    function, *iterables = arguments.positional
    rows = zip(*_columns(m, iterables), strict=False)
    return m.new_list(Element(_under(m, function, row, site), _all(row)) for row in rows)


def _under(m: Machine, function: Value, row: tuple[Element, ...], site: Site) -> Value:
    given = Arguments([element.value for element in row])
    before = m.path
    value = m.under([(_all(row), lambda: m.call(function, given, site))])
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


def _sum(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return m.fresh("sum")
    start = arguments.get(1, "start")
    elements = iterate(m, arguments.positional[0])
    current = start if start is not None else Const(0)
    for element in elements:
        current = operations.binary(m, "+", current, element.value, site) if current != Const(0) else element.value
    return current


def _any_all(m: Machine, arguments: Arguments, site: Site, every: bool) -> Value:
    guard = ALWAYS if every else NEVER
    for element in iterate(m, arguments.positional[0]) if arguments.positional else ():
        holds = truth.of(m, element.value)
        guard = guard & (holds | ~element.guard) if every else guard | (holds & element.guard)
    return Const(guard is ALWAYS) if guard in (ALWAYS, NEVER) else Condition(guard)


def _sorted(m: Machine, arguments: Arguments, site: Site) -> Value:
    elements = iterate(m, arguments.positional[0]) if arguments.positional else []
    values = [e.value.value for e in elements if isinstance(e.value, Const)]
    if len(values) == len(elements) and not arguments.keywords:
        try:
            return m.new_list(Element(Const(value)) for value in sorted(values))  # type: ignore[type-var]
        except TypeError:
            return m.new_list(elements)
    return m.new_list(elements)


def _next(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    if isinstance(value, ListObject) and m.elements(value.uid):
        return containers.take(m, value, Const(0))
    return m.fresh("next")


def _same(m: Machine, arguments: Arguments, site: Site) -> Value:
    return arguments.positional[0] if arguments.positional else NONE


def _chain(m: Machine, arguments: Arguments, site: Site) -> Value:
    return Sequence(tuple(element for value in arguments.positional for element in iterate(m, value)))


def _chain_nested(m: Machine, arguments: Arguments, site: Site) -> Value:
    outer = iterate(m, arguments.positional[0]) if arguments.positional else []
    return Sequence(
        tuple(Element(e.value, e.guard & part.guard, e.site) for part in outer for e in iterate(m, part.value))
    )


def _product(m: Machine, arguments: Arguments, site: Site) -> Value:
    columns = [iterate(m, value) for value in arguments.positional]
    rows = list(product(*columns))[:MOST_COMBINATIONS] if columns else []
    return Sequence(tuple(Element(Sequence(tuple(Element(e.value) for e in row)), _all(row)) for row in rows))


def _linspace(m: Machine, arguments: Arguments, site: Site) -> Value:
    """Evenly spaced numbers, for schedules of drop rates over depth."""
    start, stop, number = (arguments.get(i, name) for i, name in enumerate(("start", "stop", "num")))
    if not (isinstance(start, Const) and isinstance(stop, Const) and isinstance(number, Const)):
        return m.fresh("linspace")
    low, high, count = start.value, stop.value, number.value
    if not (isinstance(low, (int, float)) and isinstance(high, (int, float)) and isinstance(count, int)):
        return m.fresh("linspace")
    step = (high - low) / max(count - 1, 1)
    return m.new_list(Element(Const(low + step * i)) for i in range(min(count, LONGEST_RANGE)))


FUNCTIONS: dict[str, Callable[[Machine, Arguments, Site], Value]] = {
    "builtins.range": _range,
    "builtins.xrange": _range,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.list": _list,
    "builtins.set": _list,
    "builtins.frozenset": _list,
    "builtins.tuple": _tuple,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.len": _len,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.sum": _sum,
    "builtins.any": lambda m, a, s: _any_all(m, a, s, every=False),
    "builtins.all": lambda m, a, s: _any_all(m, a, s, every=True),
    "builtins.sorted": _sorted,
    "builtins.iter": _same,
    "builtins.next": _next,
    "tqdm.tqdm": _same,
    "tqdm.trange": _range,
    "numpy.arange": _range,
    "numpy.linspace": _linspace,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_nested,
    "itertools.product": _product,
    "numpy.array": _same,
    "numpy.asarray": _same,
}
