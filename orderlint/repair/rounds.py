"""Repairs a file: round after round, until nothing is left to repair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from orderlint.catalog import RoleTable
from orderlint.diagnostics import RepairKind
from orderlint.repair.results import FixResult
from orderlint.rules import Order, Rule, Violation
from orderlint.source import Project
from orderlint.source.files import SourceFile

__all__ = ["JudgedBy", "fix_text"]


class JudgedBy(Protocol):
    """What a file is judged by (`orderlint.engine.Settings`)."""

    @property
    def rules(self) -> list[Rule]: ...
    @property
    def order(self) -> Order: ...
    @property
    def roles(self) -> RoleTable: ...


def fix_text(
    file: SourceFile,
    settings: JudgedBy,
    *,
    only: RepairKind | None = None,
    wanted: Callable[[SourceFile, Violation], bool] | None = None,
    project: Project | None = None,
) -> FixResult:
    """Repair what can be repaired in a file.

    Args:
        file: The file; it is not written.
        settings: What it is judged by.
        only: The repairs to make: those of this kind or milder; `None` for all.
        wanted: Whether a violation in a file (the original, or what became of it after a round) is to be repaired
            and told of; suppressed ones are not.
        project: Where imports are looked up.
    """
    raise NotImplementedError
