"""Strings that are partly known: `f"Conv{rank}D"` may be the name of a layer."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.catalog import FUNCTIONS, LAYERS
from orderlint.catalog.libraries import LIBRARIES
from orderlint.glance.lists import List
from orderlint.glance.things import SCALAR, Const, Text, Thing, Value, const, is_plain, one, only

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = [
    "LONGEST_TEXT",
    "NAMES",
    "added",
    "bearers",
    "fitting",
    "formatted",
    "interpolated",
    "interpolated_by_percent",
]

_OF_LIBRARIES = (name for library in LIBRARIES.values() for name in library.entries)
NAMES = tuple({**LAYERS, **{name: None for *_, name in FUNCTIONS}, **dict.fromkeys(_OF_LIBRARIES)})
"""The names of all layers and functions in the catalog."""
_MODULES = (
    *("keras", "keras.layers", "keras.activations", "keras.ops", "keras.ops.image", "keras.backend", "keras.random"),
    *("tensorflow", "tensorflow.nn", "tensorflow.math", "tensorflow.image", "tensorflow.random"),
    *LIBRARIES,
)

LONGEST = 40  # letters of a pattern: names of layers are shorter, and a text that a loop extends must not grow forever
LONGEST_TEXT = 10_000  # letters of a text that is put together: one that is doubled forty times would fill the memory
_OF_PERCENT = re.compile(r"%(?:\([^)]*\))?[-+ #0-9.*]*[a-zA-Z%]")
_OF_FORMAT = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_SIMPLE = ("%s", "%d", "%i", "{}")  # placeholders that insert the next value as it is


@lru_cache(maxsize=512)
def bearers(name: str) -> tuple[str, ...]:
    """The layers and functions in the catalog that have this name, by their dotted names."""
    return tuple(f"{module}.{name}" for module in _MODULES if catalog.find(f"{module}.{name}") is not None)


@lru_cache(maxsize=512)
def fitting(pattern: str) -> tuple[str, ...]:
    """The names of layers and functions in the catalog that fit a text with unknown parts (`*`)."""
    if not pattern.strip("*"):
        return ()
    expression = re.compile(r"\w*".join(map(re.escape, pattern.split("*"))))
    return tuple(name for name in NAMES if expression.fullmatch(name))


def _of_pieces(pieces: list[str | None]) -> Value:
    """The text that consists of pieces, some of which are not known."""
    if sum(len(piece) for piece in pieces if piece is not None) > LONGEST_TEXT:
        return SCALAR
    text = "".join("*" if piece is None else piece for piece in pieces)
    if "*" not in text:  # a piece may also be partly unknown
        return const(text)
    pattern = re.sub(r"\*+", "*", text)
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
    return _of_pieces(pieces)


def interpolated_by_percent(text: str, value: Value) -> Value:
    """`text % value`."""
    listed = only(value, List)
    return _filled(text, _OF_PERCENT, listed.items if listed is not None and listed.is_known else [value])


def formatted(text: str, values: Sequence[Value]) -> Value:
    """`text.format(*values)`."""
    return _filled(text, _OF_FORMAT, values)


def _filled(text: str, place: re.Pattern[str], values: Sequence[Value]) -> Value:
    """A text whose placeholders are filled with the known values."""
    places = place.findall(text)
    is_even = len(places) == len(values) and all(one_place in _SIMPLE for one_place in places)
    known = [_piece(one_value) for one_value in values] if is_even else [None] * len(places)
    between = place.split(text)
    pieces: list[str | None] = [between[0]]
    for piece, after in zip(known, between[1:]):  # noqa: B905  # there is one for each place
        pieces += [piece, after]
    return _of_pieces(pieces)


def added(left: Value, right: Value) -> Value | None:
    """`left + right` of texts; `None` if neither is certainly a text."""
    if not any(_is_text(only(side, object)) for side in (left, right)):
        return None
    return _of_pieces([_piece(left), _piece(right)]) if is_plain(left) and is_plain(right) else SCALAR


def _is_text(thing: Thing) -> bool:
    return type(thing) is Text or (type(thing) is Const and isinstance(thing.value, str))
