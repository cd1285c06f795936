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

_SHARE = 16  # least batches of each process: the last batches are small, so that no process works on alone
_NEAR = 16  # batches among which one is chosen: no batch waits for long
_LONGEST = 8  # items in a batch: results are passed on soon
_SAFE = "PYTHONSAFEPATH"
CAN_BE_SAFE = sys.version_info >= (3, 11)
"""Whether Python supports this environment variable."""


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
    """The results of `work` for `items`, in order, from `jobs` processes.

    Each process has `work` and all items from its start, so only their indices and the results are sent. If the caller
    stops reading the results, also because of an interrupt, the processes end at once.

    Args:
        work: Called in another process. Its exceptions are raised here.
        items: The items.
        jobs: The number of processes, at least 1.
        died: Returns the result for an item if the process died while it worked on it.
        sizes: The amount of work for each item, in any unit. Large items come first.
        groups: The group of each item. If the items of a group share work, one process does that work once.
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

    Large items come first: at the end, they would keep one process busy when the others have nothing left to do. The
    others keep their order, so that their results can be passed on as they arrive.
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
    """The items that have yet to be distributed.

    Args:
        batches: The batches, in the best order of distribution.
        groups: The group of each item.
    """

    def __init__(self, batches: Iterable[Batch], groups: Sequence[Hashable]) -> None:
        self._batches = list(batches)
        self._groups = groups

    def __bool__(self) -> bool:
        return bool(self._batches)

    def next_for(self, group: Hashable, others: Container[Hashable]) -> Batch:
        """The next batch for a process: of the group that it worked on, or else of one that no other worked on."""
        near = self._batches[:_NEAR]
        own = (batch for batch in near if self.group(batch) == group)
        free = (batch for batch in near if self.group(batch) not in others)
        batch = next(own, None) or next(free, None) or near[0]
        self._batches.remove(batch)
        return batch

    def give_back(self, numbers: Iterable[int]) -> None:
        """Return the items of a process that died."""
        self._batches.insert(0, tuple(numbers))

    def group(self, batch: Batch) -> Hashable:
        """The group of a batch."""
        return self._groups[batch[0]]


class _Raised:
    """An exception that is sent from a process."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Worker:
    """A process, and the items that it has yet to process.

    Attributes:
        waiting: The indices of the items that it has received and not finished, in order.
        group: The group that it worked on last.
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
        gc.freeze()  # forked processes share the existing objects, unless a collection touches them
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
        foreign = (
            [here, *(worker.connection for worker in self._workers)]
            if self._context.get_start_method() == "fork"
            else []
        )
        with _uninterrupted(), _importing_nothing_from_here() as folder:
            process = self._context.Process(  # type: ignore[attr-defined]
                target=_serve, args=(folder, there, foreign, self._work, self._items), daemon=True
            )
            process.start()
            worker = _Worker(process, here)
            self._workers.append(worker)
        there.close()
        self._occupy(worker)

    def _occupy(self, worker: _Worker) -> None:
        """Give a worker a batch, if there is one left."""
        if self._queue:
            batch = self._queue.next_for(worker.group, {one.group for one in self._workers if one is not worker})
            worker.give(batch, self._queue.group(batch))

    def _bury(self, worker: _Worker) -> int:
        """Replace a worker that died. Return the index of the item that it was working on."""
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
    """How processes are started. A fork shares the loaded modules. It is safe if there is only one thread."""
    from multiprocessing import get_context

    return get_context("fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn")


def forks() -> bool:
    """Whether new processes would be forked, with all loaded modules."""
    return _context().get_start_method() == "fork"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C, if that is possible. A process that is started in the meantime never receives it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _importing_nothing_from_here() -> Iterator[str | None]:
    """Start processes that do not search the current folder for modules: it may contain a `multiprocessing.py`.

    A spawned process is `python -c`, which searches that folder first until it gets the path of this process. From
    Python 3.11 on, an environment variable prevents that. On 3.10, the process starts in another folder, and `_serve`
    changes back to the one that this yields.
    """
    if not CAN_BE_SAFE:
        here = os.getcwd()
        os.chdir(os.path.dirname(__file__))  # noqa: PTH120 - as in the modules that start fast
        try:
            yield here
        finally:
            os.chdir(here)
    elif _SAFE in os.environ:
        yield None
    else:
        os.environ[_SAFE] = "1"
        try:
            yield None
        finally:
            del os.environ[_SAFE]


def _serve(
    folder: str | None,
    connection: Connection,
    foreign: Sequence[Connection],
    work: Callable[[Any], Any],
    items: Sequence[Any],
) -> None:
    """Run a process: work on batches until there are no more.

    Args:
        folder: The current folder of the parent process, if this one was started in another folder.
        connection: The connection to the parent process.
        foreign: The parent's ends of all connections, which a fork inherits. If they stayed open here, they would hide
            the end of the parent from others.
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
    except Exception as error:  # it is sent back, and raised in the parent
        return _Raised(error)
    finally:
        file_done()
