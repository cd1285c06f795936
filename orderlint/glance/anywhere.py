"""The possible values of an attribute of an unknown object: everything that the code assigns to that name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from orderlint.glance import attributes
from orderlint.glance.things import DATA, NOTHING, Value
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["settle"]


def settle(g: Machine) -> None:
    """At the end of a run, note all values of the names that were read from anything. `DATA` is one from the start."""
    for name in g.asked_anywhere:
        known = g.anywhere.get(name, DATA)
        now = join(known, *_all(g, name))
        if now != known:
            g.anywhere[name] = now
            g.is_stale = True


def _all(g: Machine, name: str) -> Iterator[Value]:
    """The values that objects, classes and modules of the project have under a name."""
    for instance in g.instances:
        yield _given(g, instance.attributes, name)
        yield attributes.bound_method(g, instance, name)
    for cls in g.classes:
        yield cls.names.get(name, NOTHING)
        yield g.late_of_classes.get((cls.node, name), NOTHING)
    for module in g.known_modules.values():
        yield module.ever.get(name, NOTHING)
    for given in g.late.values():
        yield _given(g, given, name)


def _given(g: Machine, given: Mapping[str, Value], name: str) -> Value:
    """The value of a name, and those of partly unknown names that may be this name."""
    return join(given.get(name, NOTHING), *(given.get(pattern, NOTHING) for pattern in g.fitting(name)))
