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

MANY = 50  # for fewer files, it takes longer to start processes than they save
Progress = Callable[[int, int, str], None]
"""Called with the number of finished files, the number of all files, and the current file; empty at the end."""
Item = TypeVar("Item")


class Result(Protocol):
    """The result for one file."""

    @property
    def tracebacks(self) -> list[str]:
        """The tracebacks of failures of orderlint itself."""


Some = TypeVar("Some", bound=Result)


@record(frozen=True, slots=True)
class Running:
    """How to run a task.

    Attributes:
        total: The number of all files, including those that need no work.
        jobs: The most processes to use; `None` for one per processor, if there is enough work.
        progress: Called before each file, and at the end.
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
    """The results of `work` for `items`, in order.

    Args:
        work: Processes one file, in another process if there are several.
        items: The files that need work.
        died: Returns the result for a file if the process died while it worked on it.
        how: How to run it.
        target: Returns the file of an item.
    """
    targets = [target(item) for item in items]
    return followed(_results(work, items, died, jobs_for(items, how.jobs), targets), targets, how)


def followed(results: Iterator[Some], targets: Sequence[Target], how: Running) -> Iterator[Some]:
    """Pass on the results, one for each target, and report progress and failures as they arrive."""
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
    """Ignore the progress."""


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
    """How many processes to use: the requested number, or else one per processor if that saves time."""
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
        # Files in one folder mostly import the same modules, so the process that has read them checks the others, too.
        folders = [target.folder for target in targets]
        return in_processes(work, items, jobs, died, sizes=list(map(size_of, targets)), groups=folders)
    return _one_by_one(work, items)


def _one_by_one(work: Callable[[Item], Some], items: Sequence[Item]) -> Iterator[Some]:
    for item in items:
        yield work(item)
        file_done()
