"""Work on many items in several processes, in order, surviving a process that dies."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

__all__ = ["default_jobs", "in_processes"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def default_jobs() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    work: Callable[[Item], Result], items: Sequence[Item], jobs: int, died: Callable[[Item], Result]
) -> Generator[Result, None, None]:
    """The results of `work` over `items`, in order, from `jobs` processes.

    A pool does not tell over which item a process of it died. So the items that may have been under way then are
    tried again one at a time, and the rest goes on in a new pool.

    Args:
        work: Called in another process: it, the items and the results are pickled.
        items: What to work on.
        jobs: The number of processes, at least 1.
        died: The result for an item whose process died over it.
    """
    done = 0
    while done < len(items):
        done += yield from _pooled(work, items[done:], jobs)
        done += yield from _singly(work, items[done : done + 2 * jobs], died)


def _pooled(work: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Generator[Result, None, int]:
    """Results until a process dies; returns how many there were."""
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor  # slow to import, rarely needed

    done = 0
    with ProcessPoolExecutor(min(jobs, len(items))) as pool:
        try:
            for future in [pool.submit(work, item) for item in items]:
                yield future.result()
                done += 1
        except BrokenProcessPool:
            return done
        except BaseException:  # an interrupt, or a reader that wants no more: leave nothing running
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _singly(
    work: Callable[[Item], Result], items: Sequence[Item], died: Callable[[Item], Result]
) -> Generator[Result, None, int]:
    """Results up to and with that of the first item whose process dies; returns how many there were."""
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    if not items:
        return 0
    pool = ProcessPoolExecutor(1)
    try:
        for done, item in enumerate(items, start=1):
            try:
                yield pool.submit(work, item).result()
            except BrokenProcessPool:
                yield died(item)
                return done
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return len(items)
