"""Finds the uses of a shared normalization, if all of them need the same change."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.graph import Role
from orderlint.judging import MoveBefore, Violation
from orderlint.repair.net.obstacles import Obstacles

__all__ = ["Sharers"]


class Sharers:
    """Finds the violations that must be repaired together, because they are about one layer object with weights.

    Args:
        obstacles: The obstacles in the graphs of the file.
        violations: The violations to repair in the file.
    """

    def __init__(self, obstacles: Obstacles, violations: Sequence[Violation] = ()) -> None:
        self._obstacles = obstacles
        self._violations = violations

    def of(self, violation: Violation) -> tuple[Violation, ...]:
        """The violations of all uses of a norm, in the order of the text; none if a use does not need the change."""
        uses = self._obstacles.sharing_weights(violation.at)
        places = {call.place for call in uses}
        if len({call.applied for call in uses}) < 2 or not _is_whole(violation):
            return ()
        found = {one.at.place: one for one in self._violations if one.rule is violation.rule and one.at.place in places}
        if (
            set(found) != places
            or found[violation.at.place] is not violation
            or not all(map(_is_whole, found.values()))
        ):
            return ()
        return tuple(sorted(found.values(), key=_order))


def _is_whole(violation: Violation) -> bool:
    """Whether all paths to a norm need the same change."""
    wish = violation.wish
    return (
        isinstance(wish, MoveBefore)
        and wish.call.roles == (Role.NORM,)
        and wish.call.place == violation.at.place
        and violation.everywhere
        and not violation.other_wishes
    )


def _order(violation: Violation) -> tuple[int, int, int]:
    at = violation.at.applied.location()
    return at.cell or 0, at.line, at.column
