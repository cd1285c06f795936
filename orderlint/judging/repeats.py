"""What the rules on repeated layers share."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.graph import Role, Unit, UnitStep

__all__ = ["repeats"]


def repeats(unit: Unit, role: Role) -> Iterator[tuple[UnitStep, UnitStep]]:
    """Two steps of a role with only `pass` and dropout steps between them, the first one first."""
    last: UnitStep | None = None
    for step in unit.steps:
        if step.role is role:
            if last is not None:
                yield last, step
            last = step
        elif step.role not in (Role.PASS, Role.DROPOUT):
            last = None
