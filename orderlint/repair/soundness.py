"""Finds the repairs that pass the safety net: all of them in one trial, or else each by itself."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.judging import Violation
from orderlint.repair.effort import Effort
from orderlint.repair.net.safety import Fault, State
from orderlint.repair.results import Plan
from orderlint.repair.trials import Group, Trials
from orderlint.text.files import SourceFile

__all__ = ["Signature", "Soundness", "signature"]

Signature = tuple[str, str]


def signature(violation: Violation) -> Signature:
    """A key that identifies a violation in a text."""
    at = violation.at.place.location()
    return violation.rule.code, f"{at.cell}:{at.line}:{at.column}:{at.end_line}:{at.end_column}"


class Soundness:
    """Finds the repairs that pass the safety net, and keeps why the others do not.

    Args:
        trials: Tries repairs.
        effort: What trying has taken so far.

    Attributes:
        refused: Why the safety net refused repairs of the present text.
    """

    def __init__(self, trials: Trials, effort: Effort) -> None:
        self.refused: dict[Signature, Fault] = {}
        self._trials = trials
        self._effort = effort

    def of(self, state: State, groups: Sequence[Group]) -> list[Group]:
        """The repairs that pass the safety net together; those that do not pass it alone are given up."""
        if not groups or self._effort.is_spent:
            return []
        self._count(state, groups[0])
        following, problem = self._trials.tried(state, groups)
        if following is not None:
            return list(groups)
        if len(groups) == 1:
            return self._alone_of(state, groups[0], problem or Fault("it did not pass the safety checks"))
        first, second = (self.of(state, part) for part in _parted(state, groups, problem))
        both = [*first, *second]
        if not first or not second:
            return both
        return both if self._trials.tried(state, both)[0] is not None else first

    def _alone_of(self, state: State, group: Group, problem: Fault) -> list[Group]:
        """Of findings that the same edits are to repair, those that they do."""
        kept: list[Plan] = []
        for one in group:
            if len(group) > 1 and self.is_sound(state, [*kept, one]):
                kept.append(one)
            else:
                self.refused[signature(one.violation)] = problem
        return [kept] if kept else []

    def is_sound(self, state: State, group: Group) -> bool:
        """Whether plans with the same edits pass the safety net by themselves."""
        if self._effort.is_spent:
            return False
        self._count(state, group)
        return self._trials.tried(state, [group])[0] is not None

    def _count(self, state: State, group: Group) -> None:
        """Count a trial."""
        units = (unit for _, some in state.paths for unit in some)
        unit = group[-1].violation.unit
        self._effort.trial(unit, state.graphs, _length(state.file), units, self._trials.num_steps)


def _parted(state: State, groups: Sequence[Group], problem: Fault | None) -> tuple[Sequence[Group], Sequence[Group]]:
    """Groups in two parts to be tried by themselves: those that a fault is to be put down to come second.

    Where all of them touch what is wrong, or that is not known, the parts are the halves.
    """
    numbers = problem.graphs if problem is not None else ()
    places = {call.place for number in numbers for call in state.graphs[number].calls}
    touching = [group for group in groups if any(wish.call.place in places for one in group for wish in one.wishes)]
    if 0 < len(touching) < len(groups):
        return [group for group in groups if group not in touching], touching
    middle = len(groups) // 2
    return groups[:middle], groups[middle:]


def _length(file: SourceFile) -> int:
    """How many characters are parsed: those of a notebook's cells, not the pictures among its outputs."""
    return sum(len(cell.text) for cell in file.cells)
