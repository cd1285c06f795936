"""Lists, tuples and other containers of abstract values: iterating, indexing and unpacking them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.python import (
    dictionaries,
    draining,
    enums,
    inheritance,
    iterations,
    latest_items,
    list_positions,
    rows,
    settings,
    unrolled,
)
from orderlint.source.state.budget import ELEMENTS_A_STEP
from orderlint.source.state.frames import ClassObject, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.matches import Match
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    FunctionalModel,
    Layer,
    ListObject,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
    Weight,
    is_inert,
    is_plain,
    is_scalar,
    sequence,
)

__all__ = [
    "NEVER",
    "Element",
    "Sequence",
    "backwards",
    "every",
    "gathered",
    "item",
    "iterate",
    "listed",
    "many_items",
    "unpack",
    "walk",
]

MOST_KNOWN = 4096  # numbers of a range; if a layer is made for each of so many, the report says that there may be more
MOST_FOR_FREE = 10_000  # elements of a list: longer ones arise when lists are joined with each other repeatedly
MOST_ITEMS = 16  # elements of a list that an unknown index may select


def settled(m: Machine, value: Value) -> Value:
    """The default of a parameter that has no visible value, unless the path excludes it; other values unchanged."""
    if isinstance(value, Unknown) and value.default is not None:
        default = value.default
        if not isinstance(default, Const) or m.conditions.equal(value, default).meets(m.path):
            return settled(m, default)
    return value


def iterate(m: Machine, value: Value, count: int = 2) -> list[Element]:
    """The elements of an iterable. An unknown one has `count`, each after the first only if the iterable goes on."""
    found = _of_options(m, value, lambda one: _elements(m, one, count))
    return [element for element in found if element.iteration is None or not element.iteration.is_spare]


def walk(m: Machine, value: Value, count: int = 2) -> list[Element]:
    """The elements of an iterable for a loop, including those of an unknown one that exist only on demand."""
    return _of_options(m, value, lambda one: _iterations(m, one, count))


def every(m: Machine, value: Value) -> list[Element]:
    """The elements of an iterable for a copy of it, including those of an unknown one that only loops need."""
    return _of_options(m, value, lambda one: _elements(m, one, 2))


def _of_options(m: Machine, value: Value, elements: Callable[[Value], list[Element]]) -> list[Element]:
    """The elements of each iterable that a value may be here, under its guard."""
    value = settings.as_data(m, value)
    if not isinstance(value, Choice):
        return elements(value)
    options = [(when, _of_options(m, option, elements)) for when, option in value.alternatives if when.meets(m.path)]
    return _side_by_side(m, options) or [replace(e, guard=e.guard & when) for when, found in options for e in found]


def _side_by_side(m: Machine, options: list[tuple[Guard, list[Element]]]) -> list[Element]:
    """Join lists of equal length that hold no known layers: each element becomes one of several values.

    If the elements were listed one after the other, they would double each time that a loop rebuilds such a list.
    """
    lengths = {len(found) for _, found in options}
    if len(options) < 2 or len(lengths) > 1 or max(lengths) > MOST_ITEMS:
        return []
    if not all(_is_unknown(e, when & m.path) for when, found in options for e in found):
        return []
    when = union(guard for guard, _ in options)
    there = ALWAYS if m.path.implies(when) else when
    return [
        Element(m.choose([(guard, e.value) for guard, e in row]), there)
        for row in zip(*([(guard, e) for e in found] for guard, found in options), strict=True)
    ]


def _is_unknown(element: Element, when: Guard) -> bool:
    """Whether an element is present under a guard, and is unknown or plain."""
    is_open = isinstance(element.value, Unknown) or is_plain(element.value)
    return is_open and element.iteration is None and when.implies(element.guard)


def _iterations(m: Machine, value: Value, count: int) -> list[Element]:
    found = _elements(m, value, count)
    return unrolled.with_ends(m, found) or found if isinstance(value, (Sequence, ListObject)) else found


def _elements(m: Machine, value: Value, count: int) -> list[Element]:
    if isinstance(value, Sequence):
        return _known(m, value.elements)
    if isinstance(value, (ListObject, SequentialModel)):
        return listed(m, value)
    if isinstance(value, DictObject):
        return rows.keys(m, value) or [*dictionaries.keys(m, value), *_open_keys(m, value, count)]
    if isinstance(value, Instance):
        return list(_named_parts(m, value).elements)
    if isinstance(value, ClassObject) and enums.is_enumeration(value):
        return [Element(one) for one in enums.members(m, value).values()]
    if isinstance(value, Const):
        return [Element(Const(part)) for part in value.value] if isinstance(value.value, (str, bytes)) else []
    if isinstance(value, Unknown):
        return _walk_unknown(m, value, count)
    if value is MISSING or isinstance(value, Condition):
        return []
    return [Element(value) for _ in range(count)] if isinstance(value, Tensor) else []


def gathered(m: Machine, parts: Iterable[list[Element]]) -> Iterator[list[Element]]:
    """The elements of several iterables. If they are many together, they take steps."""
    total = 0
    for elements in parts:
        total += len(elements)
        if total > MOST_FOR_FREE:
            m.tick(len(elements) // ELEMENTS_A_STEP)
        yield elements


def listed(m: Machine, value: ListObject | SequentialModel) -> list[Element]:
    """The elements that a list may have."""
    return _known(m, m.elements(value.uid))


def _known(m: Machine, elements: tuple[Element, ...]) -> list[Element]:
    """The elements of a list. If it is very long, because it was doubled repeatedly, they take steps."""
    if len(elements) > MOST_FOR_FREE:
        m.tick(len(elements) // ELEMENTS_A_STEP)
    return list(elements)


def _named_parts(m: Machine, value: Instance) -> Sequence:
    """The elements of an object that is a named tuple; empty for any other object."""
    names = inheritance.field_names(m, value.cls) if inheritance.is_tuple(m, value.cls) else []
    return sequence(*(m.attribute(value, name) for name in names))


def _open_keys(m: Machine, value: DictObject, count: int) -> list[Element]:
    """The unknown keys of a dictionary that may hold any others, such as `**kwargs` that are passed on."""
    others = m.read(value.uid, dictionaries.OTHERS)
    if not isinstance(others, Unknown):
        return []
    return _walk_unknown(m, m.unknown(("keys", value, others), scalar=True), count)


def backwards(elements: list[Element]) -> list[Element]:
    """Elements in reverse order. For a loop of unknown length, these are all iterations; the first comes last."""
    return [replace(e, iteration=e.iteration and replace(e.iteration, is_spare=False)) for e in reversed(elements)]


def _walk_unknown(m: Machine, value: Unknown, count: int) -> list[Element]:
    """The elements of an unknown iterable."""
    match value.key:
        case ("slice", Unknown() as whole, bounds) if bounds == (NONE, NONE, Const(-1)):
            return backwards(walk(m, whole, count))
    values, lengths = _numbers(m, value, count + 1)
    if values is None:
        values = [m.unknown(("element", value.key, i), nth=i, scalar=value.scalar) for i in range(count + 1)]
    if lengths is None:
        lengths = _lengths(m, value)
    return unrolled.in_iterations(m, values, lengths, count)


def _lengths(m: Machine, value: Unknown) -> iterations.Lengths:
    """The number of elements of an unknown iterable that is not a `range`. A slice is shorter by a known number."""
    cut = draining.length(m, value) if draining.is_cut(value) else value
    found = iterations.lengths_of(cut, 0) if cut is not value else None
    return found or ((m.unknown(("length", value), scalar=True), 0),)


def _numbers(m: Machine, value: Unknown, count: int) -> tuple[list[Value] | None, iterations.Lengths | None]:
    """The numbers of an unknown `range`, and how many there are; `None` for what is not known."""
    match value.key:
        case ("range", Const(int() as start), Value() as stop) | (
            "range",
            Const(int() as start),
            Value() as stop,
            Const(1),
        ):
            lengths = iterations.lengths_of(stop, start)
            return [iterations.index(m, lengths, start, i) for i in range(count)] if lengths else None, lengths
        case ("range", Value() as high, Const(int() as low), Const(-1)):
            lengths = iterations.lengths_of(high, low)
            return [_less(m, high, i) for i in range(count)], lengths
        case ("range", Value() as start, *_):
            rest: list[Value] = [m.unknown(("element", value.key, i), nth=i, scalar=True) for i in range(1, count)]
            return [start, *rest], None
    return None, None


def _less(m: Machine, value: Value, number: int) -> Value:
    return m.unknown(("operation", "-", value, Const(number)), scalar=True) if number else value


# -- items ------------------------------------------------------------------------------------------------------


def item(m: Machine, container: Value, index: Value) -> Value:
    """`container[index]`."""
    if isinstance(container, Match) and isinstance(index, Const):
        return container.group(index.value) or m.fresh("item")
    if isinstance(container, ListObject) and isinstance(index, Unknown):
        return latest_items.get(m, container, index, lambda: _sequence_item(m, iterate(m, container), index))
    if isinstance(container, (Sequence, ListObject, SequentialModel)):
        return _sequence_item(m, iterate(m, container), index)
    if isinstance(container, DictObject):
        return dictionaries.item(m, container, index)
    if isinstance(container, Instance) and inheritance.is_tuple(m, container.cls):
        return _sequence_item(m, iterate(m, container), index)
    if isinstance(container, (Tensor, Weight)):
        return container
    if isinstance(container, Const) and isinstance(index, Const):
        try:
            return Const(container.value[index.value])  # type: ignore[index]
        except (TypeError, IndexError, KeyError):
            return m.fresh("item")
    if isinstance(container, ClassObject) and isinstance(index, Const) and enums.is_enumeration(container):
        member = m.read(container.uid, index.value)
        return member if member is not MISSING else m.fresh("item")
    if isinstance(container, External) and isinstance(index, (Sequence, External)):
        return container  # a generic alias, for example `list[int]`
    scalar = isinstance(container, Unknown) and container.scalar
    return m.unknown(("item", container, index), scalar=scalar)


def _sequence_item(m: Machine, elements: list[Element], index: Value) -> Value:
    if isinstance(index, Condition):
        index = m.choose([(index.guard, Const(1)), (~index.guard, Const(0))])
        return m.each(index, lambda one: _sequence_item(m, elements, one))
    of_iteration = unrolled.at(m, elements, index)
    if of_iteration is not None:
        return of_iteration
    if isinstance(index, Const) and isinstance(index.value, int):
        return _at(m, elements, int(index.value))
    if isinstance(index, Unknown) and elements:
        if index.nth is not None and elements[-1].guard is not ALWAYS:
            # Both come from one unknown range, so the n-th meets the n-th. The last element represents all later ones.
            return elements[min(index.nth, len(elements) - 1)].value
        if all(is_plain(element.value) for element in elements):
            values = [element.value for element in elements]
            key = ("item", tuple(elements), index)
            return m.unknown(key, scalar=all(map(is_scalar, values)), among=values)
        if len(elements) > MOST_ITEMS and not all(is_inert(element.value) for element in elements):
            m.fall_short(Limit.ALTERNATIVES)
        guards = [m.conditions.equal(index, Const(i)) & e.guard for i, e in enumerate(elements[:MOST_ITEMS])]
        return m.choose([(g, e.value) for g, e in zip(guards, elements, strict=False)])
    return m.fresh("item")


def _at(m: Machine, elements: list[Element], index: int) -> Value:
    """The element at an index, if elements may be missing on some paths."""
    ordered, steps = (elements, index) if index >= 0 else (elements[::-1], -index - 1)
    if all(e.guard is ALWAYS or m.path.implies(e.guard) for e in ordered[: steps + 1]):
        return ordered[steps].value if steps < len(ordered) else m.fresh("item")
    guards = list_positions.at(m, elements, index)
    found = m.choose([(guard, e.value) for guard, e in zip(guards, elements, strict=True)])
    return found if found is not MISSING else m.fresh("item")


def many_items(m: Machine, container: Value) -> Value:
    """`container[..., :4]`. For a tensor or a weight, it is the same tensor or weight."""
    return container if isinstance(container, (Tensor, Weight)) else m.unknown(("items", container))


def unpack(m: Machine, value: Value, count: int, starred: int | None = None) -> list[Value]:
    """The `count` values that `a, *b, c = value` binds. The starred one is a list."""
    if isinstance(value, (Tensor, Layer, FunctionalModel)):
        return [value] * count
    elements = iterate(m, value, count)
    if starred is None:
        if len(elements) >= count and isinstance(value, (Sequence, ListObject, Const, Unknown, Instance)):
            return [element.value for element in elements[:count]]
        return [m.unknown(("part", value, i)) for i in range(count)]
    tail = count - starred - 1
    if len(elements) < count - 1:
        return [m.unknown(("part", value, i)) for i in range(count)]
    end = len(elements) - tail
    middle = m.new_list(elements[starred:end])
    return [*(e.value for e in elements[:starred]), middle, *(e.value for e in elements[end:])]
