"""The engine: checking many files, and errors on the way."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import Report, Severity
from orderlint.discovery import shown_path
from orderlint.engine import checking as engine
from orderlint.engine import pool
from orderlint.engine.checking import check, check_text
from orderlint.engine.session import Session
from orderlint.engine.targets import Outcome, Target
from orderlint.graph import Unit
from orderlint.judging import Order, Standards, Violation
from orderlint.report.terminal import place
from orderlint.text.files import SourceFile, source_from_bytes, source_from_text
from tests.judged import RULES, session_with, standards

DEFAULT = standards()
BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def target(name: str, text: str | bytes = BAD, judged_by: Standards = DEFAULT) -> Target:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Target(name, shown_path(path), judged_by)


def found(report: Report) -> list[tuple[str, int, str]]:
    return [(each.location.path, each.location.line, each.code) for each in report]


def test_findings_are_sorted_and_counted() -> None:
    """Findings are sorted by path, in any order of the files; a file without Keras is counted as skipped."""
    report = check([target("b.py"), target("a.py"), target("c.py", "print('no model here')\n")])
    assert found(report) == [("a.py", 5, "ORD001"), ("b.py", 5, "ORD001")]
    assert (report.files, report.passed_over) == (2, 1)
    assert report.exit_status == 1


def test_a_file_that_cannot_hold_a_model_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screening of its bytes decides, unless the file was named on the command line."""
    read: list[str] = []

    def noted(data: bytes, shown: str) -> SourceFile:
        read.append(shown)
        return source_from_bytes(data, shown)

    monkeypatch.setattr(engine, "source_from_bytes", noted)
    plain = target("plain.py", "x = (1\n")
    assert found(check([plain, target("net.py")])) == [("net.py", 5, "ORD001")]
    assert read == ["net.py"]
    named = Target(plain.path, plain.shown, DEFAULT, is_named=True)
    assert found(check([named])) == [("plain.py", 1, "ORD900")]


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


def test_cells_that_are_no_python_are_findings_where_they_mention_keras() -> None:
    """Other cells are counted, in a folder or a named notebook, and the valid cells are checked."""
    text = notebook("Write the loop.\nfor _ in range(__):", BAD, "x = layers.Dense(", "a = =")
    for is_named in (False, True):
        one = target("net.ipynb", text)
        report = check([Target(one.path, one.shown, DEFAULT, is_named=is_named)])
        assert [(f.code, f.location.cell) for f in report] == [("ORD001", 2), ("ORD900", 3)]
        assert (report.files, report.unparsed) == (1, 2)


GOOD = BAD.replace('8, "relu"', "8")


