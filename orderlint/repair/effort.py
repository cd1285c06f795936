"""Limits how many repairs are planned and tried in one file, so that this takes seconds and not minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderlint.graph import LayerGraph, Unit
from orderlint.judging import Violation
from orderlint.repair.net.simulation import Paths

__all__ = ["TOO_LONG", "TOO_MANY", "Effort"]

TOO_MANY = "this file has more possible repairs than are tried at once; make the offered ones, then check again"
TOO_LONG = (
    "trying repairs takes too long in this file; change the order by hand, or move some of its code to another file"
)
"""The reason if no repair was tried, or none was right. Then no repair can be made before the next check."""

_MOST = 12_000
"""The effort for one file, in plans: about five seconds. A public file with many findings takes some hundreds."""
_LONG = 16
"""Steps of a unit beyond which its length counts: the time of rules and repairs grows with its square."""
_CALLS = 100
"""Calls that cost as much as one plan: all of them are searched each time."""
_MANY = 200
"""Calls beyond which a trial costs more: then most of its time goes into the graph, not into the text."""
_CHARACTERS = 200
"""Characters that cost as much as one plan to parse."""
_UNITS = 20
"""Units that cost as much as one plan: a builder with many options has tens of thousands of paths."""
_READERS = 25
"""Readers of one layer that cost as much as one plan: each plan considers all of them. One repair is right for all, so
few plans are enough."""
_THOUSANDS = 4
"""What a thousand units cost in addition, in plans; two thousand cost four times as much, and so on. Few public files
have more than six thousand. One has 22,000: judging them takes half a second, and each trial two and a half."""
_FEW = 10
"""Trials. If there is no time for so many, those that are likely to succeed come first."""
_ORDINARY = 15_000
"""Steps of an analysis beyond which they take most of the time of a trial; a public file takes some thousands."""
_STEPS = 12
"""Steps that take as long as one plan."""
_LARGE = 3_000
"""Characters beyond which a text costs more: then its syntax tree takes most of the memory."""


class Effort:
    """The effort that planning and trying repairs have taken so far."""

    def __init__(self) -> None:
        self._left = _MOST
        self._planning = _MOST // 2
        self._begun = 0
        self._counted: tuple[Sequence[LayerGraph], int] | None = None

    @property
    def is_spent(self) -> bool:
        return self._left <= 0

    @property
    def has_few_trials(self) -> bool:
        """Whether there is only time for a few trials: each analyzes and judges the file again."""
        return self._begun * _FEW > _MOST

    @property
    def may_plan(self) -> bool:
        """Whether there may be more plans. Half of the effort is reserved for trials, so that plans are carried out.

        Trials take nothing from the half for plans: what is left at the end is planned once more, to give its reason.
        """
        return self._planning > 0

    def begin(self, paths: Paths, steps: int = 0) -> None:
        """Count the work that comes before all plans: judging all units by all rules.

        Args:
            paths: The graphs of the file, with their units.
            steps: How many steps the analysis has taken. They leave less time for repairs.
        """
        self._begun = _weight(unit for _, units in paths for unit in units) + _steps(steps)
        self._left -= self._begun
        self._planning = self._left // 2

    def plan(
        self, violation: Violation, graphs: Sequence[LayerGraph], touched: Iterable[Unit] = (), breadth: int = 0
    ) -> bool:
        """Count a plan. Return whether there is enough effort left for it; otherwise, nothing is counted.

        Args:
            violation: What the plan is for.
            graphs: The graphs of the file.
            touched: The units that pass the layer: they are changed and judged for each wish.
            breadth: How many layers read the output of the layer that the moved one goes before: each has its own wish.
        """
        effort = 1 + _square(violation.unit) + self._num_calls(graphs) // _CALLS
        effort += _weight(touched) * (1 + len(violation.other_wishes)) + (breadth // _READERS) ** 2
        if not self.may_plan or effort > _MOST // 2:  # one that takes longer than all of them may
            return False
        self._left -= effort
        self._planning -= effort
        return True

    def trial(
        self, unit: Unit, graphs: Sequence[LayerGraph], length: int, units: Iterable[Unit] = (), steps: int = 0
    ) -> None:
        """Count a trial, which parses and analyzes a text again, and compares all units.

        Args:
            unit: The unit to be changed.
            graphs: The graphs of the file.
            length: How many characters are parsed.
            units: The units that are compared.
            steps: How many steps the analysis takes.
        """
        self._left -= 1 + _square(unit) + self._num_calls(graphs) // _CALLS + _weight(units)
        self._left -= length // _CHARACTERS + (length // _LARGE) ** 2 + (self._num_calls(graphs) // _MANY) ** 2
        self._left -= _steps(steps)

    def _num_calls(self, graphs: Sequence[LayerGraph]) -> int:
        """How many calls graphs have. Repeated questions about the same graphs are answered from a cache."""
        if self._counted is None or self._counted[0] is not graphs:
            self._counted = graphs, sum(len(graph.calls) for graph in graphs)
        return self._counted[1]


def _weight(units: Iterable[Unit]) -> int:
    """The cost of units, in plans."""
    units = list(units)
    return len(units) // _UNITS + _THOUSANDS * (len(units) // 1_000) ** 2 + sum(map(_square, units))


def _steps(steps: int) -> int:
    """The cost of the steps of an analysis, in plans."""
    return max(0, steps - _ORDINARY) // _STEPS


def _square(unit: Unit) -> int:
    return int((len(unit.steps) // _LONG) ** 2)
