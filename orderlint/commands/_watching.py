"""`--watch`: checks again whenever a relevant file has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orderlint.engine.resolving import Worklist

__all__ = ["watch", "watched"]

_PAUSE = 0.5  # the fewest seconds between two looks at the files
_SHARE = 10  # the pause is at least that many times as long as a look
_CONFIGURATIONS = ("orderlint.toml", "pyproject.toml")
Stamps = dict[str, "tuple[int, int] | None"]


def watch(
    run: Callable[[], Iterable[str]],
    paths: Callable[[], Iterable[str]],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run a check, and run it again whenever a file has changed, until Ctrl-C.

    Args:
        run: The check. It writes its report, and returns the imported modules that it has read.
        paths: Returns the checked files and their configurations.
        sleep: Waits for some seconds.

    Returns: The exit status: 0.
    """
    before: Stamps | None = None
    found: list[str] = []
    more: list[str] = []
    was_clear = True
    try:
        while True:
            started = time.monotonic()
            try:
                found = list(paths())
                is_clear = True
            except click.ClickException:  # an invalid configuration, which the run reports
                is_clear = False
            now = _stamps([*more, *found])
            looked = time.monotonic() - started  # without the check: changes during a check are seen at once
            if now != before or is_clear is not was_clear:
                was_clear = is_clear
                more = list(_shown(run)) or more
                before = {**_stamps(more), **now}  # files that have changed during the run count as changed
            sleep(max(_PAUSE, _SHARE * looked))
    except KeyboardInterrupt:
        click.echo("", err=True)
        return 0


def watched(work: Worklist) -> Iterator[str]:
    """The files that a run depends on: the checked files, existing and possible configurations, and baselines."""
    folders: set[Path] = set()
    for target in work.targets:
        yield target.path
        folders.update(Path(target.path).parents)
    for folder in sorted(folders):
        yield from (os.path.join(folder, name) for name in _CONFIGURATIONS)  # noqa: PTH118  # as below
    files = {configuration.file for configuration in work.configurations.values() if configuration.file is not None}
    yield from map(str, sorted({*files, *(baseline.file for baseline in work.baselines.values())}))


def _shown(run: Callable[[], Iterable[str]]) -> Iterable[str]:
    click.clear()  # only on a terminal
    more: Iterable[str] = ()
    try:
        more = run()
    except click.ClickException as error:
        from orderlint.commands._errors import show

        show(error)
    click.echo(click.style("Watching for changes. Press Ctrl-C to stop.", dim=True), err=True)
    return more


def _stamps(paths: Iterable[str]) -> Stamps:
    """The stamps of files, which show later whether they have changed."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116  # this is asked of every file, twice a second
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
