"""Checks the files of a command: with a progress line, and with tracebacks on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from orderlint.records import record

if TYPE_CHECKING:
    from orderlint.diagnostics import Report
    from orderlint.engine.changes import Changes
    from orderlint.engine.checking import Elsewhere
    from orderlint.engine.resolving import Worklist
    from orderlint.engine.session import Session
    from orderlint.engine.streaming import OnFindings
    from orderlint.progress import ProgressLine

__all__ = ["Running", "checked", "tracing"]


@record(frozen=True, slots=True)
class Running:
    """How the work is done.

    Attributes:
        jobs: The number of processes; `None` for one per processor, if there are enough files.
        debug: Whether to show the tracebacks of internal errors.
        diff_base: A Git revision. Only findings in lines that have changed since then are reported.
        cluster: The address of a Dask scheduler, whose workers do the work.
    """

    jobs: int | None = None
    debug: bool = False
    diff_base: str | None = None
    cluster: str | None = None


def checked(
    session: Session,
    work: Worklist,
    progress: ProgressLine,
    running: Running,
    *,
    plans: bool = True,
    on_findings: OnFindings | None = None,
) -> Report:
    """Check the files and return the report.

    Args:
        session: The state of the run.
        work: The files.
        progress: Receives the progress of the run.
        running: How the work is done.
        plans: Whether to plan repairs.
        on_findings: Called with the findings of each file as soon as they are complete.

    Raises:
        click.ClickException: The revision cannot be compared with, or the cluster cannot be used.
    """
    from orderlint.engine.checking import check

    with _elsewhere(running.cluster) as elsewhere:
        return check(
            work.targets,
            session=session,
            jobs=running.jobs,
            progress=progress,
            on_findings=on_findings,
            trace=tracing(progress) if running.debug else None,
            errors=work.errors,
            warnings=work.warnings,
            plans=plans,
            baselines=work.baselines,
            changes=_changes(work, running.diff_base),
            elsewhere=elsewhere,
        )


@contextmanager
def _elsewhere(cluster: str | None) -> Iterator[Elsewhere | None]:
    """A function that runs the work on a cluster; `None` without a cluster.

    Raises:
        click.ClickException: The cluster cannot be used.
    """
    if cluster is None:
        yield None
        return
    from orderlint.engine.cluster import ClusterError, crew_at, spread

    try:
        with crew_at(cluster) as crew:
            yield partial(spread, crew)
    except ClusterError as error:
        raise click.ClickException(str(error)) from None


def _changes(work: Worklist, since: str | None) -> Changes | None:
    if since is None:
        return None
    from orderlint.engine.changes import Changes, RevisionError

    if not since.strip():
        raise click.UsageError("--diff-base needs a revision: a commit, a tag or a branch, such as origin/main")
    try:
        return Changes(since, work.targets)
    except RevisionError as error:
        raise click.ClickException(f"--diff-base: {error}") from None


def tracing(progress: ProgressLine) -> Callable[[str], None]:
    """A function that writes tracebacks to standard error."""

    def trace(text: str) -> None:
        progress.clear()
        click.echo(text, err=True, nl=False)

    return trace
