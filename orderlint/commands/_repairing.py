"""Repairs the files of a command: with the allowed kinds of repairs, and with a progress line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orderlint.commands._running import Running, tracing

if TYPE_CHECKING:
    from orderlint.engine.file_repair import Kinds
    from orderlint.engine.repairing import Repairs
    from orderlint.engine.resolving import Worklist
    from orderlint.engine.session import Session
    from orderlint.repair.results import Ask

__all__ = ["KINDS", "kinds_of", "repaired"]

KINDS = ("equivalent", "same-inference", "changes-model")


def kinds_of(work: Worklist, only: str | None = None, default_only: str | None = None) -> dict[str, Kinds]:
    """The kinds of repairs to make, by the path in reports.

    Args:
        work: The files, with their configurations.
        only: The strongest kind. It overrides the configurations.
        default_only: The strongest kind if it is not configured. By default, all kinds are allowed.
    """
    from orderlint.engine.file_repair import milder

    if only is not None:
        return dict.fromkeys(work.configurations, milder(only))
    fallback = milder(default_only or KINDS[-1])
    configured = {shown: configuration.repair for shown, configuration in work.configurations.items()}
    return {shown: fallback if kinds is None else kinds for shown, kinds in configured.items()}


def repaired(
    session: Session,
    work: Worklist,
    kinds: Mapping[str, Kinds],
    running: Running,
    *,
    is_interactive: bool = False,
) -> Repairs:
    """The repairs of the files, in memory. With `is_interactive`, the user confirms each repair."""
    from orderlint.commands._interview import Interview
    from orderlint.engine.repairing import repair
    from orderlint.progress import ProgressLine

    with ProgressLine() as progress:
        ask: Ask | None = Interview(progress.clear) if is_interactive else None
        return repair(
            work.targets,
            session=session,
            kinds=kinds,
            jobs=running.jobs,
            progress=progress,
            trace=tracing(progress) if running.debug else None,
            errors=work.errors,
            ask=ask,
            baselines=work.baselines,
        )
