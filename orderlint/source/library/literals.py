"""Strings in the code that are parsed as data: `json.loads("...")`, `ast.literal_eval("...")`."""

from __future__ import annotations

import json
from collections.abc import Callable

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import dictionaries
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, Element, Value, sequence
from orderlint.text.parsing import literal

MOST_CHARACTERS = 20_000  # settings have hundreds; longer texts are data

_Read = Callable[[str], object]


def _json(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`json.loads(text)`, also with an `object_hook` that creates an object from each dictionary."""
    hook = arguments.keywords.get("object_hook", NONE)
    if arguments.unknown or arguments.keywords.keys() - {"s", "object_hook"}:
        return None
    text = arguments.get(0, "s")

    def hooked(made: Value) -> Value:
        return made if hook == NONE else m.call(hook, Arguments([made]), site)

    return _read(m, text, json.loads, hooked) if text is not None else None


def _literal(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`ast.literal_eval(text)`."""
    text = arguments.get(0, "node_or_string")
    return _read(m, text, literal, lambda made: made) if text is not None else None


def _read(m: Machine, text: Value, read: _Read, hooked: Callable[[Value], Value]) -> Value:
    """Parse a text, or each text that a value may be. The result is unknown if the text is, or cannot be parsed."""
    return m.each(text, lambda one: _read_one(m, one, read, hooked))


def _read_one(m: Machine, text: Value, read: _Read, hooked: Callable[[Value], Value]) -> Value:
    given = text.value if isinstance(text, Const) else None
    if not isinstance(given, (str, bytes)) or len(given) > MOST_CHARACTERS:
        return m.unknown(("read", text))
    try:
        found = read(given.decode() if isinstance(given, bytes) else given)
    except (ValueError, RecursionError):
        return m.unknown(("read", text))
    return _value(m, found, hooked)


def _value(m: Machine, found: object, hooked: Callable[[Value], Value]) -> Value:
    if isinstance(found, dict):
        made = dictionaries.new_dict(m)
        for key, part in found.items():
            dictionaries.set_entry(m, made, _value(m, key, hooked), _value(m, part, hooked))
        return hooked(made)
    if isinstance(found, tuple):
        return sequence(*(_value(m, part, hooked) for part in found))
    if isinstance(found, (list, set)):
        return m.new_list(Element(_value(m, part, hooked)) for part in found)
    return Const(found)


FUNCTIONS: dict[str, Modeled] = {
    "ast.literal_eval": _literal,
    "json.loads": _json,
}
