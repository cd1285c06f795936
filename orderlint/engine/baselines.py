"""Baselines: recorded findings that do not fail, so that only new findings do.

A baseline is a JSON file that is meant to be committed. An entry is identified by the fingerprint of its finding, which
does not depend on line numbers. So code that moves stays known, and code that changes is reported again. Each finding
has its own entry, so a second finding of the same kind in a file is new; `recognizing` determines which one it is. The
baseline also contains a sketch of each file, with which `renames` finds its current name.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from orderlint.config import ConfigError
from orderlint.diagnostics import Finding, Report
from orderlint.engine.places import project_root
from orderlint.engine.recognizing import known_by, recognized
from orderlint.engine.sketches import sketch_of
from orderlint.engine.targets import Target
from orderlint.judging import Subject
from orderlint.records import record
from orderlint.text.failures import in_words
from orderlint.text.files import SourceError
from orderlint.text.regular import exists, read_regular

__all__ = ["USUAL_NAME", "VERSION", "Baseline", "Entry", "read_baseline", "stale_in", "updated"]

VERSION = 1
USUAL_NAME = "orderlint-baseline.json"
_MOST_VALUES = 4_000_000
"""The limit for values in the file. A finding has four. Nested brackets take sixty times their size as objects."""
_WRITE_ANEW = "delete it and run `orderlint baseline` to write a new one"
_NAME_ANOTHER = f"name the file that `orderlint baseline` wrote; if this is it, {_WRITE_ANEW}"  # it may be anything


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A known finding.

    Attributes:
        path: Its file, from the root of the project that contains the baseline.
        code: Its rule.
        fingerprint: Identifies it.
        message: The message of the finding, for readers of the file.
        likeness: Identifies it in a file with another name; empty in a baseline of an older version.
        context: Distinguishes it from equal findings in its file.
    """

    path: str
    code: str
    fingerprint: str
    message: str = ""
    likeness: str = ""
    context: str = ""


@record(frozen=True)
class Baseline:
    """The known findings.

    Attributes:
        file: The file of the baseline.
        entries: The findings.
        sketches: The sketches of the texts of files, by path, if they are known.
        renamed: The recorded names of renamed files, by their current paths.
    """

    file: Path
    entries: tuple[Entry, ...] = ()
    sketches: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_path(self) -> Mapping[str, Mapping[str, Entry]]:
        files: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.entries:
            if key := self.key(entry):
                files[self.called_now.get(entry.path, entry.path)][key] = entry
        return files

    @cached_property
    def called_now(self) -> Mapping[str, str]:
        """The current names of renamed files, by their old paths."""
        return {old: new for new, old in self.renamed.items()}

    def key(self, entry: Entry) -> str:
        """The key of a finding. It is empty in a renamed file if the entry was written by an older version."""
        key = entry.likeness if entry.path in self.called_now else entry.fingerprint
        return known_by(key, entry.context) if key else ""

    @property
    def paths(self) -> frozenset[str]:
        """The files with entries, by their recorded paths."""
        return frozenset(entry.path for entry in self.entries)

    @cached_property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        file = Path(os.path.abspath(self.file))  # `sub/../baseline.json` is next to `sub`
        return Path(project_root(file) or file.parent)

    def known_in(self, file: str) -> frozenset[str]:
        """The keys of the known findings in a file."""
        return frozenset(self._by_path.get(self.path(file), ()))

    def matched(self, findings: Iterable[Finding]) -> tuple[list[Finding], set[Entry]]:
        """The findings that are not known, and the entries of the known ones.

        Args:
            findings: All findings in some files.
        """
        files: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            files[finding.location.path].append(finding)
        new: list[Finding] = []
        used: set[Entry] = set()
        for path, found in files.items():
            entries = self._by_path.get(self.path(path), {})
            known = recognized(found, entries.keys())
            new += [one for number, one in enumerate(found) if number not in known.findings]
            used.update(entry for key, entry in entries.items() if key not in known.unused)
        return new, used

    def entry(self, finding: Finding) -> Entry:
        """The entry for a finding."""
        path = self.path(finding.location.path)
        return Entry(path, finding.code, finding.fingerprint, finding.message, finding.likeness, finding.context)

    def path(self, file: str) -> str:
        """The path of a file in entries."""
        place = Path(os.path.abspath(file))
        return (place.relative_to(self.root) if place.is_relative_to(self.root) else place).as_posix()

    def text(self) -> str:
        """The text of the file. It is sorted, with one finding per line, so that diffs consist of whole lines."""
        files = []
        for path, group in groupby(sorted(set(self.entries)), lambda entry: entry.path):
            lines = ",\n".join(f"      {_line(entry)}" for entry in group)
            files.append(f"    {json.dumps(path)}: [\n{lines}\n    ]")
        sketches = [f"    {json.dumps(path)}: {json.dumps(self.sketches[path])}" for path in sorted(self.sketches)]
        tables = {"findings": files, "sketches": sketches}
        parts = [f'  "version": {VERSION}', *(_table(name, lines) for name, lines in tables.items())]
        return "{\n" + ",\n".join(parts) + "\n}\n"


