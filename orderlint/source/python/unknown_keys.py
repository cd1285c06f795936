"""Entries of dictionaries under unknown keys.

Each may be the entry of any key that its own key may be. If all unknown keys are texts of which some letters are known,
these letters distinguish the entries (see `key_patterns`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from orderlint.source.python import iterations, pieces
from orderlint.source.python.key_patterns import KeyPattern, can_meet, pattern_of
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    DictObject,
    Sequence,
    Unknown,
    Value,
    alternatives,
    is_data,
    sequence,
)

__all__ = ["OTHERS", "add", "clear", "copy", "forget_latest", "latest", "under"]

OTHERS = "#others"  # the values under unknown keys; with a pattern: under keys of that pattern
_LATEST = "#latest"  # with a pattern or `None`: of these layers and tensors, the last key that was set, and its value
_BEFORE = "#before"  # with a loop and a pattern or `None`: the values before the iterations of the loop set any
_PATTERNS = "#patterns"  # the patterns of all unknown keys; `NONE` if one has no pattern, or if there are too many
_MOST_PATTERNS = 24


def add(m: Machine, container: DictObject, key: Value, value: Value) -> None:
    """Note that an entry is set under an unknown key."""
    pattern = pattern_of(key)
    known = _patterns(m, container)
    if pattern is None or known is None or len(known) == _MOST_PATTERNS:
        m.store.write(container.uid, _PATTERNS, NONE)
        _add(m, container, None, key, value)
        return
    if pattern not in known:
        m.store.write(container.uid, _PATTERNS, Const((*known, pattern)))
    for one in (None, pattern):
        _add(m, container, one, key, value)
    forget_latest(m, container, key, but=pattern)


def _add(m: Machine, container: DictObject, pattern: KeyPattern | None, key: Value, value: Value) -> None:
    cell = _cell(pattern)
    old = m.store.read(container.uid, cell)
    _note_before(m, container, pattern, key, m.fresh("item") if old is MISSING else old)
    m.store.write(container.uid, cell, value if old is MISSING else _either(m, old, value))
    latest = MISSING if is_data(value) else sequence(key, value)
    if latest is not MISSING or _is_latest(m, container, pattern, key):
        m.store.write(container.uid, (_LATEST, pattern), latest)


def copy(m: Machine, container: DictObject, other: DictObject, key: Value) -> None:
    """Note that a dictionary gets the entries of another one with unknown keys; `key` represents each of them."""
    patterns = _patterns(m, other)
    known = _patterns(m, container)
    if not patterns or known is None or len({*known, *patterns}) > _MOST_PATTERNS:
        add(m, container, key, m.read(other.uid, OTHERS))
        return
    m.store.write(container.uid, _PATTERNS, Const(tuple(dict.fromkeys((*known, *patterns)))))
    for pattern in (None, *patterns):
        found = m.read(other.uid, _cell(pattern))
        if found is not MISSING:
            _add(m, container, pattern, key, found)
        for one in known:
            if pattern is not None and can_meet(one, pattern):
                m.store.write(container.uid, (_LATEST, one), MISSING)


def clear(m: Machine, container: DictObject) -> None:
    """Note that a dictionary is empty now."""
    for pattern in (None, *(_patterns(m, container) or ())):
        m.store.write(container.uid, _cell(pattern), MISSING)
        m.store.write(container.uid, (_LATEST, pattern), MISSING)
    m.store.write(container.uid, _PATTERNS, MISSING)


def under(m: Machine, container: DictObject, key: Value) -> Value:
    """The value that a key may have; `MISSING` if no key that was set may be this one.

    If each iteration of a loop sets its own key (`d[name] = f(d[name])`), a later iteration does not read what an
    earlier one set.
    """
    if m.read(container.uid, OTHERS) is MISSING:
        return MISSING
    loop = iterations.loop_of(m, key) if isinstance(key, Unknown) and m.iterations and m.iterations[-1].number else None
    found: Value = MISSING
    for number, pattern in enumerate(_meeting(m, container, key)):
        before = m.read(container.uid, (_BEFORE, loop, pattern)) if loop is not None else MISSING
        held = before if before not in (MISSING, NONE) else m.read(container.uid, _cell(pattern))
        if found is MISSING:
            found = held
        elif held is not MISSING:
            guard = m.conditions.opaque(("under", container, key, number))
            found = m.choose([(guard, found), (~guard, held)])
    return found


def latest(m: Machine, container: DictObject, key: Unknown, other: Callable[[], Value]) -> Value:
    """The entry of an unknown key: the last value that was set, if it has the same key (`d[k] = x; y = d[k]`)."""
    pattern = pattern_of(key)
    if pattern not in (_patterns(m, container) or ()):
        pattern = None

    def found(latest: Value) -> Value:
        if isinstance(latest, Sequence) and latest.elements[0].value == key:
            return latest.elements[1].value
        return other()

    return m.each(m.read(container.uid, (_LATEST, pattern)), found)


def forget_latest(m: Machine, container: DictObject, key: Value, but: KeyPattern | None = None) -> None:
    """Note that the entry of a key changes. It may be the entry that was last set under an unknown key."""
    if m.store.read(container.uid, OTHERS) is MISSING:
        return
    for pattern in (*(_patterns(m, container) or ()), *(() if but else (None,))):
        if (pattern is None or pattern != but) and _is_latest(m, container, pattern, key):
            m.store.write(container.uid, (_LATEST, pattern), MISSING)


def _is_latest(m: Machine, container: DictObject, pattern: KeyPattern | None, key: Value) -> bool:
    """Whether the entry that was last set may be the entry of a key."""
    held = alternatives(m.store.read(container.uid, (_LATEST, pattern)))
    return any(isinstance(pair, Sequence) and _may_be(pair.elements[0].value, key) for _, pair in held)


def _may_be(one: Value, other: Value) -> bool:
    patterns = pattern_of(one), pattern_of(other)
    if patterns[0] is not None and patterns[1] is not None:
        return can_meet(*patterns)
    return pieces.may_be(one, other)


def _patterns(m: Machine, container: DictObject) -> tuple[KeyPattern, ...] | None:
    """The patterns of the unknown keys; `None` if they do not distinguish them."""
    if m.store.read(container.uid, OTHERS) is MISSING:
        return ()
    found: dict[KeyPattern, None] = {}
    for _, held in alternatives(m.store.read(container.uid, _PATTERNS)):
        if isinstance(held, Const) and isinstance(held.value, tuple):
            found.update(dict.fromkeys(held.value))
        elif held is not MISSING:
            return None
    return tuple(found)


def _meeting(m: Machine, container: DictObject, key: Value) -> list[KeyPattern | None]:
    """The patterns that a key may have; `[None]` for all."""
    patterns, own = _patterns(m, container), pattern_of(key)
    if not patterns:
        return [None]
    if own is None:
        return [] if isinstance(key, Const) and not isinstance(key.value, str) else [None]
    found = [pattern for pattern in patterns if can_meet(own, pattern)]
    return [None] if len(found) == len(patterns) else list(found)


def _cell(pattern: KeyPattern | None) -> Hashable:
    return OTHERS if pattern is None else (OTHERS, pattern)


def _either(m: Machine, one: Value, other: Value) -> Value:
    guard = m.conditions.opaque(("either", m.store.new_owner()))
    return m.choose([(guard, one), (~guard, other)])


def _note_before(m: Machine, container: DictObject, pattern: KeyPattern | None, key: Value, old: Value) -> None:
    """Note the values of unknown keys before the iterations of a loop set any (see `under`)."""
    loop = iterations.loop_of(m, key)
    if loop is None:
        return
    cell = (_BEFORE, loop, pattern)
    if iterations.is_computed(key):  # `d[i + 1]` in one iteration is `d[i]` in the next one
        m.store.write(container.uid, cell, NONE)
    elif m.store.read(container.uid, cell) is MISSING:
        m.store.write(container.uid, cell, old)
