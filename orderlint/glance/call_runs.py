"""The runs of calls that are in progress, and which of them runs again if it read too little."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.glance.things import Instance

__all__ = ["CallRun", "CallRuns"]


class CallRun:
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


class CallRuns:
    """The runs of calls that are in progress.

    Attributes:
        now: A clock. It counts the runs that begin and end.
        runs: The runs, the outermost first.
        is_stale: Whether the whole file has to run again.
    """

    now: int
    runs: list[CallRun]
    is_stale: bool

    def begin_anew(self) -> None:
        """Start to run the whole file."""
        self.now = 0
        self.runs = []
        self.is_stale = False

    def begin_run(self) -> CallRun:
        """Begin a run of a call."""
        self.now += 1
        current = CallRun(self.now)
        self.runs.append(current)
        return current

    def end_run(self) -> None:
        """End the innermost run."""
        current = self.runs.pop()
        self._reaches_back(current.oldest)
        self.now += 1

    def touch(self, instance: Instance) -> None:
        """Note that an attribute of an object is read or set. During its creation, the value may differ each time."""
        if not instance.is_made:
            self._reaches_back(instance.began)

    def is_lasting(self, run: Callable[[], None]) -> bool:
        """Run something. Return whether it uses no object whose creation has already begun."""
        if not self.runs:  # then there is no such object, either
            run()
            return True
        current, began = self.runs[-1], self.now
        before, current.oldest = current.oldest, began
        run()
        is_lasting = current.oldest >= began
        current.oldest = min(current.oldest, before)
        return is_lasting

    def _reaches_back(self, time: int) -> None:
        if self.runs and time < self.runs[-1].oldest:
            self.runs[-1].oldest = time

    @property
    def runs_again(self) -> bool:
        """Whether the code that runs now will run again in any case."""
        return self.is_stale or any(run.is_stale for run in self.runs)

    def _is_more(self, *asked: int | None) -> None:
        """Note that something has grown: earlier reads saw too little.

        Args:
            asked: When it was first read, for each kind of read; `None` if it was not.
        """
        times = [time for time in asked if time is not None]
        if not times:
            return
        for run in reversed(self.runs):
            if run.start <= min(times):
                run.is_stale = True
                return
        self.is_stale = True
