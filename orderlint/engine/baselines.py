"""Baselines: findings that a project knows of and has put off, so that only new ones fail.

A baseline is a JSON file that is meant to be committed. An entry is known by the fingerprint of its finding, in which
no line number enters: code that moves stays known, and code that is changed is told of anew. Each finding has an entry
of its own, so a second one of the same kind in the same file is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from orderlint.config import ConfigError
from orderlint.diagnostics import Finding, Report
from orderlint.engine.identity import project_path, project_root
from orderlint.engine.targets import Target
from orderlint.text.regular import exists, read_regular

__all__ = ["USUAL_NAME", "VERSION", "Baseline", "Entry", "read_baseline", "stale_in", "updated"]

VERSION = 1
USUAL_NAME = "orderlint-baseline.json"
_WRITE_ANEW = "`orderlint baseline` writes it anew once it is deleted"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A finding that is known.

    Attributes:
        path: Its file, from the root of the project.
        code: Its rule.
        fingerprint: What it is known by.
        message: What was found, for those who read the file.
    """

    path: str
    code: str
    fingerprint: str
    message: str = ""

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """The entry for a finding."""
        return cls(project_path(finding.location.path), finding.code, finding.fingerprint, finding.message)


@dataclass(frozen=True)
class Baseline:
    """The findings that are known.

    Attributes:
        file: Where they are written.
        entries: The findings.
    """

    file: Path
    entries: tuple[Entry, ...] = ()

    @cached_property
    def fingerprints(self) -> frozenset[str]:
        """What the findings are known by."""
        return frozenset(entry.fingerprint for entry in self.entries)

    def text(self) -> str:
        """The file: sorted, a finding a line, so that it changes by whole lines where findings come and go."""
        files = []
        for path, group in groupby(sorted(set(self.entries)), lambda entry: entry.path):
            lines = ",\n".join(f"      {_line(entry)}" for entry in group)
            files.append(f"    {json.dumps(path)}: [\n{lines}\n    ]")
        body = "{\n" + ",\n".join(files) + "\n  }" if files else "{}"
        return f'{{\n  "version": {VERSION},\n  "findings": {body}\n}}\n'


def _line(entry: Entry) -> str:
    return json.dumps({"code": entry.code, "fingerprint": entry.fingerprint, "message": entry.message})


def stale_in(baseline: Baseline, report: Report, targets: Sequence[Target]) -> Iterator[Entry]:
    """The entries that hold for nothing any more: their file is gone, or was checked for their rule without finding
    them. Of a file that was not checked nothing is known.

    Args:
        baseline: The entries.
        report: What was found, known or not.
        targets: What was checked.
    """
    found = {finding.fingerprint for finding in report.findings}
    failed = {error.path for error in report.errors}
    checked = {project_path(one.shown): one.standards.codes for one in targets if one.shown not in failed}
    for entry in baseline.entries:
        if entry.path in checked:
            if entry.code in checked[entry.path] and entry.fingerprint not in found:
                yield entry
        elif not _is_there(entry.path, baseline.file):
            yield entry


def _is_there(path: str, baseline: Path) -> bool:
    """Whether the file of an entry is there: from the root of the project in which the baseline lies, or one is."""
    roots = (project_root(baseline), project_root(Path.cwd() / USUAL_NAME), Path.cwd())
    return any(exists(root / path) for root in roots if root is not None)


# -- reading -------------------------------------------------------------------------------------------------------


def read_baseline(file: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        ConfigError: There is none, or it is damaged, of something else, or of another version.
    """
    text = _text(file)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if "<<<<<<<" in text or ">>>>>>>" in text:
            line = text[: text.find("<<<<<<<")].count("\n") + 1
            what = f"holds the marks of a merge conflict: keep the lines of both sides, or {_WRITE_ANEW}"
            raise ConfigError(file, line, what) from None
        raise ConfigError(file, error.lineno, f"not valid JSON: {error.msg.lower()}; {_WRITE_ANEW}") from None
    except RecursionError:
        raise ConfigError(file, None, f"not valid JSON: nested too deeply; {_WRITE_ANEW}") from None
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(data, dict) or "findings" not in data or type(version) is not int:
        raise ConfigError(file, None, f"no baseline of orderlint: expected `version` and `findings`; {_WRITE_ANEW}")
    if version != VERSION:
        raise ConfigError(
            file, None, f"a baseline of version {version}, and this orderlint reads version {VERSION}: {_WRITE_ANEW}"
        )
    return Baseline(file, tuple(sorted(_entries(file, data["findings"]))))


def _text(file: Path) -> str:
    try:
        return read_regular(file).decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(file, None, "no such baseline: `orderlint baseline` writes one") from None
    except UnicodeDecodeError:
        raise ConfigError(file, None, f"not valid UTF-8, so no baseline; {_WRITE_ANEW}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(file, None, f"cannot be read: {why.lower()}") from None


def _entries(file: Path, findings: Any) -> Iterator[Entry]:
    if not isinstance(findings, dict):
        raise ConfigError(file, None, f"`findings` is no table of files; {_WRITE_ANEW}")
    for path, entries in findings.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            given = entry if isinstance(entry, dict) else {}
            if not all(isinstance(given.get(key), str) for key in ("code", "fingerprint")):
                raise ConfigError(file, None, f"an entry of `{path}` has no `code` and `fingerprint`; {_WRITE_ANEW}")
            yield Entry(path, given["code"], given["fingerprint"], str(given.get("message", "")))


def updated(old: Baseline, report: Report, targets: Sequence[Target], *, adds: bool) -> tuple[Baseline, list[Finding]]:
    """A baseline without what is stale in it, and the findings that are not in it.

    Args:
        old: The baseline as it is.
        report: What was found, known or not.
        targets: What was checked.
        adds: Whether to take in the findings that are not in it.
    """
    stale = set(stale_in(old, report, targets))
    kept = [entry for entry in old.entries if entry not in stale]
    new = [finding for finding in report.findings if finding.fingerprint not in old.fingerprints]
    added: Iterable[Entry] = map(Entry.of, new) if adds else ()
    return replace(old, entries=(*kept, *added)), [] if adds else new
