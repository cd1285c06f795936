"""Findings as records, and the report of a run that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any

from orderlint.diagnostics.repairs import Fix, Repair
from orderlint.graph import Location

__all__ = [
    "FileError",
    "FileWarning",
    "Finding",
    "Related",
    "Report",
    "Severity",
    "Suppressed",
    "SuppressedBy",
]


class Severity(str, Enum):
    """Whether a finding makes the command fail."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation, at one place.

    Attributes:
        code: `ORD001`.
        name: `norm-after-activation`.
        message: What was found, in at most 80 characters where names are of a usual length.
        location: Where it is reported.
        chain: The unit as found (`("Dense", "ReLU", "BatchNormalization")`).
        recommended: The same steps in the recommended order.
        related: The other layer of the pair first, then the place of construction where it differs.
        repair: What can be done.
        severity: Whether it fails the run.
        fix: The edits that do it; `None` if there are none, or if only another file shows the finding.
        fingerprint: Equal for the same finding after lines were moved: a hash of path, code, expression and chain,
            and of how many such findings stand before it in the file.
        url: The documentation of the rule.
        why: One sentence: what is bad about it. Findings of one rule mostly share it.
    """

    code: str
    name: str
    message: str
    location: Location
    chain: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    repair: Repair | None = None
    severity: Severity = Severity.ERROR
    fix: Fix | None = None
    fingerprint: str = ""
    url: str | None = None
    why: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        at = self.location
        return (at.path, at.cell or 0, at.line, at.column, at.layer or "", self.code)

    def _repr_html_(self) -> str:
        """How notebooks show it: with the chains drawn."""
        return str(_drawing("card").in_html(self))

    def __rich__(self) -> Any:
        """How rich prints it."""
        return _drawing("shown").of_report(Report((self,)))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How IPython prints it in a terminal."""
        printer.text(self.__rich__().plain)


class SuppressedBy(str, Enum):
    """What says that a finding is not to be reported."""

    COMMENT = "comment"
    BASELINE = "baseline"
    UNCHANGED = "unchanged"
    """It stands in lines that have not changed since the revision that was asked for."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not reported."""

    finding: Finding
    by: SuppressedBy = SuppressedBy.COMMENT


@dataclass(frozen=True, slots=True)
class FileError:
    """A file, or a target, that could not be read."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class FileWarning:
    """What the user should know of a place in a file, or of a target, and what fails nothing.

    Attributes:
        is_gap: Whether something was not checked because of it.
    """

    location: Location
    message: str
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run.

    Attributes:
        findings: Sorted by path, cell, line, column and code.
        errors: What could not be read.
        warnings: What the user should know and what fails nothing.
        files: How many files (or models) were checked.
        passed_over: How many further files hold no Keras layer, so that there was nothing to judge.
        unparsed: How many cells of notebooks are no Python and mention nothing of Keras, so that they were passed over.
        skipped: How many further files a comment asks to skip.
        suppressed: The findings that comments or a baseline hide, for the formats that show those too.
        since: The revision since which changes were asked for; `None` where all is reported.
        stale: How many entries of the baseline hold for nothing any more; `None` where there is no baseline.
    """

    findings: tuple[Finding, ...] = ()
    errors: tuple[FileError, ...] = ()
    warnings: tuple[FileWarning, ...] = ()
    files: int = 0
    passed_over: int = 0
    unparsed: int = 0
    suppressed: tuple[Suppressed, ...] = ()
    skipped: int = 0
    stale: int | None = None
    since: str | None = None

    def hidden_by(self, by: SuppressedBy) -> int:
        """How many findings something hides."""
        return sum(1 for one in self.suppressed if one.by is by)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def _repr_html_(self) -> str:
        """How notebooks show it: the counts, and each finding with its chains drawn."""
        return str(_drawing("card").of_report(self))

    def __rich__(self) -> Any:
        """How rich prints it."""
        return _drawing("shown").of_report(self, counts=True)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How IPython prints it in a terminal."""
        printer.text(self.__rich__().plain)

    @property
    def exit_status(self) -> int:
        """0 nothing found, 1 findings that fail the run, 2 a file that could not be read."""
        if self.errors:
            return 2
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def _drawing(name: str) -> Any:
    """A module that draws records. They know of none until they are shown: a record stands below all reports."""
    return import_module(f"orderlint.report.{name}")
