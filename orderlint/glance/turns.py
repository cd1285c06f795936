"""Turns: the runs of calls that are in progress, and which of them runs again if it knew too little."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.glance.things import Instance

__all__ = ["Turn", "Turns"]


class Turn:
    """One run of a call.

    Attributes:
        start: When it began.
        is_stale: Whether what was asked for in it has become more since.
        oldest: When the first of what it has touched, and that is not complete, began: an object that is being made, or
            a function around it that runs.
    """

    __slots__ = ("is_stale", "oldest", "start")

    def __init__(self, start: int) -> None:
        self.start = self.oldest = start
        self.is_stale = False

    @property
    def is_lasting(self) -> bool:
        """Whether an equal call gives the same: it has touched nothing that was not complete when it began."""
        return self.oldest >= self.start


class Turns:
    """The turns under way.

    Attributes:
        now: What counts turns that begin and end: a clock.
        turns: The turns, the outermost first.
        is_stale: Whether all is to be run again.
    """

    now: int
    turns: list[Turn]
    is_stale: bool

    def begin_anew(self) -> None:
        """All is run from the start."""
        self.now = 0
        self.turns = []
        self.is_stale = False

    def begin_turn(self) -> Turn:
        """A call is run."""
        self.now += 1
        turn = Turn(self.now)
        self.turns.append(turn)
        return turn

    def end_turn(self) -> None:
        """The last call that began to be run has ended."""
        turn = self.turns.pop()
        self._reaches_back(turn.oldest)
        self.now += 1

    def touch(self, instance: Instance) -> None:
        """An attribute of an object is read or set; while it is made, that gives another value each time."""
        if not instance.is_made:
            self._reaches_back(instance.began)

    def is_lasting(self, run: Callable[[], None]) -> bool:
        """Run something; whether it touches no object that is being made already."""
        if not self.turns:  # nor is there any
            run()
            return True
        turn, began = self.turns[-1], self.now
        before, turn.oldest = turn.oldest, began
        run()
        is_lasting = turn.oldest >= began
        turn.oldest = min(turn.oldest, before)
        return is_lasting

    def _reaches_back(self, time: int) -> None:
        if self.turns and time < self.turns[-1].oldest:
            self.turns[-1].oldest = time

    @property
    def runs_again(self) -> bool:
        """Whether what runs now is run again in any case."""
        return self.is_stale or any(turn.is_stale for turn in self.turns)

    def _is_more(self, *asked: int | None) -> None:
        """Something has become more: what was told before is too little.

        Args:
            asked: When it was first asked for, by each way in which it can be; `None` if it was not.
        """
        times = [time for time in asked if time is not None]
        if not times:
            return
        for turn in reversed(self.turns):
            if turn.start <= min(times):
                turn.is_stale = True
                return
        self.is_stale = True
