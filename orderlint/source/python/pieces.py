"""Text of which some parts are not known: an unknown whose key has its pieces (see `texts`)."""

from __future__ import annotations

import re

from orderlint.source.state.values import Const, Unknown, Value

__all__ = ["ANY", "KEY", "filling", "is_text", "may_be", "pattern", "pieces_of"]

ANY = "*"
"""Stands for a part of a name that is not known."""

KEY = "joined"
"""What the keys of such unknowns begin with."""


def pieces_of(value: Value) -> tuple[str | Value, ...]:
    """The letters of a text, and the values that are put in between."""
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
    """Whether a value certainly is a text."""
    if isinstance(value, Const):
        return isinstance(value.value, str)
    return isinstance(value, Unknown) and isinstance(value.key, tuple) and value.key[:1] == (KEY,)


def pattern(value: Value) -> str | None:
    """A name of which something is known, with `*` for what is not; `None` for what is no such name.

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
    """Whether a text may be this one, by the pieces that are known of it."""
    if not is_text(value) or not isinstance(name, Const):
        return True
    parts = pieces_of(value)
    known = "".join(re.escape(piece) if isinstance(piece, str) else ".*" for piece in parts)
    return isinstance(name.value, str) and re.fullmatch(known, name.value, re.DOTALL) is not None


def filling(value: Value, name: str) -> tuple[Value, str] | None:
    """The one piece of a text that is not known, and what it is if the text is this one; `None` if there are more."""
    parts = pieces_of(value)
    unknown = [piece for piece in parts if not isinstance(piece, str)]
    if len(unknown) != 1:
        return None
    known = "".join(re.escape(piece) if isinstance(piece, str) else "(.*)" for piece in parts)
    found = re.fullmatch(known, name, re.DOTALL)
    return (unknown[0], found[1]) if found is not None else None
