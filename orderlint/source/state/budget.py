"""The limits of an analysis, and the code that exceeded them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from orderlint.graph import Limit, Shortfall, Site
from orderlint.graph.guards import GuardSpaceFull
from orderlint.source.state.activity import Activity
from orderlint.source.state.conditions import Conditions
from orderlint.source.state.dispatch import Dispatch
from orderlint.source.state.doubts import Doubts
from orderlint.source.state.frames import ModuleScope
from orderlint.source.state.values import Unknown, Value

__all__ = ["ELEMENTS_A_STEP", "GUARDS_PER_RETRY", "STOPS", "Budget", "OutOfBudget", "OutOfShare", "limit_of"]

STEPS_PER_ROOT = 60_000
STEPS_PER_FILE = 240_000
ELEMENTS_A_STEP = 16  # elements of a long list or dictionary that count as one step
MANY_CALLS = 10_000  # calls of layers in a file; beyond that, each call takes steps, because judging them takes longer
STEPS_A_CALL = 3
GUARDS_PER_ROOT = 25_000
GUARDS_AT_LEAST = 2_500  # for a root, if earlier roots took all others: most need a hundred
GUARDS_PER_RETRY = 2_000


class OutOfBudget(Exception):
    """A root has used all of its steps. What it recorded so far is judged."""


class OutOfShare(Exception):
    """A part of a root has used all of its steps. The others are reserved for later code."""


# These end a part of the analysis that is too complicated. `OutOfBudget` is not among them, because it ends the root.
STOPS = (GuardSpaceFull, RecursionError, OutOfShare)


def limit_of(stop: BaseException) -> Limit:
    """The limit that an exception reports."""
    if isinstance(stop, GuardSpaceFull):
        return Limit.CONDITIONS
    return Limit.NESTING if isinstance(stop, RecursionError) else Limit.STEPS


class Budget(Activity, Dispatch):
    """The remaining work of an analysis, and what was left out.

    Attributes:
        judged: The module that is analyzed.
        top: The name and the place of the running root, for code outside of all functions.
        shortfalls: The code that was not run to its end, each once.
        doubts: Code of other modules that was not run to its end. It is reported if layers meet its results.
        skips_iterations: Whether iterations of a loop were left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conditions = Conditions()
        self.doubts = Doubts()
        self.judged: ModuleScope | None = None
        self.top: tuple[str, Site]
        self.shortfalls: dict[tuple[Site, Limit], Shortfall] = {}
        self.skips_iterations = False
        self._steps_left = 0
        self._file_steps_left = STEPS_PER_FILE

    def start_budget(self, num_calls: int = 0) -> None:
        """Give the next root its share of the file's steps and guards.

        Args:
            num_calls: How many calls of layers were recorded in the file so far.
        """
        self.conditions.space.extend(GUARDS_PER_ROOT, GUARDS_AT_LEAST)
        self.reserve = 0
        self._file_steps_left += self._steps_left
        judging = STEPS_A_CALL * max(num_calls - MANY_CALLS, 0)
        self._steps_left = max(min(STEPS_PER_ROOT, self._file_steps_left - judging), 0)
        self._file_steps_left -= self._steps_left

    @property
    def num_steps(self) -> int:
        """How many steps were taken in the file."""
        return STEPS_PER_FILE - self._file_steps_left - self._steps_left

    @property
    def steps_left(self) -> int:
        """How many steps the running code may still take."""
        return self._steps_left - self.reserve

    def tick(self, steps: int = 1) -> None:
        """Take one step, or several at once.

        Raises:
            OutOfShare: The remaining steps are reserved for later code.
            OutOfBudget: The root has no steps left.
        """
        self._steps_left -= steps
        if self._steps_left < self.reserve:
            raise OutOfShare if self._steps_left >= 0 else OutOfBudget

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Do not count steps. After a root was cut off, the remaining work has to be completed."""
        left = self._steps_left, self.reserve
        self._steps_left, self.reserve = STEPS_PER_FILE, 0
        try:
            yield
        finally:
            self._steps_left, self.reserve = left

    def fall_short(self, limit: Limit, name: str | None = None, place: Site | None = None) -> None:
        """Record that code, by default the running function of the judged file, is not judged to its end.

        If code in another file is left out, it is reported for the function here that needs it. Code that has nothing
        to do with layers is not reported.
        """
        if name is None or place is None:
            name, place = self.own or self.top
            if (place, limit) in self.shortfalls or self.has_no_layers(self.frame):
                return
        self.shortfalls.setdefault((place, limit), Shortfall(place, name, limit))

    def doubt(self, values: Iterable[Value]) -> None:
        """Report values that meet a layer or a tensor here, if their origin was not run to its end."""
        for value in values:
            limit = self.doubts.about(value)
            if limit is not None:
                self.fall_short(limit)

    def lose(self, unknown: Unknown) -> None:
        """Record that a value that may create or be a layer is unknown because it has too many alternatives.

        In another module, this is only reported if the value meets a layer or a tensor.
        """
        if self.frame.scope is self.judged:
            self.fall_short(Limit.ALTERNATIVES)
        else:
            self.doubts.note(Limit.ALTERNATIVES, unknown)
