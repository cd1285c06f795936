"""Turns: the runs of calls that are in progress, and which of them runs again if it read too little."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.glance.things import Instance

__all__ = ["Turn", "Turns"]


class Turn:
    """One run of a call.

    Attributes:
        start: When it began.
        is_stale: Whether something that was read during it has grown since.
        oldest: When the oldest unfinished thing that it used began: an object that is being created, or an enclosing
            function that still runs.
    """

    __slots__ = ("is_stale", "oldest", "start")

    def __init__(self, start: int) -> None:
        self.start = self.oldest = start
        self.is_stale = False

    @property
    def is_lasting(self) -> bool:
        """Whether an equal call returns the same: this one used nothing that was unfinished when it began."""
        return self.oldest >= self.start


class Turns:
    """The turns in progress.

    Attributes:
        now: A clock. It counts the turns that begin and end.
        turns: The turns, the outermost first.
        is_stale: Whether the whole file has to run again.
    """

    now: int
    turns: list[Turn]
    is_stale: bool

    def begin_anew(self) -> None:
        """Start to run the whole file."""
        self.now = 0
        self.turns = []
        self.is_stale = False

    def begin_turn(self) -> Turn:
        """Begin a run of a call."""
        self.now += 1
        turn = Turn(self.now)
        self.turns.append(turn)
        return turn

    def end_turn(self) -> None:
        """End the innermost turn."""
        turn = self.turns.pop()
        self._reaches_back(turn.oldest)
        self.now += 1

    def touch(self, instance: Instance) -> None:
        """Note that an attribute of an object is read or set. During its creation, the value may differ each time."""
        if not instance.is_made:
            self._reaches_back(instance.began)

    def is_lasting(self, run: Callable[[], None]) -> bool:
        """Run something. Return whether it uses no object whose creation has already begun."""
        if not self.turns:  # then there is no such object, either
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
        """Whether the code that runs now will run again in any case."""
        return self.is_stale or any(turn.is_stale for turn in self.turns)

    def _is_more(self, *asked: int | None) -> None:
        """Note that something has grown: earlier reads saw too little.

        Args:
            asked: When it was first read, for each kind of read; `None` if it was not.
        """
        times = [time for time in asked if time is not None]
        if not times:
            return
        for turn in reversed(self.turns):
            if turn.start <= min(times):
                turn.is_stale = True
                return
        self.is_stale = True
