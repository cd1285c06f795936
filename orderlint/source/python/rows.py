"""Rows: the entries of dictionaries that loops of unknown length fill, in the order of the iterations that set them.

A loop over such a dictionary reads in each iteration what the same iteration of the other loop has set:

    following = dict(zip(sizes, sizes[1:] + [None]))
    for size, after in following.items():
        x = layers.Dense(size)(x)
        if after is not None:        # in all iterations but the last
            x = layers.ReLU()(x)
"""

from __future__ import annotations

from dataclasses import replace

from orderlint.source.python import iterations
from orderlint.source.python.unknown_keys import OTHERS
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Const,
    DictObject,
    Element,
    Iteration,
    ListObject,
    Sequence,
    Unknown,
    Value,
    alternatives,
    sequence,
)

__all__ = ["add", "are_noted", "copy", "entry", "forget", "keys", "pairs"]

ROWS = "#rows"  # a list of pairs of a key and its entry; `NONE` if the order is not known
MOST_BEFORE = 16  # entries that exist before the first iteration


def add(m: Machine, container: DictObject, key: Value, value: Value, iteration: Iteration | None = None) -> None:
    """Note that an entry is set.

    Args:
        m: The machine.
        container: The dictionary.
        key: The key.
        value: The entry.
        iteration: The iteration that sets it, if it is not the current one of the only loop of unknown length.
    """
    rows = _noted(m, container)
    iteration = iteration or (m.iterations[0] if len(m.iterations) == 1 else None)
    if rows is MISSING and iteration is not None and iteration.number == 0:
        rows = _begin(m, container)
    if not isinstance(rows, ListObject):
        _lose(m, container, rows, key)
    elif any(key == _key(row.value) for row in m.elements(rows.uid)):
        _set_again(m, rows, key, value)
    elif isinstance(key, Const) or (iteration is not None and iterations.is_of_iteration(key, iteration.number)):
        m.append(rows.uid, Element(sequence(key, value), iteration=iteration))
    else:
        forget(m, container)


def _set_again(m: Machine, rows: ListObject, key: Value, value: Value) -> None:
    """Note that the entry of a row is set again. It stays where it is.

    The iterations that exist only on demand may set theirs again, too.
    """

    def changed(row: Element) -> Element:
        if (own := _key(row.value)) == key:
            return replace(row, value=sequence(key, value))
        is_open = row.iteration is not None and row.iteration.is_spare
        return replace(row, value=sequence(own, m.fresh("entry"))) if is_open else row

    m.store.write(rows.uid, ITEMS, Sequence(tuple(map(changed, m.elements(rows.uid)))))


def are_noted(m: Machine, container: DictObject) -> bool:
    """Whether the order in which known keys are set matters."""
    return bool(m.iterations) or m.store.read(container.uid, ROWS) is not MISSING


def _begin(m: Machine, container: DictObject) -> Value:
    """The rows of the entries that exist before the first iteration; `MISSING` if there are many."""
    before = m.elements(container.uid)
    if len(before) > MOST_BEFORE or m.read(container.uid, OTHERS) is not MISSING:
        return MISSING
    made = ListObject(m.owner_of(m.unknown(("rows", container))))  # both branches of a test begin the same list
    found = (Element(sequence(key.value, m.read(container.uid, key.value)), key.guard) for key in before)
    m.store.write(made.uid, ITEMS, Sequence(tuple(found)))
    m.store.write(container.uid, ROWS, made)
    return made


def _lose(m: Machine, container: DictObject, rows: Value, key: Value) -> None:
    """Note that an entry is set that may or may not be a new one."""
    if rows != NONE and not isinstance(key, Const):
        forget(m, container)


def forget(m: Machine, container: DictObject) -> None:
    """Note that the order of the entries is no longer known."""
    if m.read(container.uid, ROWS) != NONE:
        m.store.write(container.uid, ROWS, NONE)


def copy(m: Machine, container: DictObject, other: DictObject, is_first: bool) -> None:
    """Note that a dictionary got the entries of another one.

    Args:
        m: The machine.
        container: The dictionary.
        other: The other dictionary.
        is_first: Whether the dictionary was empty before.
    """
    rows = _noted(m, other)
    if rows is MISSING:
        return
    if isinstance(rows, ListObject) and is_first:
        m.store.write(container.uid, ROWS, m.new_list(m.elements(rows.uid)))
    else:
        forget(m, container)


def keys(m: Machine, container: DictObject) -> list[Element] | None:
    """The keys, each with its guard and iteration; `None` if no loop of unknown length set them."""
    found = _rows(m, container)
    return None if found is None else [replace(row, value=_key(row.value)) for row in found]


def pairs(m: Machine, container: DictObject) -> list[Element] | None:
    """The keys with their entries; `None` if they are not known."""
    return _rows(m, container)


def entry(m: Machine, container: DictObject, key: Unknown) -> Value:
    """The entry of the key of an iteration; `MISSING` if no row has this key."""
    rows = _noted(m, container)
    found = m.elements(rows.uid) if isinstance(rows, ListObject) else ()
    pair = next((_joined(m, row.value) for row in found if _key(row.value) == key), MISSING)
    return pair.elements[1].value if isinstance(pair, Sequence) else MISSING


def _rows(m: Machine, container: DictObject) -> list[Element] | None:
    """The rows for a loop over the dictionary; `None` if their order is not known, or if all keys are known."""
    rows = _noted(m, container)
    if not isinstance(rows, ListObject):
        return None
    found = _each_iteration([replace(row, value=_joined(m, row.value)) for row in m.elements(rows.uid)])
    return found if any(isinstance(_key(row.value), Unknown) for row in found) else None


def _noted(m: Machine, container: DictObject) -> Value:
    """The known order of the entries.

    It is `NONE` if the loop that set them was not run to its end, or if paths set different entries at one position.
    """
    rows = m.read(container.uid, ROWS)
    is_open = isinstance(rows, ListObject) and any(_key(row.value) is MISSING for row in m.elements(rows.uid))
    return NONE if is_open else rows


def _key(pair: Value) -> Value:
    """The key of a row, whose entry may differ between paths; `MISSING` if it is not a row, or has several keys."""
    found = [option.elements[0].value if isinstance(option, Sequence) else MISSING for _, option in alternatives(pair)]
    return found[0] if all(one == found[0] for one in found) else MISSING


def _joined(m: Machine, pair: Value) -> Value:
    """A row with one key, and with the entry of each path."""
    if not isinstance(pair, Choice):
        return pair
    options = [(when, option.elements[1].value) for when, option in pair.alternatives if isinstance(option, Sequence)]
    return sequence(_key(pair), m.choose(options))


def _each_iteration(rows: list[Element]) -> list[Element]:
    """The rows. If each iteration of a loop set several, they do not belong to single iterations of a later loop."""
    numbers = [row.iteration.number for row in rows if row.iteration is not None]
    if numbers == list(range(len(rows))):
        return rows
    return [replace(row, iteration=None) for row in rows if row.iteration is None or not row.iteration.is_spare]
