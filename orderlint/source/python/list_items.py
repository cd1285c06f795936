"""Changes of lists by position: removing and inserting elements, and slices.

If elements are present on some paths only, positions differ between paths (`list_positions.py`). So it depends on the
path which element is removed or replaced, and before which one a new element is inserted. A slice with steps is taken
on each path as if the others did not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.python import (
    containers,
    dictionaries,
    draining,
    iterations,
    latest_items,
    list_positions,
    unrolled,
)
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    NONE,
    Const,
    DictObject,
    Element,
    ListObject,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
    Weight,
    certain,
)

__all__ = ["cut", "delete", "delete_cut", "insert", "set_cut", "set_item", "take"]

MOST_SPLITS = 5  # conditions that are distinguished for one slice with steps
MOST_ELEMENTS = 256  # in all lists of one such slice together: each may hold all elements
MOST_DOUBTFUL = 24  # elements of a list that are present on some paths only
Bounds = list[Value]


def _present(m: Machine, value: Value) -> list[Element]:
    """The elements that may be present on the current paths."""
    if isinstance(value, (ListObject, SequentialModel)) and m.is_certain(value.uid):
        return containers.listed(m, value)
    return [e for e in containers.iterate(m, value) if e.guard is ALWAYS or e.guard & m.path is not NEVER]


def _doubtful(m: Machine, elements: list[Element]) -> list[Guard]:
    """The guards of the elements that are present on some of the current paths only."""
    return [e.guard for e in elements if e.guard is not ALWAYS and not m.path.implies(e.guard)]


def _may_differ(m: Machine, elements: list[Element]) -> bool:
    """Whether positions differ between paths. If too many elements are doubtful, all are taken for present."""
    return 0 < len(_doubtful(m, elements)) <= MOST_DOUBTFUL


def _on_each_path(m: Machine, value: Value, run: Callable[[list[Element]], Value], splits: int = 0) -> Value:
    """Run a function on the elements of a list or tuple, once for each set of elements that may be present together."""
    elements = _present(m, value)
    doubtful = _doubtful(m, elements)
    if not doubtful or splits >= MOST_SPLITS or len(elements) << splits > MOST_ELEMENTS:
        return run(elements)
    again = partial(_on_each_path, m, value, run, splits + 1)
    return m.under([(doubtful[0], again), (~doubtful[0], again)])


def _where(m: Machine, elements: Iterable[Element], guards: Iterable[Guard]) -> list[Element]:
    """The elements that are present under these guards, which are only valid on the current path."""
    found = []
    for element, guard in zip(elements, guards, strict=True):
        if guard is not NEVER:
            there = ALWAYS if m.path.implies(guard) else guard.given(m.path)
            found.append(element if there is element.guard else replace(element, guard=there))
    return found


def _without(m: Machine, elements: list[Element], guards: Iterable[Guard]) -> list[Element]:
    """The elements without those that are removed under these guards, which are only valid on the current path."""
    kept = [m.path & element.guard & ~guard for element, guard in zip(elements, guards, strict=True)]
    return _where(m, elements, kept)


def _spliced(
    m: Machine, elements: list[Element], removed: list[Guard], position: int, new: list[Element]
) -> list[Element]:
    """The elements, without those that are removed, and with new ones before the element at a position.

    It depends on the path which element that is. So the new ones are added once for each place that they may have.
    """
    guards = list_positions.at(m, elements, position)
    elsewhere = m.path & ~union(guards)  # the list is shorter
    here, at_start = (elsewhere, NEVER) if position >= 0 else (NEVER, elsewhere)
    parts: list[list[Element]] = []  # from the end to the start
    for element, guard, gone in zip(elements[::-1], guards[::-1], removed[::-1], strict=True):
        if here.meets(element.guard):  # otherwise, it is the same place before this element
            parts.append(_where(m, new, [here & each.guard for each in new]))
            here = NEVER
        parts.append(_without(m, [element], [gone]) if gone is not NEVER else [element])
        here |= guard
    here |= at_start
    parts.append(_where(m, new, [here & each.guard for each in new]))
    return [element for part in reversed(parts) for element in part]


def _write(
    m: Machine, container: ListObject | SequentialModel, elements: list[Element], new: Iterable[Element] = ()
) -> None:
    """Write all elements of a list, some of them new."""
    is_certain = all(map(certain, new if m.is_certain(container.uid) else elements))
    m.store.write(container.uid, ITEMS, Sequence(tuple(elements)))
    if is_certain:
        m.note_certain(container.uid)


def _position(index: Value) -> int | None:
    return index.value if isinstance(index, Const) and isinstance(index.value, int) else None


def _slice(bounds: Bounds) -> slice | None:
    """The slice, if its bounds are known; else `None`."""
    if all(isinstance(b, Const) and isinstance(b.value, (int, type(None))) for b in bounds):
        return slice(*(b.value for b in bounds if isinstance(b, Const)))
    return None


# -- one element ------------------------------------------------------------------------------------------------


def take(m: Machine, container: ListObject | SequentialModel, index: Value) -> Value:
    """`list.pop(index)`. If the position is not known, all elements stay."""
    at = _position(index)
    elements = _present(m, container)
    if at is None or not -len(elements) <= at < len(elements):
        return containers.item(m, container, index)
    if not _may_differ(m, elements):
        taken = elements.pop(at).value
        _write(m, container, elements)
        return taken
    taken = containers.item(m, container, index)
    _write(m, container, _without(m, elements, list_positions.at(m, elements, at)))
    return taken


def insert(m: Machine, container: ListObject, index: Value, value: Value) -> None:
    """`list.insert(index, value)`. If the position is not known, the value is inserted at the end."""
    m.made += 1
    at = _position(index)
    new = [Element(value)]
    elements = _present(m, container)
    if at is None or not _may_differ(m, elements):
        place = len(elements) if at is None else at
        elements[place:place] = new
    else:
        elements = _spliced(m, elements, [NEVER] * len(elements), at, new)
    _write(m, container, elements, new)


def set_item(m: Machine, container: Value, key: Value, value: Value) -> None:
    """`container[key] = value`."""
    if isinstance(container, DictObject):
        dictionaries.set_entry(m, container, key, value)
    elif isinstance(container, ListObject):
        m.each(key, lambda at: _set_at(m, container, at, value))


def _set_at(m: Machine, container: ListObject, index: Value, value: Value) -> Value:
    elements = _present(m, container)
    counted = _counted(elements, index)
    at = -1 if _is_last(elements, index) else _position(index) if counted is None else counted
    if at is None or not -len(elements) <= at < len(elements):
        if isinstance(index, Unknown):
            latest_items.note(m, container, index, value)
        return NONE
    if counted is not None or not _may_differ(m, elements):
        elements[at] = Element(value, elements[at].guard)
        _write(m, container, elements, [elements[at]])
        return NONE
    guards = list_positions.at(m, elements, at)
    _write(m, container, [_replaced(m, e, guard, value) for e, guard in zip(elements, guards, strict=True)])
    return NONE


def _replaced(m: Machine, element: Element, guard: Guard, value: Value) -> Element:
    """An element whose value is another one under a guard, which is only valid on the current path."""
    stays = m.path & element.guard & ~guard
    if guard is NEVER:
        return element
    if stays is NEVER:
        return Element(value, element.guard)
    return replace(element, value=m.choose([(guard, value), (stays, element.value)]))


def _counted(elements: list[Element], index: Value) -> int | None:
    """The position of the element of an index that counts the elements of a list of unknown length."""
    if isinstance(index, Unknown) and index.nth is not None and elements and elements[-1].guard is not ALWAYS:
        return min(index.nth, len(elements) - 1)  # the last element represents all later ones
    return None


def _is_last(elements: list[Element], index: Value) -> bool:
    """Whether an index is the last one of a list of unknown length: `n - 1` for `[8] * n`."""
    iteration = elements[-1].iteration if elements else None
    if iteration is None or not isinstance(index, Unknown):
        return False
    return any(iterations.difference(index, base, 1 - more) == ({}, 0) for base, more in iteration.lengths)


def delete(m: Machine, container: Value, key: Value) -> None:
    """`del container[key]`."""
    if isinstance(container, DictObject):
        dictionaries.delete(m, container, key)
    elif isinstance(container, ListObject):
        take(m, container, key)
    elif isinstance(container, Unknown) and key in (Const(0), Const(-1)):
        draining.take(m, container)


# -- slices -----------------------------------------------------------------------------------------------------


def cut(m: Machine, container: Value, bounds: Bounds) -> Value:
    """`container[lower:upper:step]`."""
    if isinstance(container, (Tensor, Weight)):
        return container
    if isinstance(container, Const) and all(isinstance(b, Const) for b in bounds):
        try:
            return Const(container.value[slice(*(b.value for b in bounds))])  # type: ignore[index,attr-defined]
        except (TypeError, ValueError):
            return m.fresh("slice")
    if isinstance(container, (Sequence, ListObject)):
        return _cut_elements(m, container, bounds)
    return m.unknown(("slice", container, tuple(bounds)))


def _cut_elements(m: Machine, container: Sequence | ListObject, bounds: Bounds) -> Value:
    wanted = _slice(bounds)
    if wanted is None:  # it is not known which elements these are, so all of them are returned
        return _like(m, container, containers.iterate(m, container))
    if wanted.step == 0:
        return m.fresh("slice")
    later = unrolled.later(m, containers.every(m, container)) if wanted == slice(1, None) else None
    if later is not None:
        return _like(m, container, later)
    elements = _present(m, container)
    if wanted.step not in (None, 1):
        return _on_each_path(m, container, lambda elements: _like(m, container, elements[wanted]))
    if not _may_differ(m, elements):
        return _like(m, container, elements[wanted])
    return _like(m, container, _where(m, elements, list_positions.between(m, elements, wanted)))


def _like(m: Machine, container: Sequence | ListObject, elements: list[Element]) -> Value:
    return Sequence(tuple(elements)) if isinstance(container, Sequence) else m.new_list(elements)


def set_cut(m: Machine, container: Value, bounds: Bounds, value: Value) -> None:
    """`container[lower:upper] = value`."""
    wanted = _slice(bounds)
    if not isinstance(container, ListObject):
        return
    m.made += 1
    if wanted is None:  # any element may have been replaced
        _write(m, container, [replace(one, value=m.fresh("element")) for one in containers.every(m, container)])
        return
    _replace(m, container, wanted, containers.iterate(m, value))


def delete_cut(m: Machine, container: Value, bounds: Bounds) -> None:
    """`del container[lower:upper]`."""
    wanted = _slice(bounds)
    if isinstance(container, ListObject) and wanted is not None and wanted.step != 0:
        _replace(m, container, wanted, [])


def _replace(m: Machine, container: ListObject, wanted: slice, new: list[Element]) -> None:
    """Replace the elements of a slice by new ones."""
    elements = _present(m, container)
    if wanted.step in (None, 1) and _may_differ(m, elements):
        removed = list_positions.between(m, elements, wanted)
        _write(m, container, _spliced(m, elements, removed, wanted.start or 0, new), new)
        return

    def run(elements: list[Element]) -> Value:
        try:
            elements[wanted] = new
        except ValueError:  # the slice has steps, and another number of elements
            if new:
                return NONE
            del elements[wanted]
        _write(m, container, elements, new)
        return NONE

    _on_each_path(m, container, run)
