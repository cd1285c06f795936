"""Families of classes whose names fit one pattern and that have one role, such as `getattr(layers, f"Conv{rank}D")`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.layers import LAYERS
from orderlint.graph import Role

__all__ = ["ANY", "family", "layer_family"]

ANY = "*"
"""Stands for a part of a name that is not known: a number where any class fits with one, else anything."""

SHORTEST_KNOWN = 3
"""The letters of a part of a name that say anything."""


@lru_cache(maxsize=512)
def layer_family(pattern: str) -> Entry | None:
    """The layers of Keras that fit a pattern, as one entry; `None` if none does, or they have several roles.

    >>> layer_family("Conv*D").name, layer_family("MaxPooling*D").role.value, layer_family("Dense*D")
    ('Conv*D', 'pass', None)
    """
    return family(pattern, LAYERS)


def family(pattern: str, entries: Mapping[str, Entry]) -> Entry | None:
    """As `layer_family`, of the names of any library."""
    members = _fitting(pattern, entries, r"\d+") or _fitting(pattern, entries, r"\w*")
    if not members or not _is_telling(pattern, entries, members[0].role):
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


def _is_telling(pattern: str, entries: Mapping[str, Entry], role: Role) -> bool:
    """Whether a part that is known begins a name of the role: files are screened by such beginnings."""
    known = [part for part in pattern.split(ANY) if len(part) >= SHORTEST_KNOWN]
    return any(entry.role is role and name.startswith(part) for name, entry in entries.items() for part in known)


def _nature(entry: Entry) -> tuple[object, ...]:
    """What the classes of a family have in common."""
    return entry.kind, entry.role, entry.wrapper, entry.then, entry.before, entry.own_activation


def _parameters(members: Iterable[Entry]) -> tuple[str, ...]:
    """The parameters that all have: in order as far as they agree, the others behind all positions there are."""
    lists = [member.parameters for member in members]
    agreed = 0
    while all(len(names) > agreed and names[agreed] == lists[0][agreed] for names in lists):
        agreed += 1
    apart = ("",) * (max(map(len, lists)) - agreed)
    common = frozenset(lists[0]).intersection(*lists) - set(lists[0][:agreed])
    return (*lists[0][:agreed], *apart, *sorted(common))
