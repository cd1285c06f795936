"""The report of `orderlint fix`: repairs, remaining findings, diffs, proofs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from orderlint.diagnostics import (
    Built,
    ChangedFile,
    Comparison,
    FileError,
    Finding,
    FixReport,
    LeftFinding,
    Repair,
    RepairedFinding,
    RepairKind,
    TextChange,
    Verification,
)
from orderlint.graph import Location
from orderlint.report import diff, proof, repairs
from orderlint.report.terminal import ASCII
from tests.support import ROOT, Recorded

FOLDER = ROOT / "fixtures" / "report"
SHARED = "`norm` is applied 2 times and has weights; give each use its own layer"


def finding(code: str, name: str, path: str, line: int, cell: int | None = None) -> Finding:
    at = Location(path, line, 9, line, 40, cell)
    return Finding(code, name, "message", at, ("Dense", "ReLU"), repair=Repair(True, RepairKind.EQUIVALENT))


def repaired(kind: RepairKind, title: str, *where: object) -> RepairedFinding:
    return RepairedFinding(finding(*where), kind, title)  # type: ignore[arg-type]


REPORT = FixReport(
    repaired=(
        repaired(
            RepairKind.CHANGES_MODEL,
            "move `BatchNormalization` before `ReLU`",
            "ORD001",
            "norm-after-activation",
            "a/net.py",
            8,
        ),
        repaired(
            RepairKind.SAME_INFERENCE,
            "move `Dropout` after `BatchNormalization`",
            "ORD002",
            "dropout-before-norm",
            "a/net.py",
            112,
        ),
        repaired(
            RepairKind.EQUIVALENT, "move `Dropout` after `ReLU`", "ORD003", "dropout-before-activation", "b.ipynb", 2, 3
        ),
    ),
    left=(
        LeftFinding(finding("ORD001", "norm-after-activation", "a/net.py", 40), SHARED),
        LeftFinding(finding("ORD002", "dropout-before-norm", "c.py", 4), "only some of the paths show it"),
        LeftFinding(finding("ORD001", "norm-after-activation", "c.py", 9), SHARED),
    ),
    changed=(ChangedFile("a/net.py", ()), ChangedFile("b.ipynb", ())),
    errors=(FileError("d.py", "is read-only"),),
    files=12,
)


def test_the_full_report_is_as_recorded(recorded: Recorded) -> None:
    """Repairs by file, remaining findings by reason, and the effects on the model."""
    recorded(FOLDER / "repairs.txt", f"{repairs.full(REPORT)}\n{repairs.summary(REPORT)}\n")


def test_the_concise_report_is_as_recorded(recorded: Recorded) -> None:
    """One line per finding, in the order of their places."""
    recorded(FOLDER / "repairs-concise.txt", repairs.concise(REPORT))


def test_the_json_report_is_as_recorded(recorded: Recorded) -> None:
    """The documented JSON."""
    recorded(FOLDER / "repairs.json", repairs.as_json(REPORT))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (FixReport(files=1), "Nothing to repair in 1 file."),
        (FixReport(left=REPORT.left, files=3), "Nothing was repaired in 3 files.\n3 findings left in 2 files."),
        (FixReport(errors=REPORT.errors), "Nothing was checked."),
    ],
)
def test_a_run_without_repairs_says_so(report: FixReport, said: str) -> None:
    """With the remaining findings and the errors."""
    assert repairs.summary(report) == said


def test_only_changes_of_the_model_bring_the_warning() -> None:
    """If only dropouts were moved, weights can be kept without new training."""
    mild = FixReport(repaired=REPORT.repaired[1:], changed=REPORT.changed, files=2)
    assert "train" not in repairs.summary(mild).replace("only training differs", "")
    assert "must be trained again" in repairs.summary(REPORT)


def test_colors_change_no_character() -> None:
    """The text is the same with and without colors, except that names in backticks are bold instead."""
    colored = repairs.full(REPORT, color=True) + repairs.summary(REPORT, color=True)
    plain = repairs.full(REPORT) + repairs.summary(REPORT)
    assert re.sub(r"\x1b\[[\d;]+m", "", colored) == plain.replace("`", "")


def test_rows_fit_and_break_no_word() -> None:
    """In a narrow terminal, rows are wrapped and indented."""
    whole = repairs.full(REPORT) + repairs.summary(REPORT)
    narrow = repairs.full(REPORT, room=44) + repairs.summary(REPORT, room=44)
    assert max(map(len, narrow.splitlines())) <= 44
    assert narrow.split() == whole.split()


def test_exit_statuses() -> None:
    """0 nothing left, 1 something left or to be written, 2 an error."""
    assert FixReport(repaired=REPORT.repaired, changed=REPORT.changed).exit_status == 0
    assert FixReport(repaired=REPORT.repaired, changed=REPORT.changed, is_written=False).exit_status == 1
    assert FixReport(left=REPORT.left).exit_status == 1
    assert REPORT.exit_status == 2


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs the program `patch`")
@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_plain_diff_is_a_patch(tmp_path: Path, newline: str, end: str) -> None:
    """With any newlines, a form feed, and without a newline at the end of the file."""
    old = newline.join(["a", "x = 1\fy", "b", "c", "d", "last"]) + end
    new = newline.join(["a", "y = 1\fy", "b", "c", "d", "end"]) + end
    (tmp_path / "net.py").write_bytes(old.encode())
    text = diff.render(ChangedFile("net.py", (TextChange(old, new),)))
    subprocess.run(["patch", "--binary", "-p0"], input=text.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "net.py").read_bytes().decode() == new


def test_a_frequent_line_of_a_long_file_is_the_same() -> None:
    """It is not shown as deleted and added."""
    rest = "".join(f"a{n} = {n}\nreturn x\n" for n in range(150))
    old, new = f"{rest}drop()\nnorm()\nreturn x\n", f"{rest}norm()\nact()\ndrop()\nreturn x\n"
    text = diff.render(ChangedFile("net.py", (TextChange(old, new),)))
    changed = [line for line in text.splitlines()[2:] if line[0] in "+-"]
    assert changed in (["-drop()", "+act()", "+drop()"], ["+norm()", "+act()", "-norm()"])


def test_a_notebook_has_a_diff_for_each_cell() -> None:
    """The header has the number of the cell, counted from 1 over all cells."""
    changes = (TextChange("a\nb", "b\na", 2), TextChange("c", "d", 5))
    lines = diff.render(ChangedFile("n.ipynb", changes)).splitlines()
    assert [line for line in lines if line.startswith("+++")] == ["+++ n.ipynb:cell 2", "+++ n.ipynb:cell 5"]


def test_a_colored_diff_steers_no_terminal() -> None:
    """Control characters of the file are escaped."""
    text = diff.render(ChangedFile("n.py", (TextChange("a\n", "\x1b[2Jb\n"),)), color=True)
    assert "\x1b[2J" not in text
    assert "\x1b[38;5;28m+\ufffd[2Jb\x1b[0m" in text


def test_a_colored_diff_says_where_a_file_ends_without_a_newline() -> None:
    """The note of `diff` is on its own line."""
    text = diff.render(ChangedFile("n.py", (TextChange("a\nb", "c\nb"),)), color=True)
    assert text.endswith(" b\n\\ No newline at end of file\n")


BEFORE = Built(((None, 8),), ((None, 2),), 1234, (("Dense", "Dropout", "BatchNormalization"), ("Dense",)))
AFTER = Built(((None, 8),), ((None, 2),), 1232, (("Dense", "BatchNormalization", "Dropout"), ("Dense",)))


@pytest.mark.parametrize(
    ("name", "verification"),
    [
        ("proof", Verification("net:build", BEFORE, AFTER, Comparison(equal=True), (Path("net.py"),), 2, None)),
        (
            "proof-refused",
            Verification("net:build", BEFORE, None, Comparison("no model"), (Path("net.py"),), 2, "it cannot be built"),
        ),
    ],
)
def test_a_proof_is_as_recorded(name: str, verification: Verification, recorded: Recorded) -> None:
    """Shapes, parameters, the different units, the predictions; a refusal with its reason."""
    recorded(FOLDER / f"{name}.txt", proof.render(verification))
    json.dumps(proof.as_dict(verification))
    assert proof.render(verification, glyphs=ASCII).isascii()
