"""Functions that iterate: `zip`, `enumerate`, `reversed`, `itertools.chain`, ..."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.library.kinds import Modeled, same, side_by_side
from orderlint.source.python import containers, draining, iterations, list_items, list_positions, unrolled
from orderlint.source.python.containers import gathered, iterate, walk
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import NONE, Const, Element, ListObject, Sequence, Unknown, Value


def _zip(m: Machine, arguments: Arguments, site: Site) -> Value:
    return side_by_side(m, arguments.positional)


def _zip_longest(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """Rows for the longest of lists that are parts of one list of unknown length (`sizes, sizes[1:]`)."""
    fill = arguments.keywords.get("fillvalue", NONE)
    sides = [walk(m, value) for value in arguments.positional]
    if not sides or not all(elements and all(one.iteration is not None for one in elements) for elements in sides):
        return None
    lengths = [side[0].iteration.lengths for side in sides if side[0].iteration is not None]
    if any(len(one) > 1 for one in lengths) or len({one[0][0] for one in lengths}) > 1:
        return None
    longest = max(lengths, key=lambda one: one[0][1])
    m.asked.update(longest)
    rows: list[Value] = []
    for number, row in enumerate(zip(*sides, strict=False)):
        parts: list[Element] = []
        for one, element in zip(lengths, row, strict=True):
            goes_on = iterations.goes_on(m, one, number) if number < iterations.UNROLLED - 1 else NEVER
            there = ALWAYS if one == longest else iterations.is_any(m, one) & goes_on
            parts.append(Element(m.choose([(there, element.value), (~there, fill)])))
        rows.append(Sequence(tuple(parts)))
    return Sequence(tuple(unrolled.in_iterations(m, rows, longest)))


def _enumerate(m: Machine, arguments: Arguments, site: Site) -> Value:
    start = arguments.get(1, "start") or Const(0)
    return m.each(arguments.get(0, "iterable") or NONE, lambda one: _numbered(m, one, start))


def _numbered(m: Machine, iterable: Value, start: Value) -> Value:
    first = start.value if isinstance(start, Const) and isinstance(start.value, int) else 0
    pairs = []
    before: Mapping[int, Guard] = {0: ALWAYS}  # by the number of elements before this one
    elements = walk(m, iterable)
    is_backwards = _falls(elements)
    for element in elements:
        index = m.choose([(guard, Const(first + count)) for count, guard in before.items()])
        before = list_positions.counted(m, before, element)
        if element.iteration is not None:
            of_iteration = iterations.index_backwards if is_backwards else iterations.index
            index = of_iteration(m, element.iteration.lengths, first, element.iteration.number)
        pairs.append(replace(element, value=Sequence((Element(index), Element(element.value))), site=None))
    return Sequence(tuple(pairs))


def _falls(elements: list[Element]) -> bool:
    """Whether the iterations of a loop of unknown length run from the last one to the first one."""
    numbers = [element.iteration.number for element in elements if element.iteration is not None]
    return numbers[:1] > numbers[-1:]


def _reversed(m: Machine, arguments: Arguments, site: Site) -> Value:
    return Sequence(tuple(containers.backwards(walk(m, arguments.positional[0])) if arguments.positional else []))


def _iter(m: Machine, arguments: Arguments, site: Site) -> Value:
    """Create an iterator. Elements that are taken from it remain in its list."""
    value = same(m, arguments, site)
    is_kept = isinstance(value, ListObject) or (isinstance(value, Sequence) and len(arguments.positional) == 1)
    return m.new_list(containers.every(m, value)) if is_kept else value


def _next(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    if isinstance(value, ListObject) and m.elements(value.uid):
        later = unrolled.later(m, containers.every(m, value)) if not m.iterations else None
        if later is None:
            return list_items.take(m, value, Const(0))
        first = containers.item(m, value, Const(0))
        m.store.write(value.uid, ITEMS, Sequence(tuple(later)))
        return first
    return _next_unknown(m, value, arguments.get(1, "default")) if isinstance(value, Unknown) else m.fresh("next")


def _next_unknown(m: Machine, iterator: Unknown, default: Value | None) -> Value:
    goes_on = draining.has_next(m, iterator)
    element = draining.take(m, iterator, "#given")
    return element if default is None else m.choose([(goes_on, element), (~goes_on, default)])


def _tee(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """Independent iterators over the same elements."""
    iterable, count = arguments.get(0, "iterable"), arguments.get(1, "n") or Const(2)
    if iterable is None or not isinstance(count, Const) or not isinstance(count.value, int):
        return None
    number = min(count.value, containers.MOST_KNOWN)
    return Sequence(tuple(Element(m.new_list(containers.every(m, iterable))) for _ in range(number)))


def _chain(m: Machine, arguments: Arguments, site: Site) -> Value:
    parts = gathered(m, (iterate(m, value) for value in arguments.positional))
    return Sequence(tuple(element for part in parts for element in part))


def _chain_nested(m: Machine, arguments: Arguments, site: Site) -> Value:
    outer = iterate(m, arguments.positional[0]) if arguments.positional else []
    inner = gathered(m, (iterate(m, part.value) for part in outer))
    return Sequence(
        tuple(
            Element(e.value, e.guard & part.guard, e.site)
            for part, elements in zip(outer, inner, strict=True)
            for e in elements
        )
    )


def _islice(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """The elements that a slice of a list would have."""
    if len(arguments.positional) < 2 or arguments.keywords:
        return None
    iterable, *bounds = arguments.positional
    if len(bounds) == 1:
        bounds = [NONE, *bounds]
    return m.each(iterable, lambda one: list_items.cut(m, one, [*bounds, NONE][:3]))


def _repeat(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    value, times = arguments.get(0, "object"), arguments.get(1, "times")
    if value is None or not isinstance(times, Const) or not isinstance(times.value, int):
        return None
    return Sequence((Element(value),) * min(times.value, containers.MOST_KNOWN))


FUNCTIONS: dict[str, Modeled] = {
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.iter": _iter,
    "builtins.next": _next,
    "tqdm.tqdm": same,
    "itertools.tee": _tee,
    "itertools.zip_longest": _zip_longest,
    "itertools.repeat": _repeat,
    "itertools.islice": _islice,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_nested,
}
