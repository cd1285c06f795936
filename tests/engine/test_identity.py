"""Findings include their edits, and have fingerprints that do not depend on lines, folders and processes."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from orderlint import check_paths, check_source
from orderlint.diagnostics import Finding
from orderlint.engine.places import project_path
from orderlint.repair.text.drafts import apply_edits
from orderlint.text.files import source_from_text

NET = """\
from keras import layers


def net(x):
    x = layers.Dense(8, activation="relu")(x)
    return layers.BatchNormalization()(x)
"""


def fingerprints(text: str, path: str = "net.py") -> list[str]:
    return [finding.fingerprint for finding in check_source(text, path)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "# a comment\n\n" + NET,
        NET.replace("    return", "    # one line more\n    return"),
        NET.replace("BatchNormalization()", "BatchNormalization(\n    )"),
        NET.replace("def net", "def other(y):\n    return y\n\n\ndef net"),
    ],
)
def test_a_finding_is_known_after_lines_were_moved(changed: str) -> None:
    """The fingerprint depends neither on lines nor on layout."""
    assert fingerprints(changed) == fingerprints(NET)


@pytest.mark.parametrize(
    "changed",
    [
        NET.replace("BatchNormalization()", "BatchNormalization(name='bn')"),
        NET.replace("Dense(8", "Conv2D(8, 3"),
    ],
)
def test_another_expression_or_chain_is_another_finding(changed: str) -> None:
    """The expression and the chain of the unit are part of the fingerprint."""
    assert fingerprints(changed) != fingerprints(NET)


def test_findings_that_are_alike_are_counted() -> None:
    """They have different fingerprints, and those of the first ones stay the same when one is added."""
    twice = NET + NET.replace("net(", "again(").partition("\n\n\n")[2]
    assert len(set(fingerprints(twice))) == 2
    assert fingerprints(twice)[0] == fingerprints(NET)[0]


def test_a_suppressed_twin_changes_nothing() -> None:
    """A comment that suppresses the first of two does not change the fingerprint of the second."""
    twice = NET + NET.replace("net(", "again(").partition("\n\n\n")[2]
    hidden = twice.replace("()(x)\n", "()(x)  # orderlint: ignore\n", 1)
    assert fingerprints(hidden) == fingerprints(twice)[1:]


def test_every_finding_has_one() -> None:
    """Also syntax errors, unused suppression comments, and missing files."""
    report = check_source("x = (  # orderlint: ignore[ORD001]\n", "<stdin>", select=["ALL"])
    assert {finding.code for finding in report} >= {"ORD900"}
    report = check_source("x = 1  # orderlint: ignore[ORD001]\n", "a.py", select=["ALL"])
    assert [(finding.code, len(finding.fingerprint)) for finding in report] == [("ORD901", 32)]


def test_the_folder_of_a_run_is_no_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprints contain the path relative to the root of the project."""
    (folder / "pyproject.toml").touch()
    (folder / "models").mkdir()
    (folder / "models" / "net.py").write_text(NET, encoding="utf-8")
    from_root = check_paths(["models"])
    monkeypatch.chdir(folder / "models")
    below = check_paths(["net.py"])
    assert [one.fingerprint for one in below] == [one.fingerprint for one in from_root]
    assert project_path("net.py") == "models/net.py"


def test_a_finding_keeps_the_edits_that_repair_it() -> None:
    """After the edits there is no finding; lines and columns agree with the offsets."""
    (finding,) = check_source(NET, "net.py")
    assert finding.fix is not None
    assert check_source(apply_edits(NET, finding.fix.edits), "net.py").findings == ()
    cell = source_from_text(NET, "net.py").cell(None)
    for edit in finding.fix.edits:
        assert edit.location == cell.location(edit.start, edit.end)


def test_a_finding_can_be_pickled_and_compared() -> None:
    """The copy is equal and has the same edits."""
    (finding,) = check_source(NET, "net.py")
    again: Finding = pickle.loads(pickle.dumps(finding))
    assert again == finding
    assert again.fix is not None
    assert finding.fix is not None
    assert again.fix.edits[0].location == finding.fix.edits[0].location
