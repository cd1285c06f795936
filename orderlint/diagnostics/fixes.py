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
        finding: The finding, with its lines in the old file.
        kind: The effect of the repair on the model.
        title: The repair as an instruction ("move `Dropout` after `ReLU`").
        remarks: What the user should know about the repaired model: sentences without a period.
    """

    finding: Finding
    kind: RepairKind
    title: str
    remarks: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class LeftFinding:
    """A finding that was not repaired.

    Attributes:
        finding: The finding, with its lines in the new file.
        reason: The reason, and what the user can do.
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
        path: The path as reports show it.
        changes: One change for a Python file, or one for each changed cell of a notebook.
    """

    path: str
    changes: tuple[TextChange, ...]


@record(frozen=True, slots=True)
class FixReport:
    """The result of a run.

    Attributes:
        repaired: The findings that were or would be repaired, sorted like findings.
        left: The findings that are left.
        changed: The files that were or would be changed.
        errors: Files that could not be read, repaired or written.
        warnings: Messages that do not make the run fail.
        files: The number of files that were checked.
        passed_over: The number of files that were skipped because they contain no Keras layer.
        skipped: The number of files that were skipped because of a comment.
        revealed: Findings of other rules that the repairs caused: the code, their number, and what the summary says
            about them, with `{}` for "3 layers".
        notes: What else the summary says about the repairs.
        known: The number of findings in the baseline, which were left alone.
        is_written: Whether the changes were written, and not only shown.
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
        """The exit status of the command.

        It is 2 with errors, 1 if findings that make the run fail are left or files would change, otherwise 0.
        """
        if self.errors:
            return 2
        failing = any(left.finding.severity is Severity.ERROR for left in self.left)
        return int(failing or (bool(self.changed) and not self.is_written))
