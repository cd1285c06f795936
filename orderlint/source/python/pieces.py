"""Texts with unknown parts. Such a text is an unknown value whose key contains its pieces (see `texts`)."""

from __future__ import annotations

import re

from orderlint.source.state.values import Const, Unknown, Value

__all__ = ["ANY", "KEY", "filling", "is_text", "may_be", "pattern", "pieces_of"]

ANY = "*"
"""An unknown part of a name."""

KEY = "joined"
"""The first element of the keys of such unknown values."""


def pieces_of(value: Value) -> tuple[str | Value, ...]:
    """The literal parts of a text, and the values that are inserted between them."""
    if isinstance(value, Const):
        return (str(value.value),)
    if isinstance(value, Unknown):
        match value.key:
            case ("joined", tuple() as found):
                return found
            case ("computed", "builtins.str", (Value() as inner,)):
                return pieces_of(inner)
    return (value,)


def is_text(value: Value) -> bool:
    """Whether a value is certainly a text."""
    if isinstance(value, Const):
        return isinstance(value.value, str)
    return isinstance(value, Unknown) and isinstance(value.key, tuple) and value.key[:1] == (KEY,)


def pattern(value: Value) -> str | None:
    """A partly known name, with `*` for its unknown parts; `None` for other values.

    >>> pattern(Const("Dense"))
    'Dense'
    """
    if not is_text(value):
        return None
    parts = pieces_of(value)
    known = [piece for piece in parts if isinstance(piece, str)]
    if not known or not all(re.fullmatch(r"\w+", piece) for piece in known):
        return None
    return "".join(piece if isinstance(piece, str) else ANY for piece in parts)


def may_be(value: Value, name: Value) -> bool:
    """Whether a text may be this one, according to its known pieces."""
    if not is_text(value) or not isinstance(name, Const):
        return True
    parts = pieces_of(value)
    known = "".join(re.escape(piece) if isinstance(piece, str) else ".*" for piece in parts)
    return isinstance(name.value, str) and re.fullmatch(known, name.value, re.DOTALL) is not None


def filling(value: Value, name: str) -> tuple[Value, str] | None:
    """The only unknown piece of a text, and its value if the text is this one; `None` if it has more unknown pieces."""
    parts = pieces_of(value)
    unknown = [piece for piece in parts if not isinstance(piece, str)]
    if len(unknown) != 1:
        return None
    known = "".join(re.escape(piece) if isinstance(piece, str) else "(.*)" for piece in parts)
    found = re.fullmatch(known, name, re.DOTALL)
    return (unknown[0], found[1]) if found is not None else None
