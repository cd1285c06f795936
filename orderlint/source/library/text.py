"""The methods of strings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from orderlint.source.python import texts
from orderlint.source.python.operations import LONGEST_TEXT
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Element, Value

OWNER = Const
_COMPUTED = (
    *("startswith", "endswith", "isdigit", "count"),
    *("lower", "upper", "title", "capitalize"),
    *("strip", "lstrip", "rstrip", "replace", "split", "rsplit"),
)


def _computed(name: str, m: Machine, owner: Const, arguments: Arguments) -> Value | None:
    constants = [value.value for value in arguments.positional if isinstance(value, Const)]
    if not isinstance(owner.value, str) or len(constants) != len(arguments.positional):
        return None
    if name == "replace" and _is_long(owner.value, *constants):
        return m.fresh("text", scalar=True)
    try:
        result = getattr(owner.value, name)(*constants)
    except (TypeError, ValueError):
        return m.fresh("text", scalar=True)
    if isinstance(result, list):
        return m.new_list(Element(Const(part)) for part in result)
    return Const(result)


def _is_long(text: str, *arguments: object) -> bool:
    """Whether a text after a replacement may be longer than any meaningful text."""
    lengths = [len(one) for one in arguments if isinstance(one, str)]
    return len(lengths) == 2 and len(text) + (len(text) // max(lengths[0], 1) + 1) * lengths[1] > LONGEST_TEXT


def _format(m: Machine, owner: Const, arguments: Arguments) -> Value | None:
    if not isinstance(owner.value, str) or arguments.unknown:
        return None
    return texts.formatted(m, owner.value, arguments)


def _join(m: Machine, owner: Const, arguments: Arguments) -> Value | None:
    if not isinstance(owner.value, str) or len(arguments.positional) != 1:
        return None
    return texts.joined_by(m, owner.value, arguments.positional[0])


METHODS: dict[str, Callable[[Machine, Const, Arguments], Value | None]] = {
    **{name: partial(_computed, name) for name in _COMPUTED},
    "format": _format,
    "join": _join,
}
