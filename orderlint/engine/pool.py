"""Work on many items in several processes: results in order, a process that dies costs its item, and names it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

__all__ = ["default_jobs", "in_processes"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Batch = tuple[int, ...]

_SHARE = 16  # batches a process has to do at the least: the last ones are small, so that none works on alone
_LONGEST = 8  # items: whatever is done is handed on before long


def default_jobs() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    died: Callable[[Item], Result],
    *,
    sizes: Sequence[int] | None = None,
) -> Generator[Result, None, None]:
    """The results of `work` over `items`, in order, from `jobs` processes.

    Each process has `work` and all items from its start, so only their numbers travel, and the results back. Whoever
    stops reading the results, by an interrupt too, ends the processes at once.

    Args:
        work: Called in another process. What it raises is raised here.
        items: What to work on.
        jobs: The number of processes, at least 1.
        died: The result for an item whose process died over it.
        sizes: How much work each item is, in any unit: what is much comes first.
    """
    if not items:
        return
    batches = _batches([1] * len(items) if sizes is None else sizes, jobs)
    team = _Team(work, items, min(jobs, len(batches)), batches)
    try:
        done: dict[int, Any] = {}
        for number in range(len(items)):
            while number not in done:
                done.update(team.next_results(died))
            result = done.pop(number)
            if isinstance(result, _Raised):
                raise result.error
            yield result
    finally:
        team.disband()


def _batches(sizes: Sequence[int], jobs: int) -> deque[Batch]:
    """The numbers of the items, in the order in which they are handed out.

    What is large goes first, as it would keep one process busy when the others have nothing left to do; the rest keeps
    its order, so that its results can be handed on as they come.
    """
    share = max(sum(sizes) // (max(jobs, 1) * _SHARE), 1)
    large = sorted((number for number, size in enumerate(sizes) if size > share), key=lambda number: -sizes[number])
    batches = deque[Batch]((number,) for number in large)
    batch: list[int] = []
    weight = 0
    for number, size in enumerate(sizes):
        if size > share:
            continue
        if batch and (weight + size > share or len(batch) == _LONGEST):
            batches.append(tuple(batch))
            batch, weight = [], 0
        batch.append(number)
        weight += size
    if batch:
        batches.append(tuple(batch))
    return batches


class _Raised:
    """An exception on its way from a process."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Worker:
    """A process, and what it has yet to do.

    Attributes:
        waiting: The numbers of the items it was given and has not answered, in order.
    """

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.waiting: deque[int] = deque()

    def give(self, batch: Batch) -> None:
        self.waiting.extend(batch)
        self.connection.send(batch)


class _Team:
    """The processes of one run."""

    def __init__(self, work: Callable[[Any], Any], items: Sequence[Any], size: int, batches: deque[Batch]) -> None:
        self._work = work
        self._items = items
        self._batches = batches
        self._context = _context()
        self._workers: list[_Worker] = []
        gc.freeze()  # what is there now is shared by forked processes, unless a collection touches it
        try:
            for _ in range(size):
                self._hire()
        finally:
            gc.unfreeze()

    def next_results(self, died: Callable[[Any], Any]) -> Iterable[tuple[int, Any]]:
        """What the processes have to tell next; waits for it."""
        from multiprocessing.connection import wait

        found: list[tuple[int, Any]] = []
        ready = wait([worker.connection for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.connection in ready]:
            try:
                number, result = worker.connection.recv()
            except (EOFError, OSError):
                number = self._bury(worker)
                found.append((number, died(self._items[number])))
                continue
            worker.waiting.popleft()
            found.append((number, result))
            if not worker.waiting and self._batches:
                worker.give(self._batches.popleft())
        return found

    def disband(self) -> None:
        """End the processes, whatever they are doing."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _hire(self) -> None:
        here, there = self._context.Pipe()
        foreign = [here, *(worker.connection for worker in self._workers)] if _forks(self._context) else []
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(there, foreign, self._work, self._items), daemon=True
        )
        process.start()
        there.close()
        worker = _Worker(process, here)
        self._workers.append(worker)
        if self._batches:
            worker.give(self._batches.popleft())

    def _bury(self, worker: _Worker) -> int:
        """Replace a worker that died; the number of the item that it died over."""
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        over, *rest = worker.waiting
        if rest:
            self._batches.appendleft(tuple(rest))
        if self._batches:
            self._hire()
        return over


def _context() -> BaseContext:
    """How processes are started. A fork shares what is loaded; it is safe where there is but one thread."""
    from multiprocessing import get_context

    return get_context("fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn")


def _forks(context: BaseContext) -> bool:
    return context.get_start_method() == "fork"


def _serve(
    connection: Connection, foreign: Sequence[Connection], work: Callable[[Any], Any], items: Sequence[Any]
) -> None:
    """What a process does: answer batches until there are no more.

    Args:
        connection: To the process that asks.
        foreign: Its ends of all connections, which a fork has too: open here, they would hide its end from others.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    for other in foreign:
        other.close()
    try:
        while True:
            for number in connection.recv():
                connection.send((number, _done(work, items[number])))
    except (EOFError, OSError):
        return


def _done(work: Callable[[Any], Any], item: Any) -> Any:
    try:
        return work(item)
    except Exception as error:  # handed on, and raised where the work was asked for
        return _Raised(error)
