"""Findings, and the report of a run that contains them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any

from orderlint.diagnostics.repairs import Fix, Repair
from orderlint.graph import Location
from orderlint.records import record

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


@record(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding.

    Attributes:
        location: Where it is.
        message: What is there, such as `activation applied here`.
    """

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A single finding: one layer that is out of order.

    Attributes:
        code: The code of the rule, such as `ORD001`.
        name: The name of the rule, such as `norm-after-activation`.
        message: What was found, in at most 80 characters: long names lose their middle.
        location: The position of the layer.
        chain: The unit as found, such as `("Dense", "ReLU", "BatchNormalization")`. A unit is the sequence of layers
            from one linear layer up to the next one.
        recommended: The same layers in the recommended order.
        related: The other layer of the pair, and then the place where the layer is constructed, if that is elsewhere.
        repair: The possible repair.
        severity: Whether the finding makes the run fail.
        fix: The edits of the repair. `None` if there are none, or if the finding only shows in another file.
        fingerprint: An identifier that stays the same when lines move. It is a hash of the path, the code, the
            expression and the chain, followed by a number if the file has several equal findings (`:2`).
        likeness: The same without the path, so that it also stays the same when the file is renamed.
        context: A hash of the code of both layers, which distinguishes equal findings of a file.
        url: The documentation of the rule.
        why: One sentence on why this is a problem. Most findings of a rule share it.
        mark: The label of the marked code. If it is empty, reports use the name of the rule.
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
    likeness: str = ""
    context: str = ""
    url: str | None = None
    why: str = ""
    mark: str = ""

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
    """The reason why a finding is not reported."""

    COMMENT = "comment"
    BASELINE = "baseline"
    UNCHANGED = "unchanged"
    """Its lines have not changed since the given revision."""


@record(frozen=True, slots=True)
class Suppressed:
    """A finding that is not reported."""

    finding: Finding
    by: SuppressedBy = SuppressedBy.COMMENT


@record(frozen=True, slots=True)
class FileError:
    """A file or a target that could not be checked.

    Attributes:
        path: The file or target, as it was given.
        message: What is wrong, and what you can do.
    """

    path: str
    message: str


@record(frozen=True, slots=True)
class FileWarning:
    """What you should know about a place in a file, or about a target. It does not make the run fail.

    Attributes:
        location: The place.
        message: The message.
        is_gap: Whether something was not checked because of it.
    """

    location: Location
    message: str
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run.

    Attributes:
        findings: The findings, sorted by path, cell, line, column and code. Those of a built model without source
            lines are in the order in which data passes the layers.
        errors: Files and targets that could not be read.
        warnings: Messages that do not make the run fail.
        files: The number of checked files or models.
        passed_over: The number of files that were skipped because they contain no Keras layer.
        unparsed: The number of notebook cells that were skipped because they are not Python and do not mention Keras.
        skipped: The number of files that were skipped because of a comment.
        suppressed: The findings that a comment or a baseline hides. Some formats show them.
        since: The revision whose later changes are reported. `None` if everything is reported.
        stale: The number of baseline entries without a finding. `None` if there is no baseline.
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
        """The number of findings that something hides."""
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
        """The exit status of the command: 2 with errors, 1 with findings that make the run fail, otherwise 0."""
        if self.errors:
            return 2
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def _drawing(name: str) -> Any:
    """Import a reporter. Records only do this when they are shown, because they must not depend on reports."""
    return import_module(f"orderlint.report.{name}")
