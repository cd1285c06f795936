"""What orderlint has to say: findings, repairs, errors, and the report that holds them.

All of it is frozen and picklable, so that it may cross process borders and be kept in a cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from orderlint.graph import Location

__all__ = ["Edit", "FileError", "Finding", "Fix", "Related", "Repair", "RepairKind", "Report", "Severity"]


class Severity(str, Enum):
    """Whether a finding makes the command fail."""

    ERROR = "error"
    WARNING = "warning"


class RepairKind(str, Enum):
    """What a repair does to the model, mildest first."""

    EQUIVALENT = "equivalent"
    SAME_INFERENCE = "same-inference"
    CHANGES_MODEL = "changes-model"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters `start:end` of a text (code points, end exclusive) by `text`.

    Attributes:
        cell: The notebook cell whose source the offsets count in, from 1; `None` outside notebooks.
    """

    start: int
    end: int
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file that repair one finding: all are made or none."""

    title: str
    edits: tuple[Edit, ...]
    kind: RepairKind


@dataclass(frozen=True, slots=True)
class Repair:
    """Whether a finding can be repaired.

    Attributes:
        available: Whether `orderlint fix` repairs it.
        kind: What the repair does to the model; `None` if there is none.
        reason: Why there is none, in words a user can act on; `None` if there is one.
        title: The repair in the imperative ("move `Dropout` after `ReLU`"); `None` if there is none.
    """

    available: bool
    kind: RepairKind | None = None
    reason: str | None = None
    title: str | None = None


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
        message: One sentence: what was found, what is expected.
        location: Where it is reported.
        chain: The unit as found (`("Dense", "ReLU", "BatchNormalization")`).
        recommended: The same steps in the recommended order.
        related: The other layer of the pair first, then the place of construction where it differs.
        repair: What can be done.
        severity: Whether it fails the run.
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

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        at = self.location
        return (at.path, at.cell or 0, at.line, at.column, at.layer or "", self.code)


@dataclass(frozen=True, slots=True)
class FileError:
    """A file, or a target, that could not be read."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run.

    Attributes:
        findings: Sorted by path, cell, line, column and code.
        errors: What could not be read.
        warnings: What the user should know and what fails nothing, as messages with their path.
        files: How many files (or models) were checked.
    """

    findings: tuple[Finding, ...] = ()
    errors: tuple[FileError, ...] = ()
    warnings: tuple[FileError, ...] = ()
    files: int = 0

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def exit_status(self) -> int:
        """0 nothing found, 1 findings that fail the run, 2 a file that could not be read."""
        if self.errors:
            return 2
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))
