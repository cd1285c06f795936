"""A file to check, and the result of checking it."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from orderlint.diagnostics import FileError, FileWarning, Finding
from orderlint.discovery import shown_path
from orderlint.engine.writing import leads_out
from orderlint.judging import Standards
from orderlint.judging.suspects import Suspect
from orderlint.records import record
from orderlint.source.queries import Answer, Query, Stamp
from orderlint.text.files import SourceFile, bytes_of, source_from_bytes
from orderlint.text.suppression import Suppressions

__all__ = ["Basis", "Outcome", "Target"]


@record(frozen=True, slots=True)
class Target:
    """A file to check.

    Attributes:
        path: The file. It is not a `Path`, which takes five times the memory: a run may have 100,000 files.
        shown: Its path in reports.
        standards: The rules, the roles and the order that apply to it.
        is_named: Whether the user named it. Then it is parsed, whatever it seems to contain.
        data: The bytes to check instead of the content of the file.
        known: The keys of its findings in a baseline. `fix` leaves them alone.
        in_full: Whether it is analyzed even if a glance finds nothing.
    """

    path: str
    shown: str
    standards: Standards
    is_named: bool = False
    data: bytes | None = None
    known: frozenset[str] = frozenset()
    in_full: bool = False

    @property
    def absolute(self) -> str:
        """The absolute path. An absolute path stays the same object, because several tables keep it for each file."""
        absolute = os.path.abspath(self.path)
        return self.path if absolute == self.path else absolute

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return Path(self.path).parent

    @property
    def why_not_written(self) -> str | None:
        """The reason why the file must not be written; `None` if it may be."""
        outside = leads_out(self.path, is_named=self.is_named) if self.data is None else None
        if outside is None:
            return None
        return f"the file is a link that leads out of the folder, to {shown_path(outside)}: name it to repair it"

    def bytes(self) -> bytes:
        """The bytes to check.

        Raises:
            SourceError: The file cannot be read. The message gives the reason.
        """
        return bytes_of(self.path) if self.data is None else self.data

    def read(self) -> SourceFile:
        """The source to check.

        Raises:
            SourceError: The file cannot be read, or is not source code. The message gives the reason.
        """
        return source_from_bytes(self.bytes(), self.shown)


@record(frozen=True, slots=True)
class Basis:
    """The dependencies of an outcome, in addition to the rules and settings.

    Attributes:
        stamp: Identifies the content of the file without reading it; `None` if the file was too fresh for that.
        digest: The digest of its content.
        queries: The questions about files, with their answers.
        places: By the path of a finding, its path in its project, which fingerprints depend on.
    """

    stamp: Stamp | None
    digest: str
    queries: Mapping[Query, Answer] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@record(slots=True)
class Outcome:
    """The result for one file. It is sent between processes.

    Attributes:
        shown: The path of the file in reports.
        findings: All findings in this file and in the files that it imports, before suppression.
        suspects: What the file may show in other files. It has no findings itself, and the others were not analyzed.
        suppressions: The suppression comments of the file; `None` if it could not be read.
        errors: Errors that prevented the check, completely or partly.
        warnings: What the user should know.
        is_bare: Whether the file neither applies, names nor imports Keras layers, so that there was nothing to check.
        unparsed: The number of cells that cannot be parsed and do not mention Keras, and are not reported.
        is_skipped: Whether a comment skips the file.
        tracebacks: The tracebacks of failures among the errors.
        basis: The dependencies of the outcome, if they were recorded.
    """

    shown: str
    findings: list[Finding] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    suppressions: Suppressions | None = None
    errors: list[FileError] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)
    is_bare: bool = False
    unparsed: int = 0
    is_skipped: bool = False
    tracebacks: list[str] = field(default_factory=list)
    basis: Basis | None = None

    def failed(self, message: str, error: Exception) -> None:
        """Record a failure of orderlint itself, or of a rule."""
        self.errors.append(FileError(self.shown, message))
        self.tracebacks.append("".join(traceback.format_exception(error)))
