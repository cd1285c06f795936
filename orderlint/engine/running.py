"""The run over many files, whatever is done with each: on one core or on many, with progress and failures told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from orderlint.engine.pool import default_jobs, in_processes

__all__ = ["Progress", "jobs_for", "run"]

MANY = 50  # starting processes costs more than it saves on so few files
Progress = Callable[[int, int], None]
Item = TypeVar("Item")


class Result(Protocol):
    """What one file comes to."""

    @property
    def tracebacks(self) -> list[str]:
        """Of failures of orderlint itself."""


Some = TypeVar("Some", bound=Result)


def run(
    work: Callable[[Item], Some],
    items: Sequence[Item],
    died: Callable[[Item], Some],
    *,
    total: int,
    jobs: int | None = None,
    sizes: Sequence[int] | None = None,
    progress: Progress | None = None,
    trace: Callable[[str], None] | None = None,
) -> Iterator[Some]:
    """The results of `work` over `items`, in order.

    Args:
        work: What is done with one file; in another process if several may work.
        items: The files that are worth it.
        died: The result for a file whose process died over it.
        total: How many files there are, with those that were passed over.
        jobs: How many processes may work; `None` for one per processor, and only where there is enough to do.
        sizes: How large each item is.
        progress: Told after each file how many are done, of how many.
        trace: Told the tracebacks of failures of orderlint itself.
    """
    done = total - len(items)
    for result in _results(work, items, died, jobs_for(items, jobs), sizes):
        done += 1
        if progress is not None:
            progress(done, total)
        if trace is not None:
            for text in result.tracebacks:
                trace(text)
        yield result


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
    sizes: Sequence[int] | None,
) -> Iterator[Some]:
    if jobs > 1 and len(items) > 1:
        return in_processes(work, items, jobs, died, sizes=sizes)
    return map(work, items)
