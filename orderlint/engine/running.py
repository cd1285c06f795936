"""Runs a task for many files, on one core or several, with progress and failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from orderlint.engine.garbage import file_done
from orderlint.engine.pool import default_jobs, in_processes
from orderlint.engine.targets import Target
from orderlint.records import record

__all__ = ["Progress", "Running", "followed", "jobs_for", "run", "size_of"]

MANY = 50  # starting processes costs more than it saves on so few files
Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and which one is under way; empty at the end."""
Item = TypeVar("Item")


class Result(Protocol):
    """What one file comes to."""

    @property
    def tracebacks(self) -> list[str]:
        """Of failures of orderlint itself."""


Some = TypeVar("Some", bound=Result)


@record(frozen=True, slots=True)
class Running:
    """How a run is done.

    Attributes:
        total: How many files there are, with those that need no work.
        jobs: How many processes may work; `None` for one per processor, and only where there is enough to do.
        progress: Told how far the run is: before each file, and at the end.
        trace: Receives the tracebacks of internal errors.
    """

    total: int
    jobs: int | None = None
    progress: Progress | None = None
    trace: Callable[[str], None] | None = None


def run(
    work: Callable[[Item], Some],
    items: Sequence[Item],
    died: Callable[[Item], Some],
    how: Running,
    *,
    target: Callable[[Item], Target],
) -> Iterator[Some]:
    """The results of `work` over `items`, in order.

    Args:
        work: What is done with one file; in another process if several may work.
        items: The files that need work.
        died: The result for a file whose process died over it.
        how: How it is done.
        target: The file that an item is about.
    """
    targets = [target(item) for item in items]
    return followed(_results(work, items, died, jobs_for(items, how.jobs), targets), targets, how)


def followed(results: Iterator[Some], targets: Sequence[Target], how: Running) -> Iterator[Some]:
    """Results, one for each of some targets, with progress and failures told as they come."""
    progress = how.progress or _silent
    done = how.total - len(targets)
    for target in targets:
        progress(done, how.total, target.shown)
        result = next(results)
        done += 1
        if how.trace is not None:
            for text in result.tracebacks:
                how.trace(text)
        yield result
    progress(done, how.total, "")


def _silent(done: int, total: int, under_way: str) -> None:
    """Nobody wants to know."""


def _load() -> None:
    """Import what the work needs, once for all processes that are forked."""
    import orderlint.repair.rounds
    import orderlint.source.analysis  # noqa: F401
    from orderlint.source.library import registry

    registry.functions()


def size_of(target: Target) -> int:
    """The bytes of a file."""
    if target.data is not None:
        return len(target.data)
    try:
        return Path(target.path).stat().st_size
    except (OSError, ValueError):
        return 0


def jobs_for(items: Sequence[object], asked: int | None) -> int:
    """How many processes are to work on items: as many as asked for, else one a processor where that pays."""
    if asked is not None:
        return asked
    return default_jobs() if len(items) > MANY else 1


def _results(
    work: Callable[[Item], Some],
    items: Sequence[Item],
    died: Callable[[Item], Some],
    jobs: int,
    targets: Sequence[Target],
) -> Iterator[Some]:
    if jobs > 1 and len(items) > 1:
        _load()
        # Files of one folder mostly import the same modules: the process that has read them does the others too.
        folders = [target.folder for target in targets]
        return in_processes(work, items, jobs, died, sizes=list(map(size_of, targets)), groups=folders)
    return _one_by_one(work, items)


def _one_by_one(work: Callable[[Item], Some], items: Sequence[Item]) -> Iterator[Some]:
    for item in items:
        yield work(item)
        file_done()
