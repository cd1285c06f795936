"""The cases of `fixtures/check`: files with their expected findings.

A Python file has a comment on the reported line: `# error: ORD001, ORD003`, or `# error: ORD001@9` with the column. For
a notebook, they are in the file `name.findings`, with one `CELL:LINE CODE` per line. If there is a `name.findings.txt`,
it records span, message and related places, too; `--update-fixtures` rewrites it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import orderlint
from orderlint import Report
from orderlint.report.terminal import place
from tests.support import ROOT, Recorded

FOLDER = ROOT / "fixtures" / "check"
_MARK = re.compile(r"#\s*error:\s*((?:ORD\d+(?:@\d+)?)(?:[\s,]+ORD\d+(?:@\d+)?)*)")


class Expected(NamedTuple):
    cell: int | None
    line: int
    code: str


def cases() -> Iterator[Path]:
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in (".py", ".ipynb"):
            yield path


def marks(path: Path) -> Iterator[tuple[Expected, int | None]]:
    """The expected findings of a case, each with its column if it is given."""
    if path.suffix == ".ipynb":
        for row in path.with_suffix(".findings").read_text(encoding="utf-8").splitlines():
            where, code = row.split()
            cell, line = where.split(":")
            yield Expected(int(cell), int(line), code), None
        return
    for number, text in enumerate(re.split(rb"\r\n?|\n", path.read_bytes()), start=1):
        for match in _MARK.finditer(text.decode("latin-1")):
            for given in re.split(r"[\s,]+", match[1]):
                code, _, column = given.partition("@")
                yield Expected(None, number, code), int(column) if column else None


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in the root of the repository, to which paths in reports are relative."""
    monkeypatch.chdir(ROOT)


def check(path: Path) -> Report:
    report = orderlint.check_paths([path])
    assert report.errors == ()
    assert report.warnings == ()
    assert report.files + report.skipped == (1 if path.stat().st_size else 0)  # an empty `__init__.py` has no layers
    return report


def case_id(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_findings_are_exactly_the_marked_ones(path: Path) -> None:
    """Each expected (cell, line, code) is found once, and no other."""
    found = sorted(
        (Expected(f.location.cell, f.location.line, f.code) for f in check(path)), key=lambda e: (e.cell or 0, *e[1:])
    )
    assert found == sorted((expected for expected, _ in marks(path)), key=lambda e: (e.cell or 0, *e[1:]))


@pytest.mark.parametrize("path", [path for path in cases() if any(column for _, column in marks(path))], ids=case_id)
def test_columns_are_the_marked_ones(path: Path) -> None:
    """The column of a finding is the expected one."""
    columns = {Expected(f.location.cell, f.location.line, f.code): f.location.column for f in check(path)}
    expected = {mark: column for mark, column in marks(path) if column is not None}
    assert {mark: columns[mark] for mark in expected} == expected


@pytest.mark.parametrize(
    "path", [path for path in cases() if path.with_name(f"{path.stem}.findings.txt").exists()], ids=case_id
)
def test_whole_findings_are_as_recorded(path: Path, recorded: Recorded) -> None:
    """Code, span, message, chains, related places and repair are the recorded ones."""
    recorded(path.with_name(f"{path.stem}.findings.txt"), written_out(check(path), path))


def written_out(report: Report, path: Path) -> str:
    """The findings of a case as text, with paths relative to its folder."""
    folder = path.parent.relative_to(ROOT).as_posix() + "/"
    lines = []
    for finding in report.findings:
        at = finding.location
        lines.append(f"{place(at)}-{at.end_line}:{at.end_column} {finding.code} {finding.name}")
        lines.append(f"    {finding.message}")
        if finding.chain:
            lines.append(f"    found {' → '.join(finding.chain)}")
            lines.append(f"    recommended {' → '.join(finding.recommended)}")
        for related in finding.related:
            there = related.location
            lines.append(f"    {place(there)}-{there.end_line}:{there.end_column} {related.message}")
        repair = finding.repair
        if repair is not None:
            lines.append(f"    repair {repair.kind.value if repair.kind else None}: {repair.title or repair.reason}")
    return "".join(f"{line}\n" for line in lines).replace(folder, "")
