"""Screens many files on several cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any

from orderlint.engine.pool import default_jobs, forks, in_processes
from orderlint.screening.spread import Spread

__all__ = ["spread_over"]

_CHUNKS = 32  # for each process, one after the other, so that all processes end at about the same time


def spread_over(jobs: int | None) -> Spread:
    """A function that spreads work over processes.

    Args:
        jobs: The number of processes; `None` for one per processor.
    """
    return partial(_spread, default_jobs() if jobs is None else jobs)


def _spread(jobs: int, work: Callable[[Any], Any], items: Sequence[Any], many: int) -> Iterable[Any] | None:
    # A process that is not forked first has to import modules and receive its input, which takes longer than screening.
    if jobs < 2 or len(items) < many or not forks():
        return None
    size = max(len(items) // (jobs * _CHUNKS), 1)
    chunks = [items[at : at + size] for at in range(0, len(items), size)]
    each = partial(_each, work)
    return chain.from_iterable(in_processes(each, chunks, jobs, died=each))


def _each(work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    return [work(item) for item in items]
