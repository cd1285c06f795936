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
from orderlint.source.looks import Answer, Look, Stamp
from orderlint.text.files import SourceFile, bytes_of, source_from_bytes
from orderlint.text.suppression import Suppressions

__all__ = ["Basis", "Outcome", "Target"]


@record(frozen=True, slots=True)
class Target:
    """A file to check.

    Attributes:
        path: The file. Not a `Path`, which takes five times the memory: a run may be about 100,000 files.
        shown: Its path in reports.
        standards: The rules, the roles and the order that apply to it.
        is_named: Whether the user named it, so that it is parsed whatever it seems to hold.
        data: What to check instead of what the file holds.
        known: What findings are known by that a baseline holds: `fix` leaves these alone.
        in_full: Whether it is analyzed, whatever a glance says of it.
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
        """The absolute path, as the same text where it is given so: each file's is kept in several tables."""
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
            SourceError: It cannot be read; the message says why.
        """
        return bytes_of(self.path) if self.data is None else self.data

    def read(self) -> SourceFile:
        """The source to check.

        Raises:
            SourceError: It cannot be read, or is no source; the message says why.
        """
        return source_from_bytes(self.bytes(), self.shown)


@record(frozen=True, slots=True)
class Basis:
    """The dependencies of an outcome, besides the rules and settings.

    Attributes:
        stamp: What tells the file from another content without reading it; `None` if it was too fresh for that.
        digest: Of its content.
        looks: What was asked of the disk, with the answers.
        places: By path of a finding: its name in its project, which fingerprints are made of.
    """

    stamp: Stamp | None
    digest: str
    looks: Mapping[Look, Answer] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@record(slots=True)
class Outcome:
    """The result for one file. It is sent between processes.

    Attributes:
        shown: The path of the file in reports.
        findings: All that was found, in this file and in those it imports, before suppression.
        suspects: What the file may show in others; nothing was found in itself, and the others were not looked at.
        suppressions: The suppression comments of the file; `None` if it could not be read.
        errors: What kept it from being checked, wholly or in part.
        warnings: What the user should know.
        is_bare: Whether the file applies and names no Keras layer, and imports none: there was nothing to judge.
        unparsed: How many cells do not parse and mention nothing of Keras, so that nothing is said of them.
        is_skipped: Whether a comment asks to skip the file.
        tracebacks: Of the failures among the errors.
        basis: What it was made from, where that was recorded.
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
