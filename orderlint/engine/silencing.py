"""Adds suppression comments to files, as safely as repairs are written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from orderlint.diagnostics import FileError, FileWarning, Finding, Report
from orderlint.engine.targets import Target
from orderlint.engine.writing import WriteError, clear_leftovers, replace_file
from orderlint.judging import Registry, Subject
from orderlint.records import record
from orderlint.text.files import SourceError

__all__ = ["Silenced", "silence"]

_NO_PLACE = "no comment can be added here: a string or a line does not end where it should"


@record(slots=True)
class Silenced:
    """The comments that were written.

    Attributes:
        num_comments: The number of comments that were added or extended.
        num_files: The number of files that were changed.
        errors: Files that could not be written.
        warnings: The findings for which no comment can be added.
    """

    num_comments: int = 0
    num_files: int = 0
    errors: tuple[FileError, ...] = ()
    warnings: tuple[FileWarning, ...] = ()


def silence(report: Report, targets: Sequence[Target], registry: Registry) -> Silenced:
    """Write a comment for each finding of a report into its file.

    Findings about comments are left out: it is better to remove an unused comment.

    Args:
        report: The findings to suppress.
        targets: The files that contain them.
        registry: The available rules.
    """
    done = Silenced()
    by_path = {target.shown: target for target in targets}
    wanted = [one for one in report.findings if registry.rules[one.code].subject is not Subject.COMMENTS]
    clear_leftovers(by_path[one.location.path].folder for one in wanted)
    for path, findings in groupby(wanted, lambda finding: finding.location.path):
        try:
            _write(by_path[path], list(findings), done)
        except (SourceError, WriteError) as error:
            done.errors += (FileError(path, error.message),)
    return done


def _write(target: Target, findings: Sequence[Finding], done: Silenced) -> None:
    from orderlint.repair.text.ignores import with_ignores

    if (reason := target.why_not_written) is not None:
        raise WriteError(reason)
    data = target.bytes()
    file = target.read()
    ignored = with_ignores(file, findings)
    done.warnings += tuple(FileWarning(finding.location, f"{finding.code}: {_NO_PLACE}") for finding in ignored.left)
    if ignored.num_comments:
        replace_file(Path(target.path), file.to_bytes(ignored.text), expected=data)
        done.num_comments += ignored.num_comments
        done.num_files += 1
