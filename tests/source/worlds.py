"""Abstract values in single worlds: one truth value for each undecided test."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from orderlint.graph.guards import ALWAYS, Guard, GuardSpace
from orderlint.source.state.values import MISSING, Value, alternatives

__all__ = ["ATOMS", "holds_in", "value_in", "worlds"]

ATOMS = "abc"


def worlds() -> list[dict[str, bool]]:
    """All assignments of truth values to the atoms."""
    return [dict(zip(ATOMS, values, strict=True)) for values in product((True, False), repeat=len(ATOMS))]


def holds_in(guard: Guard, world: Mapping[str, bool], space: GuardSpace) -> bool:
    """Whether a guard of the atoms holds in a world."""
    here = ALWAYS
    for atom, holds in world.items():
        here = here & (space.atom(atom) if holds else ~space.atom(atom))
    return here.implies(guard)


def value_in(value: Value, world: Mapping[str, bool], space: GuardSpace) -> Value:
    """The value of an abstract value in a world; `MISSING` if none of its alternatives holds."""
    found = [option for guard, option in alternatives(value) if holds_in(guard, world, space)]
    assert len(found) <= 1, "the guards of alternatives exclude each other"
    return found[0] if found else MISSING
