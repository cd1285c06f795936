"""Choices: the values of a name where paths with different values meet."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.catalog import canonical
from orderlint.graph.guards import NEVER, Guard, union
from orderlint.source.state.values import (
    MISSING,
    Choice,
    Const,
    External,
    Unknown,
    Unknowns,
    Value,
    alternatives,
    is_inert,
    is_plain,
    is_scalar,
)

__all__ = ["MOST_ALTERNATIVES", "MOST_PLAIN_ALTERNATIVES", "choose", "one_of"]

MOST_ALTERNATIVES = 64
MOST_PLAIN_ALTERNATIVES = 8
MOST_PLAIN_ATOMS = 16  # in one file, a counter in a base class took 87,000 of 120,000 nodes


def choose(options: list[tuple[Guard, Value]], unknowns: Unknowns) -> Value:
    """The value that is each option under its guard; `MISSING` if none is possible.

    Equal options are merged. Too many options become an unknown value.
    """
    if len(options) == 1 and options[0][0] is not NEVER and not isinstance(options[0][1], Choice):
        return _one_spelling(options[0][1])
    whens = _whens(options)
    if len(whens) == 1:
        return next(iter(whens))
    if not whens:
        return MISSING
    if all(value is MISSING or is_plain(value) for value in whens) and _num_atoms(whens) > MOST_PLAIN_ATOMS:
        return one_of(unknowns, [value for value in whens if value is not MISSING])
    merged = {value: union(inner & union(outer) for inner, outer in groups.items()) for value, groups in whens.items()}
    unknown = sum(isinstance(value, Unknown) and not _is_word(value.default) for value in merged)
    most = MOST_PLAIN_ALTERNATIVES if all(map(is_plain, merged)) else MOST_ALTERNATIVES
    if (unknown == len(merged) and not _is_countdown(merged)) or len(merged) > most:
        found = one_of(unknowns, list(merged))
        if most == MOST_ALTERNATIVES < len(merged) and not all(map(is_inert, merged)):
            unknowns.too_many(found)
        return found
    return Choice(tuple((guard, value) for value, guard in merged.items()))


def _is_countdown(values: Iterable[Value]) -> bool:
    """Whether a loop counts or slices one value down to these: `n`, `n - 1`, ... or `sizes`, `sizes[1:]`, ..."""
    return len({_whole(value) for value in values}) == 1


def _whole(value: Value) -> Value:
    """The value that was counted down or sliced to this one."""
    while isinstance(value, Unknown):
        match value.key:
            case ("operation", "-" | "/" | "//" | ">>", Unknown() as more, Const()) | ("slice", Unknown() as more, _):
                value = more
            case _:
                return value
    return value


def _is_word(default: Value | None) -> bool:
    """Whether the default of a parameter is a text. It may be the name of an activation, which then counts."""
    return isinstance(default, Const) and isinstance(default.value, str)


def one_of(unknowns: Unknowns, values: list[Value]) -> Unknown:
    """The unknown value that is one of these values."""
    return unknowns.of(("one of", tuple(values)), scalar=all(map(is_scalar, values)), among=values)


def _whens(options: list[tuple[Guard, Value]]) -> dict[Value, dict[Guard, list[Guard]]]:
    """When each value is possible: for each guard inside an option, the guards of the options that contain it.

    Most options share their alternatives, so the outer guards are joined before they are combined with the inner ones.
    """
    whens: dict[Value, dict[Guard, list[Guard]]] = {}
    for guard, option in options:
        for inner, value in alternatives(option):
            if guard.meets(inner):
                whens.setdefault(_one_spelling(value), {}).setdefault(inner, []).append(guard)
    return whens


def _num_atoms(whens: dict[Value, dict[Guard, list[Guard]]]) -> int:
    """The number of tests that decide between the values."""
    mask = 0
    for groups in whens.values():
        for inner, outer in groups.items():
            mask |= inner.mask
            for guard in outer:
                mask |= guard.mask
    return mask.bit_count()


def _one_spelling(value: Value) -> Value:
    """A Keras layer class under its canonical name, whichever of its names was imported."""
    if isinstance(value, External):
        name = canonical(value.name)
        return value if name == value.name else External(name)
    return value
