"""Matches of regular expressions: `match.group(1)`, `match.groups()`, `match.groupdict()`."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.source.python import dictionaries
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.matches import Match
from orderlint.source.state.values import NONE, Const, Value, sequence

OWNER = Match


def _group(m: Machine, owner: Match, arguments: Arguments) -> Value | None:
    """`match.group()`, `match.group(1)`, `match.group("name", 2)`."""
    keys = [value.value if isinstance(value, Const) else None for value in arguments.positional] or [0]
    groups = [group for key in keys if (group := owner.group(key)) is not None]
    if len(groups) != len(keys):
        return None
    return groups[0] if len(groups) == 1 else sequence(*groups)


def _groups(m: Machine, owner: Match, arguments: Arguments) -> Value | None:
    default = arguments.get(0, "default") or NONE
    return sequence(*(default if one.value == NONE else one.value for one in owner.elements[1:]))


def _group_dict(m: Machine, owner: Match, arguments: Arguments) -> Value | None:
    made = dictionaries.new_dict(m)
    for name, number in owner.names:
        dictionaries.set_entry(m, made, Const(name), owner.elements[number].value)
    return made


METHODS: dict[str, Callable[[Machine, Match, Arguments], Value | None]] = {
    "group": _group,
    "groups": _groups,
    "groupdict": _group_dict,
}
