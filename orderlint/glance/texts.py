"""Texts of which a part is known: `f"Conv{rank}D"` may be the name of a layer."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from orderlint.catalog import FUNCTIONS, LAYERS
from orderlint.glance.things import SCALAR, Const, List, Text, Thing, Value, const, is_plain, one, only

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["NAMES", "added", "fitting", "formatted", "interpolated", "of_pieces"]

NAMES = tuple({**LAYERS, **{name: None for *_, name in FUNCTIONS}})
"""The names of all layers and functions in the catalog."""

LONGEST = 40  # letters of a pattern; the name of a layer is shorter, and a text that a loop makes longer ends
_PLACE = re.compile(r"%[-+ #0-9.]*[a-zA-Z]|\{[^{}]*\}")
_SIMPLE = (ast.Constant, ast.Name, ast.Attribute)  # reading these does nothing else


@lru_cache(maxsize=512)
def fitting(pattern: str) -> tuple[str, ...]:
    """The names of layers and of functions in the catalog that a text with unknown parts (`*`) may be."""
    if not pattern.strip("*"):
        return ()
    expression = re.compile(r"\w*".join(map(re.escape, pattern.split("*"))))
    return tuple(name for name in NAMES if expression.fullmatch(name))


def of_pieces(pieces: list[str | None]) -> Value:
    """The text that pieces make, of which some are not known."""
    if None not in pieces:
        return const("".join(piece for piece in pieces if piece is not None))
    pattern = re.sub(r"\*+", "*", "".join("*" if piece is None else piece for piece in pieces))
    return one(Text(pattern)) if 1 < len(pattern) <= LONGEST else SCALAR


def _piece(value: Value) -> str | None:
    """A value as a part of a text; `None` if it is not known."""
    known = only(value, Const)
    if known is not None and isinstance(known.value, (str, int)):
        return str(known.value)
    partly = only(value, Text)
    return None if partly is None else str(partly.pattern)


def interpolated(g: Machine, node: ast.JoinedStr) -> Value:
    """`f"…{value}…"`."""
    pieces: list[str | None] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(str(part.value))
            continue
        value = g.peek(part.value) if isinstance(part, ast.FormattedValue) else SCALAR
        is_plainly = isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None
        pieces.append(_piece(value) if is_plainly else None)
    return of_pieces(pieces)


def formatted(text: str, value: Value) -> Value:
    """`text % value`, `text.format(value)`: with the parts that stay, and those that are known."""
    listed = only(value, List)
    values = list(listed.items) if listed is not None and listed.is_known else [value]
    places = _PLACE.findall(text)
    is_even = len(places) == len(values) and all(place in ("%s", "%d", "%i", "{}") for place in places)
    known = [_piece(one_value) for one_value in values] if is_even else [None] * len(places)
    between = _PLACE.split(text)
    pieces: list[str | None] = [between[0]]
    for piece, after in zip(known, between[1:]):  # noqa: B905  # there is one for each place
        pieces += [piece, after]
    return of_pieces(pieces)


def added(left: Value, right: Value) -> Value | None:
    """`left + right` of texts; `None` if neither is surely one."""
    if not any(_is_text(only(side, object)) for side in (left, right)):
        return None
    return of_pieces([_piece(left), _piece(right)]) if is_plain(left) and is_plain(right) else SCALAR


def _is_text(thing: Thing) -> bool:
    return type(thing) is Text or (type(thing) is Const and isinstance(thing.value, str))
