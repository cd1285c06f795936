"""The order in which repairs are made."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.graph import Role
from orderlint.judging import Violation
from orderlint.judging.ordering import leaves_dropout_at_output
from orderlint.repair.results import Plan
from orderlint.repair.trials import Group

__all__ = ["precedence", "without_hasty"]


def precedence(violation: Violation) -> tuple[bool, str]:
    """The sort key of a violation: if two repairs conflict, the one with the lower key is made first.

    Norms come before dropouts, which then need not move. But if an activation follows the norm, dropouts come first:
    then the two activations may turn out to be one. They also come first if the norm would leave a dropout at the
    output.
    """
    steps = violation.unit.steps
    at = _index(violation)
    is_followed = any(step.role is Role.ACTIVATION for step in steps[at:])
    waits = Role.NORM in violation.at.roles and (is_followed or _leaves_dropout(violation))
    return waits, violation.rule.code


def without_hasty(groups: Sequence[Group], plans: Sequence[Plan]) -> list[Group]:
    """Groups without norms that would leave a dropout at the output, if the dropout can only move in a later round.

    Args:
        groups: The repairs of this round.
        plans: All repairs that can be made.
    """
    made = {id(one) for group in groups for one in group}
    later = [one.violation.at.place for one in plans if id(one) not in made and Role.DROPOUT in one.violation.at.roles]
    return [group for group in groups if not any(_waits_for(one.violation, later) for one in group)]


def _waits_for(violation: Violation, dropouts: Sequence[object]) -> bool:
    is_near = any(step.call.place in dropouts for step in violation.unit.steps) if dropouts else False
    return is_near and _leaves_dropout(violation)


def _leaves_dropout(violation: Violation) -> bool:
    steps, at = violation.unit.steps, _index(violation)
    return at < len(steps) and leaves_dropout_at_output(violation.unit, steps, at)


def _index(violation: Violation) -> int:
    """The index of a violation's layer in its unit; the length of the unit if it is not there."""
    steps = violation.unit.steps
    return next((index for index, step in enumerate(steps) if step.call is violation.at), len(steps))
