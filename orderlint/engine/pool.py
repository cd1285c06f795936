"""Processes many items in several processes. Results come in order; if a process dies, its item is named."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Container, Generator, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from orderlint.engine.garbage import collect_seldom, file_done
from orderlint.text.loading import install

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

__all__ = ["Batch", "batches_of", "default_jobs", "forks", "in_processes"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Batch = tuple[int, ...]

_SHARE = 16  # batches a process has to do at the least: the last ones are small, so that none works on alone
_NEAR = 16  # batches among which one is chosen: none waits for long
_LONGEST = 8  # items: whatever is done is handed on before long
_SAFE = "PYTHONSAFEPATH"
CAN_BE_SAFE = sys.version_info >= (3, 11)
"""Whether Python knows that variable of the environment."""


def default_jobs() -> int:
    """The number of processors that this process may use."""
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
    groups: Sequence[Hashable] | None = None,
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
        groups: What each item belongs to: where items of one group share work, one process does that once.
    """
    if not items:
        return
    groups = [None] * len(items) if groups is None else groups
    batches = batches_of([1] * len(items) if sizes is None else sizes, groups, jobs)
    team = _Team(work, items, _Queue(batches, groups))
    try:
        team.start(min(jobs, len(batches)))
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


def batches_of(sizes: Sequence[int], groups: Sequence[Hashable], jobs: int) -> list[Batch]:
    """The indices of the items, in the order in which they are distributed.

    What is large goes first, as it would keep one process busy when the others have nothing left to do; the rest keeps
    its order, so that its results can be handed on as they come.
    """
    share = max(sum(sizes) // (max(jobs, 1) * _SHARE), 1)
    large = sorted((number for number, size in enumerate(sizes) if size > share), key=lambda number: -sizes[number])
    batches: list[Batch] = [(number,) for number in large]
    batch: list[int] = []
    weight = 0
    for number, size in enumerate(sizes):
        if size > share:
            continue
        is_full = weight + size > share or len(batch) == _LONGEST
        if batch and (is_full or groups[number] != groups[batch[0]]):
            batches.append(tuple(batch))
            batch, weight = [], 0
        batch.append(number)
        weight += size
    if batch:
        batches.append(tuple(batch))
    return batches


class _Queue:
    """What is yet to be handed out.

    Args:
        batches: In the order in which they are best handed out.
        groups: What each item belongs to.
    """

    def __init__(self, batches: Iterable[Batch], groups: Sequence[Hashable]) -> None:
        self._batches = list(batches)
        self._groups = groups

    def __bool__(self) -> bool:
        return bool(self._batches)

    def next_for(self, group: Hashable, others: Container[Hashable]) -> Batch:
        """The next batch for a process: of the group that it knows, or else of one that no other process knows."""
        near = self._batches[:_NEAR]
        own = (batch for batch in near if self.group(batch) == group)
        free = (batch for batch in near if self.group(batch) not in others)
        batch = next(own, None) or next(free, None) or near[0]
        self._batches.remove(batch)
        return batch

    def give_back(self, numbers: Iterable[int]) -> None:
        """Return items whose process has died."""
        self._batches.insert(0, tuple(numbers))

    def group(self, batch: Batch) -> Hashable:
        """The group of a batch."""
        return self._groups[batch[0]]


class _Raised:
    """An exception on its way from a process."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Worker:
    """A process, and what it has yet to do.

    Attributes:
        waiting: The numbers of the items it was given and has not answered, in order.
        group: What it worked on last.
    """

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.waiting: deque[int] = deque()
        self.group: Hashable = object()

    def give(self, batch: Batch, group: Hashable) -> None:
        self.waiting.extend(batch)
        self.group = group
        self.connection.send(batch)


class _Team:
    """The processes of one run."""

    def __init__(self, work: Callable[[Any], Any], items: Sequence[Any], queue: _Queue) -> None:
        self._work = work
        self._items = items
        self._queue = queue
        self._context = _context()
        self._workers: list[_Worker] = []

    def start(self, size: int) -> None:
        """Start processes, each with a batch."""
        gc.freeze()  # what is there now is shared by forked processes, unless a collection touches it
        try:
            for _ in range(size):
                self._hire()
        finally:
            gc.unfreeze()

    def next_results(self, died: Callable[[Any], Any]) -> Iterable[tuple[int, Any]]:
        """Wait for the next results of the processes."""
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
            if not worker.waiting:
                self._occupy(worker)
        return found

    def disband(self) -> None:
        """Stop the processes immediately."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _hire(self) -> None:
        here, there = self._context.Pipe()
        folder = None if CAN_BE_SAFE else os.getcwd()
        foreign = (
            [here, *(worker.connection for worker in self._workers)]
            if self._context.get_start_method() == "fork"
            else []
        )
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(folder, there, foreign, self._work, self._items), daemon=True
        )
        with _uninterrupted(), _importing_nothing_from_here():
            process.start()
            worker = _Worker(process, here)
            self._workers.append(worker)
        there.close()
        self._occupy(worker)

    def _occupy(self, worker: _Worker) -> None:
        """Give a worker something to do, if there is anything left."""
        if self._queue:
            batch = self._queue.next_for(worker.group, {one.group for one in self._workers if one is not worker})
            worker.give(batch, self._queue.group(batch))

    def _bury(self, worker: _Worker) -> int:
        """Replace a worker that died; the number of the item that it died over."""
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        over, *rest = worker.waiting
        if rest:
            self._queue.give_back(rest)
        if self._queue:
            self._hire()
        return over


def _context() -> BaseContext:
    """How processes are started. A fork shares what is loaded; it is safe where there is but one thread."""
    from multiprocessing import get_context

    return get_context("fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn")


def forks() -> bool:
    """Whether new processes would be forked, with all loaded modules."""
    return _context().get_start_method() == "fork"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C, where that can be done. A process that is started meanwhile never hears of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _importing_nothing_from_here() -> Iterator[None]:
    """Start processes that do not search the current folder for modules: it may hold a `multiprocessing.py`.

    A spawned process is `python -c`, which searches it first until it is told the path of this one. A variable of the
    environment forbids that from Python 3.11 on. On 3.10, the process starts in another folder, and `_serve`
    changes back to the current one.
    """
    if not CAN_BE_SAFE:
        here = os.getcwd()
        os.chdir(os.path.dirname(__file__))  # noqa: PTH120 - as in the modules that start fast
        try:
            yield
        finally:
            os.chdir(here)
    elif _SAFE in os.environ:
        yield
    else:
        os.environ[_SAFE] = "1"
        try:
            yield
        finally:
            del os.environ[_SAFE]


def _serve(
    folder: str | None,
    connection: Connection,
    foreign: Sequence[Connection],
    work: Callable[[Any], Any],
    items: Sequence[Any],
) -> None:
    """What a process does: answer batches until there are no more.

    Args:
        folder: The current folder of the process that asks, if this one was started in another.
        connection: To the process that asks.
        foreign: Its ends of all connections, which a fork has too: open here, they would hide its end from others.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    if folder is not None:
        os.chdir(folder)
    install()
    collect_seldom()
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
    finally:
        file_done()