@pytest.mark.parametrize("broken", ["x = layers.Dense(", "Write the loop.", "a = ="])
@pytest.mark.parametrize("has_rule", [True, False])
def test_a_cell_that_does_not_parse_needs_no_analysis_of_the_others(
    broken: str, has_rule: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick pass suffices for them, and the report is the same."""
    judged_by = DEFAULT if has_rule else Standards(tuple(rule for rule in DEFAULT.rules if rule.code != "ORD900"))
    one = target("net.ipynb", notebook(GOOD, broken, "!ls", GOOD), judged_by)
    expected = check([replace(one, in_full=True)])
    assert bool(expected.findings) == (has_rule and "layers" in broken)
    assert bool(expected.warnings) == (not has_rule and "layers" in broken)
    monkeypatch.setattr("orderlint.source.analyze", None)
    assert check([one]) == expected


def test_a_notebook_of_nothing_but_notes_is_passed_over() -> None:
    """If no cell is Python, there is nothing to check."""
    report = check([target("net.ipynb", notebook("import keras", "Now it is your turn"))])
    assert (len(report), report.files, report.passed_over, report.unparsed) == (0, 0, 1, 1)


def test_processes_find_what_one_process_finds() -> None:
    """The report does not depend on the number of processes."""
    targets = [target(f"net_{number:03}.py", BAD * (number % 3)) for number in range(70)]
    targets.append(target("nul.py", b"import keras\0"))
    single = check(targets, jobs=1)
    assert check(targets, jobs=3) == single
    assert check(targets) == single
    assert [error.path for error in single.errors] == ["nul.py"]


def test_processes_that_start_in_another_folder_find_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Python 3.10, they start in another folder, so that no module of the checked one is imported."""
    targets = [target(f"net_{number:03}.py", BAD * (number % 3)) for number in range(70)]
    single = check(targets, jobs=1)
    monkeypatch.setattr(pool, "CAN_BE_SAFE", False)
    assert check(targets, jobs=3) == single


def test_outcomes_travel_between_processes() -> None:
    """Results of a process can be pickled, including suppression comments."""
    outcome = engine._check_target(Session(), target("net.py", BAD + "# orderlint: ignore[ORD002]\n"))
    again = pickle.loads(pickle.dumps(outcome))
    assert again.findings == outcome.findings
    assert bool(again.suppressions)


class Crashing(type(RULES["ORD002"])):  # type: ignore[misc]
    """ORD002, with a bug."""

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        raise RuntimeError("a bug")


def test_a_rule_that_fails_costs_that_rule_on_that_file() -> None:
    """The error names file and rule, the status is 2, and the findings of other rules are reported."""
    traces: list[str] = []
    rules = Standards((*(rule for rule in DEFAULT.rules if rule.code != "ORD002"), Crashing()))
    targets = [target("a.py", BAD, rules), target("b.py", "x = (1 # keras\n", rules)]
    report = check(targets, session=session_with([Crashing()]), trace=traces.append)
    assert found(report) == [("a.py", 5, "ORD001"), ("b.py", 1, "ORD900")]
    assert report.exit_status == 2
    assert [error.path for error in report.errors] == ["a.py", "b.py"]
    assert "internal error in rule ORD002: RuntimeError: a bug" in report.errors[0].message
    assert len(traces) == 2
    assert 'raise RuntimeError("a bug")' in traces[0]


def test_an_analysis_that_fails_costs_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the file, and the others are checked."""
    from orderlint.source import analysis

    original = analysis.analyze

    def analyze(file, project, roles):  # type: ignore[no-untyped-def]
        if file.path == "a.py":
            raise ZeroDivisionError
        return original(file, project, roles)

    monkeypatch.setattr(analysis, "analyze", analyze)
    report = check([target("a.py"), target("b.py")])
    assert found(report) == [("b.py", 5, "ORD001")]
    assert [error.path for error in report.errors] == ["a.py"]
    assert "internal error in the analysis: ZeroDivisionError (" in report.errors[0].message


def die(session: Session, one: Target, **options: Any) -> Outcome:
    if one.shown == "a.py":
        os._exit(9)
    return _check_target(session, one, **options)


_check_target = engine._check_target


def test_a_process_that_dies_is_an_error_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in native code is an error of its file, and the others are checked."""
    monkeypatch.setattr(engine, "_check_target", die)
    report = check([target("a.py"), target("b.py"), target("c.py")], jobs=2)
    assert found(report) == [("b.py", 5, "ORD001"), ("c.py", 5, "ORD001")]
    assert [error.path for error in report.errors] == ["a.py"]
    assert "died" in report.errors[0].message


HELPER = """\
from keras import layers


def block(x, activation=None):
    x = layers.Dense(8, activation=activation)(x)
    return layers.BatchNormalization()(x)
"""
USE = "from helper import block\nimport keras\n\nx = block(keras.Input((8,)), activation='relu')\n"


def test_findings_belong_to_the_files_that_are_checked() -> None:
    """An imported file has no findings of its own; if it is checked, too, each finding is reported once."""
    helper, use = target("helper.py", HELPER), target("use.py", USE)
    assert {path for path, _, _ in found(check([use]))} <= {"use.py"}
    both = check([use, helper])
    assert len({(each.code, each.location) for each in both}) == len(both)


def test_paths_are_relative_below_the_current_folder_and_whole_elsewhere(folder: Path) -> None:
    """Reports do not depend on how a path was written."""
    (folder / "sub").mkdir()
    assert shown_path("sub/../a.py") == "a.py"
    assert shown_path(folder / "sub" / "a.py") == "sub/a.py"
    assert shown_path(folder.parent / "a.py") == (folder.parent / "a.py").as_posix()


def test_warned_codes_do_not_fail_the_run() -> None:
    """The findings are reported as warnings, and the status is 0."""
    report = check([target("a.py", judged_by=standards(warn=frozenset({"ORD001"})))])
    assert [each.severity for each in report] == [Severity.WARNING]
    assert report.exit_status == 0


def test_suppressed_findings_are_gone() -> None:
    """A comment with the code on the line of the expression suppresses a finding."""
    line = "    return layers.BatchNormalization()(layers.Dense(8, 'relu')(x))  # orderlint: ignore[{}]\n"
    head = "from keras import layers\n\n\ndef net(x):\n"
    assert found(check([target("a.py", head + line.format("ORD001"))])) == []
    assert found(check([target("a.py", head + line.format("ORD002"))])) == [("a.py", 5, "ORD001")]


def test_unused_suppressions_are_found_where_they_are_asked_for() -> None:
    """ORD901 checks each file with such a comment, with or without a model, but only codes of enabled rules."""
    judged_by = standards(*DEFAULT.codes, "ORD901")
    plain = target("plain.py", "x = 1  # orderlint: ignore[ORD001]\n", judged_by)
    assert found(check([plain])) == [("plain.py", 1, "ORD901")]
    used = target("used.py", BAD.replace('"relu")(x))', '"relu")(x))  # orderlint: ignore[ORD001]'), judged_by)
    assert found(check([used])) == []
    other = target("other.py", "x = 1  # orderlint: ignore[ORD108]\n", judged_by)
    assert found(check([other])) == []


def test_mistaken_comments_are_warnings() -> None:
    """An unknown code in a comment is a warning with its place, and does not change the status."""
    report = check([target("a.py", "import keras  # orderlint: ignore[ORD001x]\n")])
    assert report.exit_status == 0
    assert [place(warning.location) for warning in report.warnings] == ["a.py:1:15"]


def test_progress_names_the_file_under_way() -> None:
    """Files that are not parsed are counted first; each other file is named before it is checked; none at the end."""
    calls: list[tuple[int, int, str]] = []
    check([target("a.py"), target("b.py", "1\n"), target("c.py")], progress=lambda *given: calls.append(given))
    assert calls == [(1, 3, "a.py"), (2, 3, "c.py"), (3, 3, "")]


def test_what_is_said_of_every_use_is_not_caused_by_one_in_another_file() -> None:
    """Other callers may need a bias that the normalization of one cancels, but a wrong order is wrong for all."""
    helper = """\
from keras import layers
def conv(x, norm=False, act=None):
    x = layers.Conv2D(8, 3, activation=act)(x)
    return layers.BatchNormalization()(x) if norm else x
"""
    judged = standards("ORD001", "ORD101")
    caller = (
        "from keras import layers\nfrom helper import conv\ndef net(x):\n    return layers.ReLU()(conv(x, True{}))\n"
    )
    files = [target("helper.py", helper, judged), target("caller.py", caller.format(""), judged)]
    assert found(check(files)) == []
    files = [target("helper.py", helper, judged), target("caller.py", caller.format(", 'relu'"), judged)]
    assert found(check(files)) == [("helper.py", 4, "ORD001")]


@pytest.mark.parametrize(
    ("text", "is_checked"),
    [
        ("from keras.layers import Dense\n", True),
        ("from keras.layers import Dense, Dropout, BatchNormalization\n\n\ndef build():\n    return 3\n", True),
        ("from helper import build\nprint(build)\n", True),
        ("import keras\nmodel = keras.models.load_model('net.keras')\n", False),
        ("import keras\nx = keras.utils.to_categorical([1])\n", False),
        ("import os\n", False),
    ],
)
def test_a_text_counts_as_checked_in_memory_as_in_a_file(text: str, is_checked: bool) -> None:
    """A text counts as checked if it or an imported module names layers, whether it applies any or not."""
    target("helper.py", "from keras.layers import Dense\n\n\ndef build():\n    return 3\n")
    one = target("net.py", text)
    in_file = check([Target(one.path, one.shown, DEFAULT, is_named=True)])
    in_memory = check_text(source_from_text(text, str(one.path)), DEFAULT)
    for report in (in_file, in_memory):
        assert (report.files, report.passed_over) == (int(is_checked), int(not is_checked))