def _table(name: str, lines: Sequence[str]) -> str:
    return f'  "{name}": ' + ("{\n" + ",\n".join(lines) + "\n  }" if lines else "{}")


def _line(entry: Entry) -> str:
    more = {"likeness": entry.likeness, "context": entry.context}
    given = {name: value for name, value in more.items() if value}
    return json.dumps({"code": entry.code, "fingerprint": entry.fingerprint, **given, "message": entry.message})


def stale_in(baseline: Baseline, report: Report, targets: Sequence[Target]) -> Iterator[Entry]:
    """The entries that no longer apply.

    Their file is gone, or it was checked for their rule without finding them. Nothing is known about a file that was
    not checked or cannot be parsed.

    Args:
        baseline: The entries.
        report: All findings, known or not.
        targets: The files that were checked.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[os.path.abspath(finding.location.path)].append(finding)
    failed = {error.path for error in report.errors}
    every = (*report.findings, *(one.finding for one in report.suppressed))
    by_code = {(finding.location.path, finding.code) for finding in every}
    checked = {one.absolute: one for one in targets}
    for path, entries in groupby(sorted(baseline.entries), lambda entry: entry.path):
        place = os.path.abspath(baseline.root / baseline.called_now.get(path, path))
        target = checked.get(place)
        if target is None:
            yield from entries if not exists(place) else ()
        elif target.shown not in failed and not _is_broken(target, by_code):
            judged = [one for one in entries if one.code in target.standards.codes]
            unused = recognized(found[place], {baseline.key(one) for one in judged}).unused
            yield from (one for one in judged if baseline.key(one) in unused)


def _is_broken(target: Target, found: Collection[tuple[str, str]]) -> bool:
    """Whether a file, or one of its cells, cannot be parsed, according to the paths and codes of the findings."""
    return any((target.shown, rule.code) in found for rule in target.standards.about(Subject.SYNTAX))


# -- reading -------------------------------------------------------------------------------------------------------


def read_baseline(file: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        ConfigError: The file is missing, damaged, not a baseline, or of another version.
    """
    text = _text(file)
    if text.count(",") + text.count("[") + text.count("{") > _MOST_VALUES:
        raise ConfigError(file, None, f"contains more than {_MOST_VALUES:,} values; {_NAME_ANOTHER}")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if "<<<<<<<" in text or ">>>>>>>" in text:
            line = text[: text.find("<<<<<<<")].count("\n") + 1
            what = f"has merge conflict markers: keep the lines of both sides, or {_WRITE_ANEW}"
            raise ConfigError(file, line, what) from None
        raise ConfigError(file, error.lineno, f"not valid JSON: {error.msg.lower()}; {_NAME_ANOTHER}") from None
    except RecursionError:
        raise ConfigError(file, None, f"not valid JSON: nested too deeply; {_NAME_ANOTHER}") from None
    except ValueError:  # Python does not convert numbers with so many digits
        raise ConfigError(file, None, f"contains a number that is too long to be read; {_NAME_ANOTHER}") from None
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(data, dict) or "findings" not in data or type(version) is not int:
        what = f"not a baseline of orderlint: expected `version` and `findings`; {_NAME_ANOTHER}"
        raise ConfigError(file, None, what)
    if version != VERSION:
        newer = "upgrade orderlint, or " if version > VERSION else ""
        what = f"a baseline of version {version}, and this orderlint reads version {VERSION}: {newer}{_WRITE_ANEW}"
        raise ConfigError(file, None, what)
    return Baseline(file, tuple(sorted(_entries(file, data["findings"]))), _sketches(data.get("sketches")))


