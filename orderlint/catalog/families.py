"""Families: classes with one role whose names match one pattern, such as `getattr(layers, f"Conv{rank}D")`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.layers import LAYERS
from orderlint.graph import Role

__all__ = ["ANY", "family", "layer_family"]

ANY = "*"
"""An unknown part of a name: a number if the name of any class matches with a number, else any text."""

SHORTEST_KNOWN = 3
"""The fewest letters of a known part of a name that is considered."""


@lru_cache(maxsize=512)
def layer_family(pattern: str) -> Entry | None:
    """The layers of Keras that match a pattern, as one entry; `None` if none does, or if they differ in their roles.

    >>> layer_family("Conv*D").name, layer_family("MaxPooling*D").role.value, layer_family("Dense*D")
    ('Conv*D', 'pass', None)
    """
    return family(pattern, LAYERS)


def family(pattern: str, entries: Mapping[str, Entry]) -> Entry | None:
    """The same as `layer_family` for the names of any library."""
    members = _fitting(pattern, entries, r"\d+") or _fitting(pattern, entries, r"\w*")
    if not members or not _is_distinctive(pattern, entries, members[0].role):
        return None
    if len(members) < 2:
        return members[0]
    first = members[0]
    if any(_nature(member) != _nature(first) for member in members):
        return None
    older = first.older if all(member.older == first.older for member in members) else ()
    return Entry(
        pattern,
        Kind.LAYER,
        first.role,
        _parameters(members),
        older,
        then=first.then,
        before=first.before,
        own_activation=first.own_activation,
        members=members,
    )


def _fitting(pattern: str, entries: Mapping[str, Entry], unknown: str) -> tuple[Entry, ...]:
    expression = re.compile(unknown.join(map(re.escape, pattern.split(ANY))))
    found = {entry.name: entry for name, entry in entries.items() if expression.fullmatch(name)}
    return tuple(found.values())


def _is_distinctive(pattern: str, entries: Mapping[str, Entry], role: Role) -> bool:
    """Whether a known part is the beginning of a name with the role. The screening searches for such beginnings."""
    known = [part for part in pattern.split(ANY) if len(part) >= SHORTEST_KNOWN]
    return any(entry.role is role and name.startswith(part) for name, entry in entries.items() for part in known)


def _nature(entry: Entry) -> tuple[object, ...]:
    """The properties that all classes of a family must have in common."""
    return entry.kind, entry.role, entry.wrapper, entry.then, entry.before, entry.own_activation


def _parameters(members: Iterable[Entry]) -> tuple[str, ...]:
    """The common parameters: those in the same positions first, and the others after all possible positions."""
    lists = [member.parameters for member in members]
    agreed = 0
    while all(len(names) > agreed and names[agreed] == lists[0][agreed] for names in lists):
        agreed += 1
    apart = ("",) * (max(map(len, lists)) - agreed)
    common = frozenset(lists[0]).intersection(*lists) - set(lists[0][:agreed])
    return (*lists[0][:agreed], *apart, *sorted(common))
