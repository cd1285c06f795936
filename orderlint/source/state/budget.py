"""The limits of an analysis, and what exceeded them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from orderlint.graph import Limit, Shortfall, Site
from orderlint.graph.guards import GuardSpaceFull
from orderlint.source.state.activity import Activity
from orderlint.source.state.conditions import Conditions
from orderlint.source.state.doors import Doors
from orderlint.source.state.doubts import Doubts
from orderlint.source.state.frames import ModuleScope
from orderlint.source.state.values import Unknown, Value

__all__ = ["ELEMENTS_A_STEP", "GUARDS_PER_RETRY", "STOPS", "Budget", "OutOfBudget", "OutOfShare", "limit_of"]

STEPS_PER_ROOT = 60_000
STEPS_PER_FILE = 240_000
ELEMENTS_A_STEP = 16  # of a long list or a dictionary that is gone through
MANY_CALLS = 10_000  # of layers in a file, beyond which each counts as steps: to judge it takes longer than to find it
STEPS_A_CALL = 3
GUARDS_PER_ROOT = 25_000
GUARDS_AT_LEAST = 2_500  # of a root where those before it took all: most need a hundred
GUARDS_PER_RETRY = 2_000


class OutOfBudget(Exception):
    """A root has taken as many steps as it may; what it recorded so far is judged."""


class OutOfShare(Exception):
    """A part of a root has taken as many steps as it may, for others to have some."""


# What ends a part of the analysis that is too complicated. `OutOfBudget` is not among them: it ends the whole root.
STOPS = (GuardSpaceFull, RecursionError, OutOfShare)


def limit_of(stop: BaseException) -> Limit:
    """The bound that an exception means."""
    if isinstance(stop, GuardSpaceFull):
        return Limit.CONDITIONS
    return Limit.NESTING if isinstance(stop, RecursionError) else Limit.STEPS


class Budget(Activity, Doors):
    """The remaining work of an analysis, and what was left out.

    Attributes:
        judged: The module whose analysis this is.
        top: The name and the place of the root that runs, for what is outside all functions.
        shortfalls: What was not run to its end, each once.
        doubts: What was not run to its end in other modules, to be told of where layers meet what comes of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conditions = Conditions()
        self.doubts = Doubts()
        self.judged: ModuleScope | None = None
        self.top: tuple[str, Site]
        self.shortfalls: dict[tuple[Site, Limit], Shortfall] = {}
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
        """How many steps have been taken in the file."""
        return STEPS_PER_FILE - self._file_steps_left - self._steps_left

    @property
    def steps_left(self) -> int:
        """How many steps what runs may still take."""
        return self._steps_left - self.reserve

    def tick(self, steps: int = 1) -> None:
        """Take one step, or several at once."""
        self._steps_left -= steps
        if self._steps_left < self.reserve:
            raise OutOfShare if self._steps_left >= 0 else OutOfBudget

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Count no steps: what is left to do where a root was cut off has to come to its end."""
        left = self._steps_left, self.reserve
        self._steps_left, self.reserve = STEPS_PER_FILE, 0
        try:
            yield
        finally:
            self._steps_left, self.reserve = left

    def fall_short(self, limit: Limit, name: str | None = None, place: Site | None = None) -> None:
        """Record that something, or else the function of the judged file that runs, is not judged to its end.

        What is left out in another file is told of the function here that needs it. What has nothing to do with layers
        is not told of.
        """
        if name is None or place is None:
            name, place = self.own or self.top
            if (place, limit) in self.shortfalls or self.has_no_layers(self.frame):
                return
        self.shortfalls.setdefault((place, limit), Shortfall(place, name, limit))

    def doubt(self, values: Iterable[Value]) -> None:
        """Tell of what values came of, that meet a layer or a tensor here, if it was not run to its end."""
        for value in values:
            limit = self.doubts.about(value)
            if limit is not None:
                self.fall_short(limit)

    def lose(self, unknown: Unknown) -> None:
        """Record that a value which may make or be a layer is unknown for having too many alternatives.

        In another module that is told of where the value meets a layer or a tensor.
        """
        if self.frame.scope is self.judged:
            self.fall_short(Limit.ALTERNATIVES)
        else:
            self.doubts.note(Limit.ALTERNATIVES, unknown)