def _text(file: Path) -> str:
    try:
        return read_regular(file).decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(file, None, "no such baseline: `orderlint baseline` writes one") from None
    except UnicodeDecodeError:
        raise ConfigError(file, None, f"not valid UTF-8; {_NAME_ANOTHER}") from None
    except (OSError, ValueError) as error:
        raise ConfigError(file, None, f"cannot be read: {in_words(error)}") from None


def _entries(file: Path, findings: Any) -> Iterator[Entry]:
    if not isinstance(findings, dict):
        raise ConfigError(file, None, f"`findings` is not a table of files; {_WRITE_ANEW}")
    for path, entries in findings.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            given = entry if isinstance(entry, dict) else {}
            if not all(isinstance(given.get(key), str) for key in ("code", "fingerprint")):
                raise ConfigError(file, None, f"an entry of `{path}` has no `code` and `fingerprint`; {_WRITE_ANEW}")
            message, likeness, context = (str(given.get(key, "")) for key in ("message", "likeness", "context"))
            yield Entry(path, given["code"], given["fingerprint"], message, likeness, context)


def _sketches(given: Any) -> Mapping[str, str]:
    """The sketches of a baseline. Older versions wrote none. Damaged ones are ignored."""
    return {path: one for path, one in given.items() if isinstance(one, str)} if isinstance(given, dict) else {}


def updated(old: Baseline, report: Report, targets: Sequence[Target], *, adds: bool) -> tuple[Baseline, list[Finding]]:
    """A baseline without stale entries, and the findings that it does not contain.

    Entries of renamed files get the current path, and entries of an older version get the missing fields.

    Args:
        old: The baseline before the update.
        report: All findings, known or not.
        targets: The files that were checked.
        adds: Whether to add the findings that are not in it.
    """
    new, used = old.matched(report.findings)
    are_new = set(map(id, new))
    known = [old.entry(finding) for finding in report.findings if id(finding) not in are_new]
    dropped = used.union(stale_in(old, report, targets))
    kept = [entry for entry in old.entries if entry not in dropped and entry.path not in old.called_now]
    made = replace(old, entries=(*kept, *known, *(map(old.entry, new) if adds else ())), renamed={})
    return replace(made, sketches=dict(_sketched(old, made, targets))), [] if adds else new


def _sketched(old: Baseline, new: Baseline, targets: Sequence[Target]) -> Iterator[tuple[str, str]]:
    """The sketches of a new baseline. They are only computed again if the entries of the file changed."""
    before, after = (set(one.entries) for one in (old, new))
    changed = {entry.path for entry in before ^ after}
    checked = {old.path(target.shown): target for target in targets}
    for path in sorted(new.paths):
        target = checked.get(path)
        if path in old.sketches and (path not in changed or target is None):
            yield path, old.sketches[path]
        elif target is not None:
            with suppress(SourceError):  # it was deleted in the meantime
                yield path, sketch_of(target.bytes())
