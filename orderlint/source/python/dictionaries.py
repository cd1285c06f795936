"""Dictionaries of abstract values: their entries, under keys that are known and under others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, union
from orderlint.source.python import pieces, rows, settings, turns
from orderlint.source.python.rows import OTHERS
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.budget import ELEMENTS_A_STEP
from orderlint.source.state.choices import MOST_PLAIN_ALTERNATIVES, one_of
from orderlint.source.state.machine import Machine
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    Sequence,
    Turn,
    Unknown,
    Value,
    alternatives,
    is_data,
    is_inert,
    is_plain,
    sequence,
)

__all__ = [
    "FACTORY",
    "LATEST",
    "OTHERS",
    "copied",
    "delete",
    "entry",
    "get",
    "item",
    "keys",
    "new_dict",
    "set_entry",
    "update",
]

MOST_ENTRIES = 32  # of a dictionary, that an unknown key may mean
_KEYS = (Const, External, Sequence)  # what is known of these is which key it is
LATEST = "#latest"  # of the layers and tensors under keys that are not known: the key that was last set, and the value
BEFORE = "#before"  # with a loop: what was under keys that are not known before its turns set any
FACTORY = "#factory"  # of a `defaultdict`


def new_dict(m: Machine) -> DictObject:
    """An empty dictionary."""
    made = DictObject(m.store.new_owner())
    m.store.write(made.uid, ITEMS, sequence())
    return made


def copied(m: Machine, other: DictObject) -> DictObject:
    """A dictionary of its own with the entries of another."""
    made, entries = new_dict(m), keys(m, other)
    if m.read(other.uid, OTHERS) is not MISSING or not all(
        key.guard is ALWAYS and isinstance(key.value, _KEYS) for key in entries
    ):
        update(m, made, other)
        return made
    m.tick(len(entries) // ELEMENTS_A_STEP)
    for key in entries:  # nothing is there that it could be: thousands are copied each time that one is merged
        m.store.write(made.uid, key.value, m.read(other.uid, key.value))
    m.append(made.uid, *(Element(key.value) for key in entries))
    return made


def keys(m: Machine, value: DictObject) -> list[Element]:
    """The keys of a dictionary as far as they are known."""
    return list(m.elements(value.uid))


def set_entry(m: Machine, container: DictObject, key: Value, value: Value, turn: Turn | None = None) -> None:
    """`container[key] = value`; `turn` is the one that it is set for, if it is not the present one."""
    if isinstance(key, Choice):
        for when, option in key.alternatives:
            m.when(when, partial(set_entry, m, container, option, value, turn))
        return
    if turn is not None or not isinstance(key, _KEYS) or rows.are_noted(m, container):
        rows.add(m, container, key, value, turn)
    if not isinstance(key, _KEYS):
        old = m.store.read(container.uid, OTHERS)
        _note_before(m, container, key, m.fresh("item") if old is MISSING else old)
        m.store.write(container.uid, OTHERS, value if old is MISSING else _either(m, old, value))
        if not is_data(value):
            m.store.write(container.uid, LATEST, sequence(key, value))
        else:
            _forget_latest(m, container, key)
        return
    _set_entries(m, container, [(key, value)])


def _set_entries(m: Machine, container: DictObject, entries: Iterable[tuple[Value, Value]]) -> None:
    """Set entries under known keys."""
    new: list[Element] = []
    is_latest_known = m.store.read(container.uid, LATEST) is not MISSING
    for key, value in entries:
        if is_latest_known:
            _forget_latest(m, container, key)
        if m.read(container.uid, key) is MISSING:
            new.append(Element(key))
        m.store.write(container.uid, key, value)
    if new:
        m.append(container.uid, *new)


def _forget_latest(m: Machine, container: DictObject, key: Value) -> None:
    """Note that the entry of a key changes, which may be the one that was last set under an unknown key."""
    latest = alternatives(m.store.read(container.uid, LATEST))
    if any(isinstance(pair, Sequence) and pieces.may_be(pair.elements[0].value, key) for _, pair in latest):
        m.store.write(container.uid, LATEST, MISSING)


def _either(m: Machine, one: Value, other: Value) -> Value:
    guard = m.conditions.opaque(("either", m.store.new_owner()))
    return m.choose([(guard, one), (~guard, other)])


def get(m: Machine, container: DictObject, key: Value) -> Value:
    """The entry of a constant key, `MISSING` where there is none."""
    return m.read(container.uid, key)


def item(m: Machine, container: DictObject, key: Value) -> Value:
    """`container[key]`."""
    others = m.read(container.uid, OTHERS)
    if isinstance(key, _KEYS):
        found = get(m, container, key)
        if found is MISSING and others is MISSING:
            found = _made_entry(m, container, key)
        if found is not MISSING:
            return found
    elif isinstance(key, Unknown):
        return entry(m, container, key, lambda: _entry_by_unknown(m, container, key))
    # Of many unknown entries each is another one.
    are_known = others is not MISSING and not all(isinstance(one, Unknown) for _, one in alternatives(others))
    return others if are_known else m.unknown(("item", container, key))


def _made_entry(m: Machine, container: DictObject, key: Value) -> Value:
    """What a `defaultdict` puts in for a key that it does not have; `MISSING` from any other dictionary."""
    factory = m.read(container.uid, FACTORY)
    if factory is MISSING:
        return MISSING
    made = m.call(factory, Arguments([]), m.top[1])
    set_entry(m, container, key, made)
    return made


def entry(m: Machine, container: DictObject, key: Unknown, other: Callable[[], Value]) -> Value:
    """The entry of an unknown key: what was last set, if that was under the same one (`d[k] = x; y = d[k]`)."""

    def found(latest: Value) -> Value:
        if isinstance(latest, Sequence) and latest.elements[0].value == key:
            return latest.elements[1].value
        return other()

    return m.each(m.read(container.uid, LATEST), found)


def _entry_by_unknown(m: Machine, container: DictObject, key: Unknown) -> Value:
    known = [e.value for e in keys(m, container) if _can_be(m, key, e.value)]
    if len(known) > MOST_ENTRIES and not all(is_inert(m.read(container.uid, name)) for name in known):
        m.fall_short(Limit.ALTERNATIVES)
    known = known[:MOST_ENTRIES]
    told = entries = [(name, m.read(container.uid, name)) for name in known]
    held = dict.fromkeys(value for _, value in entries)
    if len(held) > MOST_PLAIN_ALTERNATIVES:
        # Too many to be told apart, so the key is not compared with each: a tokenizer has hundreds.
        if all(map(is_plain, held)):
            return one_of(m.unknowns, list(held))
        told = [(name, value) for name, value in entries if not is_data(value)]
    options = [(m.conditions.equal(key, name), value) for name, value in told if isinstance(name, Const)]
    if len(told) < len(entries):  # the data among them is not told apart
        data = [value for value in held if is_data(value)]
        options.append((~union(guard for guard, _ in options), one_of(m.unknowns, data)))
    options = [(guard & m.path, value) for guard, value in options]
    found = m.choose([option for option in options if option[1] is not MISSING])
    others = _others(m, container, key)
    if found is MISSING:
        return others if others is not MISSING else m.unknown(("item", container, key))
    return found


def _can_be(m: Machine, key: Unknown, name: Value) -> bool:
    """Whether an unknown key may be this one: what counts turns is not 0 after the first, nor is it in a text."""
    if not pieces.may_be(key, name):
        return False
    if isinstance(name, Const) and isinstance(name.value, str):
        filled = pieces.filling(key, name.value)
        return filled is None or not filled[1].isdecimal() or _can_count(m, filled[0], Const(int(filled[1])))
    return _can_count(m, key, name)


def _can_count(m: Machine, value: Value, number: Value) -> bool:
    is_count = isinstance(value, Unknown) and turns.is_positive(value)
    return not is_count or turns.compare(m, "==", value, number) is not NEVER


def _note_before(m: Machine, container: DictObject, key: Value, old: Value) -> None:
    """Note what was under unknown keys before the turns of a loop set any: see `_others`."""
    loop = turns.loop_of(m, key)
    if loop is None:
        return
    if turns.is_computed(key):  # `d[i + 1]` of one turn is `d[i]` of the next
        m.store.write(container.uid, (BEFORE, loop), NONE)
    elif m.store.read(container.uid, (BEFORE, loop)) is MISSING:
        m.store.write(container.uid, (BEFORE, loop), old)


def _others(m: Machine, container: DictObject, key: Unknown) -> Value:
    """What may be under an unknown key; `MISSING` if nothing was set under one.

    What a loop sets under a key of each turn (`d[name] = f(d[name])`) is not what a later turn finds under its own.
    """
    loop = turns.loop_of(m, key) if m.turns and m.turns[-1].number else None
    before = m.read(container.uid, (BEFORE, loop)) if loop is not None else MISSING
    return before if before not in (MISSING, NONE) else m.read(container.uid, OTHERS)


def delete(m: Machine, container: DictObject, key: Value) -> None:
    """`del container[key]`."""
    rows.forget(m, container)
    if not isinstance(key, Const):
        return
    m.store.write(container.uid, key, MISSING)
    left = [e for e in keys(m, container) if e.value != key]
    m.store.write(container.uid, ITEMS, Sequence(tuple(left)))
    others = m.read(container.uid, OTHERS)
    if isinstance(others, Unknown) and isinstance(key.value, str):
        less = m.unknown(("without", others, key), lacks=(*others.lacks, key.value))
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
    plain: list[tuple[Value, Value]] = []  # set all at once: each new key takes as long as there are keys
    for key in entries:
        value = m.read(other.uid, key.value)
        if key.guard is ALWAYS and isinstance(key.value, _KEYS):
            plain.append((key.value, value))
        else:
            _set_entries(m, container, plain)
            plain = []
            m.when(key.guard, partial(set_entry, m, container, key.value, value))
    _set_entries(m, container, plain)
    others = m.read(other.uid, OTHERS)
    if isinstance(others, Unknown):
        _update_with_unknown(m, container, others, {key.value for key in keys(m, other)})
    elif others is not MISSING:
        set_entry(m, container, m.unknown(("keys", other)), others)
    rows.copy(m, container, other, is_first)


def _update_with_unknown(m: Machine, container: DictObject, other: Unknown, but: Iterable[Value] = ()) -> None:
    """`container.update(other)`, where `other` may hold any entry: each that is plain data may be another now."""
    for key in keys(m, container):
        value = m.read(container.uid, key.value)
        if key.value not in but and isinstance(value, (Const, Unknown, Condition)):
            m.store.write(container.uid, key.value, m.unknown(("item", other, key.value), value))
    rows.forget(m, container)
    set_entry(m, container, other, m.unknown(("item", other), lacks=other.lacks))
