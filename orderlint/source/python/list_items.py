"""Changes of lists by position: removing and inserting elements, and slices.

If elements are present on some paths only, positions differ between paths. Then the operation is done on each path as
if the others did not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers, dictionaries, draining, iterations, unrolled
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

MOST_SPLITS = 5  # conditions that are distinguished for one operation
MOST_ELEMENTS = 256  # in all lists of one operation together: each may hold all elements, and the next one splits again
Bounds = list[Value]


def _present(m: Machine, value: Value) -> list[Element]:
    """The elements that may be present on the current paths."""
    return [e for e in containers.iterate(m, value) if e.guard is ALWAYS or e.guard & m.path is not containers.NEVER]


def _on_each_path(m: Machine, value: Value, run: Callable[[list[Element]], Value], splits: int = 0) -> Value:
    """Run a function on the elements of a list or tuple, once for each set of elements that may be present together."""
    if isinstance(value, (ListObject, SequentialModel)) and m.is_certain(value.uid):
        return run(containers.listed(m, value))
    elements = _present(m, value)
    doubtful = next((e.guard for e in elements if e.guard is not ALWAYS and not m.path.implies(e.guard)), None)
    if doubtful is None or splits >= MOST_SPLITS or len(elements) << splits > MOST_ELEMENTS:
        return run(elements)
    again = partial(_on_each_path, m, value, run, splits + 1)
    return m.under([(doubtful, again), (~doubtful, again)])


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
    """`list.pop(index)`."""

    def run(elements: list[Element]) -> Value:
        at = _position(index)
        if at is None or not -len(elements) <= at < len(elements):
            return containers.item(m, container, index)
        taken = elements.pop(at)
        _write(m, container, elements)
        return taken.value

    return _on_each_path(m, container, run)


def insert(m: Machine, container: ListObject, index: Value, value: Value) -> None:
    """`list.insert(index, value)`. If the position is not known, the value is inserted at the end."""
    m.made += 1

    def run(elements: list[Element]) -> Value:
        at = _position(index)
        new = Element(value)
        elements.insert(len(elements) if at is None else at, new)
        _write(m, container, elements, [new])
        return NONE

    _on_each_path(m, container, run)


def set_item(m: Machine, container: Value, key: Value, value: Value) -> None:
    """`container[key] = value`."""
    if isinstance(container, DictObject):
        dictionaries.set_entry(m, container, key, value)
    elif isinstance(container, ListObject):
        m.each(key, lambda at: _set_at(m, container, at, value))


def _set_at(m: Machine, container: ListObject, index: Value, value: Value) -> Value:
    def run(elements: list[Element]) -> Value:
        at = -1 if _is_last(elements, index) else _position(index)
        if at is not None and -len(elements) <= at < len(elements):
            elements[at] = Element(value, elements[at].guard)
            _write(m, container, elements, [elements[at]])
        return NONE

    return _on_each_path(m, container, run)


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
    return _on_each_path(m, container, lambda elements: _like(m, container, elements[wanted]))


def _like(m: Machine, container: Sequence | ListObject, elements: list[Element]) -> Value:
    return Sequence(tuple(elements)) if isinstance(container, Sequence) else m.new_list(elements)


def set_cut(m: Machine, container: Value, bounds: Bounds, value: Value) -> None:
    """`container[lower:upper] = value`."""
    wanted = _slice(bounds)
    if not isinstance(container, ListObject) or wanted is None:
        return
    m.made += 1
    given = containers.iterate(m, value)

    def run(elements: list[Element]) -> Value:
        try:
            elements[wanted] = given
        except ValueError:  # the slice has steps, and another number of elements
            return NONE
        _write(m, container, elements, given)
        return NONE

    _on_each_path(m, container, run)


def delete_cut(m: Machine, container: Value, bounds: Bounds) -> None:
    """`del container[lower:upper]`."""
    wanted = _slice(bounds)
    if not isinstance(container, ListObject) or wanted is None or wanted.step == 0:
        return

    def run(elements: list[Element]) -> Value:
        del elements[wanted]
        _write(m, container, elements)
        return NONE

    _on_each_path(m, container, run)
