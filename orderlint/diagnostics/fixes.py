"""The result of `orderlint fix`, as plain records that reports draw."""

from __future__ import annotations

from orderlint.diagnostics.findings import FileError, FileWarning, Finding, Severity
from orderlint.diagnostics.repairs import RepairKind
from orderlint.records import record

__all__ = [
    "ChangedFile",
    "FixReport",
    "LeftFinding",
    "RepairedFinding",
    "TextChange",
]


@record(frozen=True, slots=True)
class RepairedFinding:
    """A finding that was repaired.

    Attributes:
        finding: As it stood in the old file.
        kind: What its repair does to the model.
        title: The repair in the imperative ("move `Dropout` after `ReLU`").
        remarks: What the user should know of the model after it, each a sentence without its full stop.
    """

    finding: Finding
    kind: RepairKind
    title: str
    remarks: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class LeftFinding:
    """A finding that was not repaired.

    Attributes:
        finding: As it stands in the new file.
        reason: Why, in words a user can act on.
    """

    finding: Finding
    reason: str


@record(frozen=True, slots=True)
class TextChange:
    """The old and the new text of a file, or of one cell of a notebook."""

    old: str
    new: str
    cell: int | None = None


@record(frozen=True, slots=True)
class ChangedFile:
    """A file that a repair changes.

    Attributes:
        path: As reports show it.
        changes: One for a Python file, one for each changed cell of a notebook.
    """

    path: str
    changes: tuple[TextChange, ...]


@record(frozen=True, slots=True)
class FixReport:
    """The result of a run.

    Attributes:
        repaired: What was repaired, or would be, sorted like findings.
        left: What was not.
        changed: The files that are changed, or would be.
        errors: What could not be read, repaired or written.
        warnings: What the user should know and what fails nothing.
        files: How many files were looked at.
        passed_over: How many files hold no Keras layer, besides.
        skipped: How many files a comment skips, besides.
        revealed: The findings of rules that were not selected which have come to light: the code, how many, and what
            the rule says of them, with `{}` for "3 layers".
        notes: What is to be told of the repairs besides.
        known: How many findings in the baseline were left alone.
        is_written: Whether the changes are in the files, and not only shown.
    """

    repaired: tuple[RepairedFinding, ...] = ()
    left: tuple[LeftFinding, ...] = ()
    changed: tuple[ChangedFile, ...] = ()
    errors: tuple[FileError, ...] = ()
    warnings: tuple[FileWarning, ...] = ()
    files: int = 0
    passed_over: int = 0
    skipped: int = 0
    notes: tuple[str, ...] = ()
    is_written: bool = True
    revealed: tuple[tuple[str, int, str], ...] = ()
    known: int = 0

    @property
    def exit_status(self) -> int:
        """0 nothing left, 1 findings that fail the run are left or files would change, 2 an error."""
        if self.errors:
            return 2
        failing = any(left.finding.severity is Severity.ERROR for left in self.left)
        return int(failing or (bool(self.changed) and not self.is_written))
