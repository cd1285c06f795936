"""Suspects are files that use a function of another file with a possible finding.

They are analyzed only if the other file does not show the finding itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import Report
from orderlint.engine import file_check
from orderlint.engine.cache import open_cache
from orderlint.engine.checking import check
from orderlint.engine.plugins import load_plugins
from orderlint.engine.session import Session
from orderlint.engine.suspecting import Shown
from orderlint.engine.targets import Outcome, Target
from orderlint.judging.suspects import Suspect
from tests.judged import standards
from tests.support import write_aged as write

HEAD = "from keras import Input, layers\n"
BUILDER = HEAD + (
    "\n\ndef block(x, act='relu'):\n    x = layers.Conv2D(8, 3, activation=act)(x)\n"
    "    return layers.BatchNormalization()(x)\n"
)
QUIET = BUILDER.replace("act='relu'", "act=None")
USER = HEAD + "from builder import block\n\nx = block(Input((8, 8, 3)){})\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are analyzed, as a list that is filled."""
    seen: list[str] = []
    original = file_check._Check.graphs

    def graphs(check: Any) -> Any:
        seen.append(check._file.path)
        return original(check)

    monkeypatch.setattr(file_check._Check, "graphs", graphs)
    return seen


def report(names: Sequence[str], *, jobs: int = 1, cached: bool = False, codes: Sequence[str] = ()) -> Report:
    session = Session(cache=open_cache(load_plugins(), ".kept") if cached else None)
    return check([Target(name, name, standards(*codes)) for name in names], session=session, jobs=jobs)


def found(names: Sequence[str], **how: Any) -> list[tuple[str, int, str]]:
    return [(each.location.path, each.location.line, each.code) for each in report(names, **how)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_builder_shows_itself_is_not_looked_for_again(analyzed: list[str], jobs: int) -> None:
    """The finding is in the builder, once."""
    write("builder.py", BUILDER)
    for name in ("a.py", "b.py"):
        write(name, USER.format(""))
    assert found(["a.py", "b.py", "builder.py"], jobs=jobs) == [("builder.py", 6, "ORD001")]
    assert set(analyzed) <= {"builder.py"}  # with two jobs, another process analyzes it


def test_what_only_a_use_shows_is_found(analyzed: list[str]) -> None:
    """The builder alone is in order; the file that uses it passes the activation."""
    write("builder.py", QUIET)
    write("a.py", USER.format(""))
    write("b.py", USER.format(", 'relu'"))
    assert found(["a.py", "b.py", "builder.py"]) == [("builder.py", 6, "ORD001")]
    assert analyzed == ["b.py"]


def test_nothing_is_looked_for_in_a_file_that_is_not_asked_for(analyzed: list[str]) -> None:
    """Only files of the run have findings."""
    write("builder.py", BUILDER)
    write("a.py", USER.format(""))
    assert found(["a.py"]) == []
    assert found(["a.py"], codes=["ORD002"]) == []
    assert analyzed == []


def test_what_the_file_itself_shows_is_found(analyzed: list[str]) -> None:
    """A norm after the output of a block without findings is a finding of the file itself."""
    write("builder.py", BUILDER.replace("layers.BatchNormalization()(x)", "x"))
    write("a.py", USER.format("") + "y = layers.BatchNormalization()(x)\n")
    assert found(["a.py", "builder.py"]) == [("a.py", 5, "ORD001")]
    assert analyzed == ["a.py"]


def test_a_cached_answer_is_asked_again_whether_it_is_enough(analyzed: list[str]) -> None:
    """What a file may cause in others is cached, since the next run may include more files."""
    write("builder.py", QUIET)
    write("a.py", USER.format(", 'relu'"))
    assert found(["a.py"], cached=True) == []
    assert analyzed == []
    for _ in range(2):
        assert found(["a.py", "builder.py"], cached=True) == [("builder.py", 6, "ORD001")]
        assert analyzed == ["a.py"]


def test_a_comment_in_the_builder_suppresses_it_once() -> None:
    """The number of suppressed findings does not depend on uses."""
    write("builder.py", BUILDER.replace("()(x)\n", "()(x)  # orderlint: ignore[ORD001]\n"))
    write("a.py", USER.format(""))
    write("b.py", "import os\n" + USER.format(", os.environ['ACTIVATION']"))
    seen = report(["a.py", "b.py", "builder.py"], codes=["ORD001", "ORD901"])
    assert not seen.findings
    assert [one.finding.location.line for one in seen.suppressed] == [6]


def test_findings_are_told_in_order_with_a_use_among_them() -> None:
    """The builder is reported when its uses are known to cause no more findings."""
    write("builder.py", BUILDER)
    write("a.py", USER.format(""))
    write("c.py", BUILDER)
    told: list[str] = []
    targets = [Target(name, name, standards()) for name in ("a.py", "builder.py", "c.py")]
    check(targets, jobs=1, on_findings=lambda findings: told.extend(one.location.path for one in findings))
    assert told == ["builder.py", "c.py"]


def test_of_a_file_that_is_not_judged_nothing_is_known() -> None:
    """A finding of a suspect is new only if the other file was checked."""
    shown = Shown()
    suspect = Suspect("ORD001", "/builder.py", 6, 12)
    assert not shown.has(suspect)
    assert not shown.lacks_any([suspect])
    shown.note("/builder.py", Outcome("/builder.py"))
    assert shown.lacks_any([suspect])
