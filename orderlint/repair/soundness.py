"""Finds the repairs that pass the safety net: all in one trial, or else in smaller and smaller parts."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from orderlint.judging import Violation
from orderlint.repair.apart import Part, parts_of
from orderlint.repair.effort import Effort
from orderlint.repair.net.safety import Fault, State
from orderlint.repair.results import Plan
from orderlint.repair.trials import Group, Trials
from orderlint.text.files import SourceFile

__all__ = ["Signature", "Soundness", "signature"]

Signature = tuple[str, str]
_Search = Generator[tuple[Sequence[Group], bool], "Fault | None", list[Group]]
"""Yields repairs to try together, receives their fault, and returns those that pass together.

The second value is whether the trial counts as effort. A trial that only joins repairs that have passed does not,
because they must not be lost.
"""
_SPENT = Fault("there was no time to try it")


def signature(violation: Violation) -> Signature:
    """A key that identifies a violation in a text."""
    at = violation.at.place.location()
    return violation.rule.code, f"{at.cell}:{at.line}:{at.column}:{at.end_line}:{at.end_column}"


class Soundness:
    """Finds the repairs that pass the safety net, and records why the others do not.

    Args:
        trials: Tries repairs.
        effort: The effort so far.

    Attributes:
        refused: Why the safety net refused repairs of the current text.
    """

    def __init__(self, trials: Trials, effort: Effort) -> None:
        self.refused: dict[Signature, Fault] = {}
        self._trials = trials
        self._effort = effort

    def of(self, state: State, groups: Sequence[Group]) -> list[Group]:
        """The repairs that pass the safety net together. Those that do not pass it alone are refused.

        Repairs of different graphs are searched at once, in the same trials: hundreds of functions need about as many
        trials as one. The result is empty if there is no effort left.
        """
        if not groups or self._effort.is_spent:
            return []
        parts, before = parts_of(state.graphs, groups), dict(self.refused)
        order = {id(one): number for number, group in enumerate(groups) for one in group}
        found = [group for some in self._found(state, parts) for group in some]
        sound = sorted(found, key=lambda group: order[id(group[0])])
        if len(parts) == 1 or not sound or self._trials.tried(state, sound)[0] is not None:
            return sound
        self.refused = before  # some change graphs of others after all
        return self._found(state, [Part(groups)])[0]

    def is_sound(self, state: State, group: Group) -> bool:
        """Whether plans with the same edits pass the safety net by themselves; `False` if there is no effort left."""
        return self._faults(state, [Part([group])])[0] is None

    def _found(self, state: State, parts: Sequence[Part]) -> list[list[Group]]:
        """For each part, those of its repairs that pass the safety net together."""
        found: list[list[Group]] = [[] for _ in parts]
        searches = [self._search(state, part.groups) for part in parts]
        asked = {number: next(search) for number, search in enumerate(searches)}
        while asked:
            rows = [Part(groups, parts[number].graphs) for number, (groups, _) in asked.items()]
            faults = self._faults(state, rows, counts=any(counts for _, counts in asked.values()))
            answers = dict(zip(asked, faults, strict=True))
            asked = {}
            for number, answer in answers.items():
                try:
                    asked[number] = searches[number].send(answer)
                except StopIteration as end:
                    found[number] = end.value
        return found

    def _search(self, state: State, groups: Sequence[Group]) -> _Search:
        problem = yield groups, True
        if problem is None:
            return list(groups)
        if problem is _SPENT:
            return []
        if len(groups) == 1:
            return (yield from self._alone_of(groups[0], problem))
        parts = _parted(state, groups, problem)
        first = yield from self._search(state, parts[0])
        second = yield from self._search(state, parts[1])
        both = [*first, *second]
        return both if not first or not second or (yield both, False) is None else first

    def _alone_of(self, group: Group, problem: Fault) -> _Search:
        """Of the plans of a group that is wrong as a whole, those that are right together. The others are refused."""
        kept: list[Plan] = []
        for one in group:
            if len(group) > 1 and (yield [[*kept, one]], True) is None:
                kept.append(one)
            else:
                self.refused[signature(one.violation)] = problem
        return [kept] if kept else []

    def _faults(self, state: State, parts: Sequence[Part], *, counts: bool = True) -> list[Fault | None]:
        """The fault of the repairs of each part; `None` if they pass. If no effort is left, it is `_SPENT`."""
        if counts and self._effort.is_spent:
            return [_SPENT for _ in parts]
        if counts:
            self._count(state, parts[0].groups[0])
        found = self._trials.tried_apart(state, parts)
        if found.are_all:
            return list(found.faults)
        if not any(found.faults):
            middle = len(parts) // 2
            return [*self._faults(state, parts[:middle]), *self._faults(state, parts[middle:])]
        rest = [part for part, fault in zip(parts, found.faults, strict=True) if fault is None]
        unsure = iter(self._faults(state, rest))
        return [next(unsure) if fault is None else fault for fault in found.faults]

    def _count(self, state: State, group: Group) -> None:
        """Count a trial."""
        units = (unit for _, some in state.paths for unit in some)
        unit = group[-1].violation.unit
        self._effort.trial(unit, state.graphs, _length(state.file), units, self._trials.num_steps)


def _parted(state: State, groups: Sequence[Group], problem: Fault) -> tuple[Sequence[Group], Sequence[Group]]:
    """Groups in two parts that are tried separately. Those that may be the cause of a fault come second.

    If all of them may be, or if it is not known which, the parts are the halves.
    """
    places = {call.place for number in problem.graphs for call in state.graphs[number].calls}
    touching = [group for group in groups if any(wish.call.place in places for one in group for wish in one.wishes)]
    if 0 < len(touching) < len(groups):
        return [group for group in groups if group not in touching], touching
    middle = len(groups) // 2
    return groups[:middle], groups[middle:]


def _length(file: SourceFile) -> int:
    """How many characters are parsed. The outputs of a notebook do not count."""
    return sum(len(cell.text) for cell in file.cells)
