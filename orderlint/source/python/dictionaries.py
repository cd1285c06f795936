"""Dictionaries of abstract values: their entries under known and unknown keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.python import iterations, pieces, rows, settings, unknown_keys
from orderlint.source.python.unknown_keys import OTHERS
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.budget import ELEMENTS_A_STEP
from orderlint.source.state.choices import MOST_PLAIN_ALTERNATIVES, one_of
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    Iteration,
    Sequence,
    Unknown,
    Value,
    alternatives,
    is_data,
    is_inert,
    is_plain,
    sequence,
    when_missing,
)

__all__ = [
    "FACTORY",
    "OTHERS",
    "as_key",
    "copied",
    "delete",
    "get",
    "item",
    "keys",
    "new_dict",
    "set_entry",
    "update",
]

MOST_ENTRIES = 32  # entries of a dictionary that an unknown key may select
_KEYS = (Const, External, Sequence)  # values that are known keys
FACTORY = "#factory"  # the cell of a `defaultdict`'s factory


def new_dict(m: Machine) -> DictObject:
    """An empty dictionary."""
    made = DictObject(m.store.new_owner())
    m.store.write(made.uid, ITEMS, sequence())
    return made


def copied(m: Machine, other: DictObject) -> DictObject:
    """A new dictionary with the entries of another one."""
    made, entries = new_dict(m), keys(m, other)
    if m.read(other.uid, OTHERS) is not MISSING or not all(
        key.guard is ALWAYS and isinstance(key.value, _KEYS) for key in entries
    ):
        update(m, made, other)
        return made
    m.tick(len(entries) // ELEMENTS_A_STEP)
    for key in entries:  # the new dictionary has no entries to compare with: each merge copies thousands
        m.store.write(made.uid, key.value, m.read(other.uid, key.value))
    m.append(made.uid, *(Element(key.value) for key in entries))
    return made


def keys(m: Machine, value: DictObject) -> list[Element]:
    """The known keys of a dictionary, one by one if paths set different ones at the same position."""
    elements = m.elements(value.uid)
    if not any(isinstance(element.value, Choice) for element in elements):
        return list(elements)
    found: list[Element] = []
    for element in elements:
        for when, option in alternatives(element.value):
            if (guard := element.guard & when).meets(m.path):
                found.append(replace(element, value=option, guard=guard))
    return found


def set_entry(m: Machine, container: DictObject, key: Value, value: Value, iteration: Iteration | None = None) -> None:
    """`container[key] = value`; `iteration` is the iteration that sets it, if it is not the current one."""
    if isinstance(key, Choice):
        for when, option in key.alternatives:
            m.when(when, partial(set_entry, m, container, option, value, iteration))
        return
    key = as_key(key)
    if iteration is not None or not isinstance(key, _KEYS) or rows.are_noted(m, container):
        rows.add(m, container, key, value, iteration)
    if not isinstance(key, _KEYS):
        unknown_keys.add(m, container, key, value)
        return
    _set_entries(m, container, [(key, value)])


def _set_entries(m: Machine, container: DictObject, entries: Iterable[tuple[Value, Value]]) -> None:
    """Set entries with known keys."""
    new: list[Element] = []
    for key, value in entries:
        unknown_keys.forget_latest(m, container, key)
        missing = when_missing(m.store.read(container.uid, key))
        if missing is not NEVER and missing.meets(m.path):  # its position is after entries that were set on other paths
            new.append(Element(key, missing))
        m.store.write(container.uid, key, value)
    if new:
        m.append(container.uid, *new)


def as_key(value: Value) -> Value:
    """A value in the form that is compared with keys: for a tuple, without the places of its elements."""
    if isinstance(value, Sequence) and any(element.site is not None for element in value.elements):
        return Sequence(tuple(Element(as_key(element.value), element.guard) for element in value.elements))
    return value


def get(m: Machine, container: DictObject, key: Value) -> Value:
    """The entry of a constant key; `MISSING` where there is none."""
    return m.read(container.uid, as_key(key))


def absence(m: Machine, container: DictObject, key: Value) -> Guard:
    """When a constant key, which a branch may have set, has no entry; `NEVER` if that makes no difference."""
    missing = when_missing(m.store.read(container.uid, as_key(key)))
    matters = missing is not NEVER and missing.meets(m.path) and unknown_keys.under(m, container, key) is MISSING
    return missing if matters else NEVER


def item(m: Machine, container: DictObject, key: Value) -> Value:
    """`container[key]`."""
    if isinstance(key, Unknown):
        return unknown_keys.latest(m, container, key, lambda: _entry_by_unknown(m, container, key))
    left = unknown_keys.under(m, container, key)
    if isinstance(key, _KEYS):
        found = get(m, container, key)
        if found is MISSING and left is MISSING:
            found = _made_entry(m, container, key)
        if found is not MISSING:
            return found
    # Many unknown entries are different values.
    are_known = left is not MISSING and not all(isinstance(one, Unknown) for _, one in alternatives(left))
    return left if are_known else m.unknown(("item", container, key))


def _made_entry(m: Machine, container: DictObject, key: Value) -> Value:
    """The entry that a `defaultdict` adds for a missing key; `MISSING` for any other dictionary."""
    factory = m.read(container.uid, FACTORY)
    if factory is MISSING:
        return MISSING
    made = m.call(factory, Arguments([]), m.top[1])
    set_entry(m, container, key, made)
    return made


def _entry_by_unknown(m: Machine, container: DictObject, key: Unknown) -> Value:
    of_iteration = rows.entry(m, container, key)
    if of_iteration is not MISSING:
        return of_iteration
    known = [e.value for e in keys(m, container) if _can_be(m, key, e.value)]
    if len(known) > MOST_ENTRIES and not all(is_inert(m.read(container.uid, name)) for name in known):
        m.fall_short(Limit.ALTERNATIVES)
    known = known[:MOST_ENTRIES]
    distinct = entries = [(name, m.read(container.uid, name)) for name in known]
    held = dict.fromkeys(value for _, value in entries)
    if len(held) > MOST_PLAIN_ALTERNATIVES:
        # They are too many to distinguish, so the key is not compared with each: a tokenizer has hundreds.
        if all(map(is_plain, held)):
            return one_of(m.unknowns, list(held))
        distinct = [(name, value) for name, value in entries if not is_data(value)]
    options = [(m.conditions.equal(key, name), value) for name, value in distinct if isinstance(name, Const)]
    if len(distinct) < len(entries):  # the data among them is not distinguished
        data = [value for value in held if is_data(value)]
        options.append((~union(guard for guard, _ in options), one_of(m.unknowns, data)))
    options = [(guard & m.path, value) for guard, value in options]
    found = m.choose([option for option in options if option[1] is not MISSING])
    if found is MISSING:
        left = unknown_keys.under(m, container, key)
        return left if left is not MISSING else m.unknown(("item", container, key))
    return found


def _can_be(m: Machine, key: Unknown, name: Value) -> bool:
    """Whether an unknown key may be this one. A counter is not 0 after the first iteration, also as part of a text."""
    if not pieces.may_be(key, name):
        return False
    if isinstance(name, Const) and isinstance(name.value, str):
        filled = pieces.filling(key, name.value)
        return filled is None or not filled[1].isdecimal() or _can_count(m, filled[0], Const(int(filled[1])))
    return _can_count(m, key, name)


def _can_count(m: Machine, value: Value, number: Value) -> bool:
    is_count = isinstance(value, Unknown) and iterations.is_positive(value)
    return not is_count or iterations.compare(m, "==", value, number) is not NEVER


def delete(m: Machine, container: DictObject, key: Value) -> None:
    """`del container[key]`."""
    rows.forget(m, container)
    key = as_key(key)
    if not isinstance(key, (Const, Sequence)):
        return
    m.store.write(container.uid, key, MISSING)
    left = [e for e in keys(m, container) if e.value != key]
    m.store.write(container.uid, ITEMS, Sequence(tuple(left)))
    more = m.read(container.uid, OTHERS)
    if isinstance(more, Unknown) and isinstance(key, Const) and isinstance(key.value, str):
        less = m.unknown(("without", more, key), lacks=(*more.lacks, key.value))
        m.store.write(container.uid, OTHERS, less)


def update(m: Machine, container: DictObject, other: Value) -> None:
    """`container.update(other)`."""
    for when, value in alternatives(other):
        option = settings.as_data(m, value)
        if isinstance(option, DictObject) and when.meets(m.path):
            m.when(when, partial(_update_from, m, container, option))
        elif isinstance(option, Unknown) and when & m.path is not NEVER:
            m.when(when, partial(_update_with_unknown, m, container, option))


def _update_from(m: Machine, container: DictObject, other: DictObject) -> None:
    entries = keys(m, other)
    is_first = not m.elements(container.uid) and m.read(container.uid, OTHERS) is MISSING
    m.tick(len(entries) // ELEMENTS_A_STEP)
    plain: list[tuple[Value, Value]] = []  # these are set together: each new key takes time for all known keys
    for key in entries:
        value = m.read(other.uid, key.value)
        if key.guard is ALWAYS and isinstance(key.value, _KEYS):
            plain.append((key.value, value))
        else:
            _set_entries(m, container, plain)
            plain = []
            m.when(key.guard, partial(set_entry, m, container, key.value, value))
    _set_entries(m, container, plain)
    more = m.read(other.uid, OTHERS)
    if isinstance(more, Unknown):
        _update_with_unknown(m, container, more, {key.value for key in keys(m, other)})
    elif more is not MISSING:
        key_of_each = m.unknown(("keys", other))
        rows.add(m, container, key_of_each, more)
        unknown_keys.copy(m, container, other, key_of_each)
    rows.copy(m, container, other, is_first)


def _update_with_unknown(m: Machine, container: DictObject, other: Unknown, but: Iterable[Value] = ()) -> None:
    """`container.update(other)`, where `other` may hold any entry. So entries that are plain data may change."""
    for key in keys(m, container):
        value = m.read(container.uid, key.value)
        if key.value not in but and isinstance(value, (Const, Unknown, Condition)):
            m.store.write(container.uid, key.value, m.unknown(("item", other, key.value), value))
    rows.forget(m, container)
    set_entry(m, container, other, m.unknown(("item", other), lacks=other.lacks))
