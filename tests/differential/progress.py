"""The progress of a run of random programs: one line that is rewritten on a terminal, and some lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from orderlint.progress import ProgressLine

__all__ = ["Progress"]

_MINUTE = 60


class Progress:
    """Counts programs, and writes the progress.

    Args:
        total: The number of programs.
        stream: The stream to write to; by default standard error.
        pause: The seconds between two lines if the stream is not a terminal.
        clock: Returns the current time in seconds.
    """

    def __init__(
        self,
        total: int,
        stream: TextIO | None = None,
        pause: float = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._stream = sys.stderr if stream is None else stream
        self._line = ProgressLine(self._stream)
        self._pause = pause
        self._clock = clock
        self._start = clock()
        self._next = self._start + pause
        self._done = 0
        self._wrong = 0

    @property
    def text(self) -> str:
        passed = self._clock() - self._start
        said = f"{self._done:,} of {self._total:,} programs, {self._wrong:,} disagree, {_minutes(passed)}"
        if not 0 < self._done < self._total:
            return said
        return f"{said}, about {_minutes(passed / self._done * (self._total - self._done))} left"

    def add(self, is_wrong: bool) -> None:
        """Count a program."""
        self._done += 1
        self._wrong += is_wrong
        if self._stream.isatty():
            self._line.show(self.text)
        elif self._clock() >= self._next:
            self._next = self._clock() + self._pause
            print(self.text, file=self._stream, flush=True)

    def clear(self) -> None:
        """Clear the line on the terminal before something is printed."""
        self._line.clear()


def _minutes(seconds: float) -> str:
    """Minutes and seconds.

    >>> _minutes(3725)
    '62:05'
    """
    return f"{int(seconds) // _MINUTE}:{int(seconds) % _MINUTE:02d}"
