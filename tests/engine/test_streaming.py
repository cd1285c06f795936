"""Findings are reported while the run continues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from orderlint.diagnostics import Finding, Report
from orderlint.engine.cache import Cache
from orderlint.engine.checking import check
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from tests.judged import standards

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
BLOCK = (
    "from keras import layers\n\n\n"
    "def block(x, kind):\n    return layers.BatchNormalization()(layers.Dense(8, kind)(x))\n"
)
USE = 'from keras import Input\nimport a_block\n\nmodel = a_block.block(Input((8,)), "relu")\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(
    texts: Mapping[str, str], session: Session | None = None, jobs: int = 1
) -> tuple[Report, list[list[str]], list[str]]:
    """The report, the groups of files reported together, and the order of checking and reporting."""
    for name, text in texts.items():
        Path(name).write_text(text)
    targets = [Target(name, name, standards()) for name in sorted(texts)]
    parts: list[list[Finding]] = []
    events: list[str] = []

    def tell(findings: Sequence[Finding]) -> None:
        parts.append(list(findings))
        events.append("told " + findings[0].location.path)

    def progress(done: int, total: int, under_way: str) -> None:
        events.append(under_way)

    report = check(targets, session=session, jobs=jobs, progress=progress, on_findings=tell)
    everything = [(finding.code, finding.location) for part in parts for finding in part]
    assert everything == [(finding.code, finding.location) for finding in report.findings]
    return report, [sorted({finding.location.path for finding in part}) for part in parts], events


def test_each_file_is_told_of_before_the_next_is_judged() -> None:
    """Files that no other file uses are reported in order, as soon as they have been checked."""
    _, parts, events = told({"a.py": BAD, "b.py": BAD, "c.py": BAD})
    assert parts == [["a.py"], ["b.py"], ["c.py"]]
    assert events == ["a.py", "told a.py", "b.py", "told b.py", "c.py", "told c.py", ""]


def test_what_uses_a_file_is_judged_before_it_is_told_of() -> None:
    """The use in the last file causes a finding in the first one, so the last file is checked early."""
    _, parts, events = told({"a_block.py": BLOCK, "b.py": BAD, "c.py": BAD, "d.py": USE})
    assert parts == [["a_block.py"], ["b.py"], ["c.py"]]
    assert events.index("d.py") < events.index("told a_block.py") < events.index("b.py")


def test_a_use_over_another_module_is_waited_for(tmp_path: Path) -> None:
    """The use may be through any number of modules, and one of them need not be checked."""
    Path("zz_between.py").write_text("from a_block import block\n")
    texts = {"a_block.py": BLOCK, "b.py": BAD, "d.py": USE.replace("import a_block", "import zz_between as a_block")}
    _, parts, events = told(texts)
    assert parts == [["a_block.py"], ["b.py"]]
    assert events.index("d.py") < events.index("told a_block.py")


@pytest.mark.parametrize("jobs", [1, 2])
def test_findings_that_nothing_announces_are_told_at_the_end(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """If an import is overlooked, its findings are at the end of the report."""
    monkeypatch.setattr("orderlint.screening.reach.Reach.brings", lambda reach, path: ())
    for name, text in {"a_block.py": BLOCK, "b.py": BAD, "d.py": USE}.items():
        Path(name).write_text(text)
    targets = [Target(name, name, standards(), data=None) for name in ("a_block.py", "b.py", "d.py")]
    parts: list[str] = []
    report = check(targets, jobs=jobs, on_findings=lambda findings: parts.extend(one.location.path for one in findings))
    assert sorted(parts) == [finding.location.path for finding in report.findings]


def test_what_the_cache_knows_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged files are reported before any other is checked, as far as the order allows."""
    texts = {"a.py": BAD, "b.py": BAD, "c.py": BAD}
    cache = tmp_path / "cache"
    first, *_ = told(texts, Session(cache=cache))
    find = Cache.find
    monkeypatch.setattr(
        Cache, "find", lambda self, one, *a, **k: (one.shown != "c.py" and find(self, one, *a, **k)) or None
    )
    again, parts, events = told(texts, Session(cache=cache))
    assert again == first
    assert parts == [["a.py"], ["b.py"], ["c.py"]]
    assert events == ["told a.py", "told b.py", "c.py", "told c.py", ""]


def test_processes_tell_the_same(tmp_path: Path) -> None:
    """With several processes the groups are the same, in the same order."""
    texts = {"a_block.py": BLOCK, "b.py": BAD, "c.py": BAD, "d.py": USE}
    assert told(texts, jobs=2)[:2] == told(texts)[:2]
