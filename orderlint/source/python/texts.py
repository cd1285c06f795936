"""Texts that consist of parts, some of which are not known: `f"Conv{rank}D"`, `"Conv%dD" % rank`.

Such a text is an unknown value whose key contains its pieces. So it is the same value, however the code spells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from string import Formatter

from orderlint.graph.guards import ALWAYS, Guard
from orderlint.source.python import containers
from orderlint.source.python.pieces import KEY, is_text, pieces_of
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    Const,
    DictObject,
    ListObject,
    Sequence,
    Unknown,
    Value,
    alternatives,
)

__all__ = ["by_percent", "formatted", "join", "joined_by", "one", "owner_and_name", "possible", "with_defaults"]

_LONGEST = 10_000  # letters of a text
_MOST_PIECES = 32
_MOST_TEXTS = 16  # that a text may be, if each of them is considered
_PLAIN = re.compile(r"[<>^=]?[+\- ]?0?\d{0,2}(?:,|_)?(?:\.\d{1,2})?[bcdeEfFgGnosxX%]?")
_PERCENT = re.compile(r"%(?:\((\w+)\))?([-#0 +]*\d{0,2}(?:\.\d{0,2})?)([a-zA-Z%])")
_AS_IT_IS = frozenset({"", "d", "s"})  # formats that do not change a name or a number


def join(m: Machine, parts: Iterable[Value]) -> Value:
    """The text that consists of these parts."""
    joined: list[str | Value] = []
    length = 0
    for piece in (piece for part in parts for piece in pieces_of(part) if piece != ""):
        length += len(piece) if isinstance(piece, str) else 0
        if length > _LONGEST or len(joined) >= _MOST_PIECES:
            return m.fresh("text", scalar=True)
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    text = [piece for piece in joined if isinstance(piece, str)]
    if len(text) == len(joined):
        return Const("".join(text))
    return m.unknown((KEY, tuple(joined)), scalar=True)


# -- formatting -------------------------------------------------------------------------------------------------


def one(m: Machine, value: Value, spec: str = "", conversion: str = "") -> Value:
    """A value as it appears in a field of a formatted string.

    Args:
        m: The machine.
        value: The value.
        spec: The format after the colon.
        conversion: `r` or `a`, for `!r` and `!a`.
    """
    if isinstance(value, Const) and _PLAIN.fullmatch(spec):
        try:
            return Const(format(repr(value.value) if conversion in ("r", "a") else value.value, spec))
        except (TypeError, ValueError, OverflowError):
            return m.fresh("text", scalar=True)
    if spec in _AS_IT_IS and conversion in ("", "s"):
        return value
    return m.unknown(("format", value, spec, conversion), scalar=True)


def formatted(m: Machine, template: str, arguments: Arguments) -> Value:
    """`template.format(...)`."""
    parts: list[Value] = []
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return m.fresh("text", scalar=True)
    number = 0
    for literal, field, spec, conversion in fields:
        parts.append(Const(literal))
        if field is None:
            continue
        given = _field(arguments, field, number)
        number += 1
        parts.append(m.fresh("text", scalar=True) if given is None else one(m, given, spec or "", conversion or ""))
    return join(m, parts)


def _field(arguments: Arguments, field: str, number: int) -> Value | None:
    """The argument of a field: by its position, its number or its name."""
    if field.isidentifier():
        return arguments.keywords.get(field)
    if field and not field.isdigit():
        return None
    position = int(field[:4]) if field else number
    return arguments.positional[position] if position < len(arguments.positional) else None


def by_percent(m: Machine, template: str, given: Value) -> Value:
    """`template % given`."""
    if "%" in _PERCENT.sub("", template):  # the width is large or not known
        return m.fresh("text", scalar=True)
    parts: list[Value] = []
    last = number = 0
    for match in _PERCENT.finditer(template):
        parts.append(Const(template[last : match.start()]))
        last = match.end()
        name, flags, kind = match.groups()
        if kind == "%":
            parts.append(Const("%"))
            continue
        value = _operand(m, given, name, number)
        number += 1
        parts.append(_by_percent(m, value, flags, kind) if value is not None else m.fresh("text", scalar=True))
    return join(m, [*parts, Const(template[last:])])


def _operand(m: Machine, given: Value, name: str | None, number: int) -> Value | None:
    if name is not None:
        entry = m.read(given.uid, Const(name)) if isinstance(given, DictObject) else MISSING
        return entry if entry is not MISSING else None
    if isinstance(given, Sequence):
        elements = given.elements
        known = number < len(elements) and all(e.guard is ALWAYS for e in elements[: number + 1])
        return elements[number].value if known else None
    return given if number == 0 else None


def _by_percent(m: Machine, value: Value, flags: str, kind: str) -> Value:
    if isinstance(value, Const):
        try:
            return Const(f"%{flags}{kind}" % (value.value,))
        except (TypeError, ValueError, OverflowError):
            return m.fresh("text", scalar=True)
    return value if not flags and kind in "dius" else m.unknown(("format", value, flags, kind), scalar=True)


def joined_by(m: Machine, separator: str, parts: Value) -> Value | None:
    """`separator.join(parts)`; `None` if it is not known which parts there are."""
    if not isinstance(parts, (Sequence, ListObject)):
        return None
    elements = containers.iterate(m, parts)
    if any(element.guard is not ALWAYS for element in elements):
        return None
    between = Const(separator)
    return join(m, [v for element in elements for v in (between, element.value)][1:])


# -- which texts it may be --------------------------------------------------------------------------------------


def possible(m: Machine, value: Value) -> Value:
    """A text with each of the few known values of its parts inserted: a choice if there are several texts."""
    known = m.conditions.possible(value) if isinstance(value, Unknown) else None
    if known is not None:
        return m.choose(known)
    if not is_text(value) or isinstance(value, Const):
        return value
    options = [_options(m, piece) for piece in pieces_of(value)]
    total = 1
    for some in options:
        total *= len(some)
    if not 1 < total <= _MOST_TEXTS:
        return value
    texts: list[tuple[Guard, Value]] = []
    for combination in product(*options):
        guard = ALWAYS
        for when, _ in combination:
            guard = guard & when
        texts.append((guard, join(m, [part for _, part in combination])))
    return m.choose([(guard, text) for guard, text in texts if guard.meets(m.path)])


def _options(m: Machine, piece: str | Value) -> list[tuple[Guard, Value]]:
    if isinstance(piece, str):
        return [(ALWAYS, Const(piece))]
    if isinstance(piece, Unknown):
        return m.conditions.possible(piece) or [(ALWAYS, piece)]
    return [(when, option) for when, option in alternatives(piece) if when.meets(m.path)]


def with_defaults(m: Machine, value: Value) -> Value:
    """A text in which parameters without a visible value have their defaults."""
    settled = containers.settled(m, value)
    if settled is not value or not is_text(value):
        return settled
    return join(m, [Const(p) if isinstance(p, str) else containers.settled(m, p) for p in pieces_of(value)])


def owner_and_name(m: Machine, value: Value) -> tuple[str | None, Value | None]:
    """The part of a text such as `f"keras.layers.Conv{rank}D"` before its last dot, and the rest.

    Returns: `None` for the owner if there is no dot, and for both if the part before the dot is not a known name.
    """
    if not is_text(value):
        return None, None
    parts = pieces_of(value)
    first = parts[0]
    if any(isinstance(piece, str) and "." in piece for piece in parts[1:]):
        return None, None
    if not isinstance(first, str) or "." not in first:
        return None, value
    owner, _, start = first.rpartition(".")
    if not re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", owner):
        return None, None
    rest = [piece if isinstance(piece, Value) else Const(piece) for piece in parts[1:]]
    return owner, join(m, [Const(start), *rest] if start else rest)
