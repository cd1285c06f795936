"""Files that reports are written to: a report is written completely or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderlint.engine.writing import put_report
from tests.hostile.test_folders import MODEL, NEEDS_POSIX

FULL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))  # no file may grow larger, as on a full disk
from orderlint.cli import main
sys.argv = ["orderlint", "check", "--no-cache", "--format", "json", "-o", sys.argv[1], "net.py"]
main()
"""


def written(folder: Path, *code: str) -> subprocess.CompletedProcess[str]:
    (folder / "net.py").write_text(MODEL)
    command = [sys.executable, *code]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, timeout=60)


def checked(folder: Path, report: str) -> subprocess.CompletedProcess[str]:
    return written(folder, "-m", "orderlint", "check", "--no-cache", "--format", "json", "-o", report, "net.py")


@NEEDS_POSIX
@pytest.mark.parametrize("before", [None, "the report of yesterday\n"], ids=["new", "old"])
def test_a_report_that_does_not_fit_leaves_the_file_as_it_was(before: str | None, tmp_path: Path) -> None:
    """The run ends with an error, and there is neither half of a report nor a temporary file."""
    report = tmp_path / "report.json"
    if before is not None:
        report.write_text(before)
    run = written(tmp_path, "-c", FULL_DISK, "report.json")
    assert run.returncode == 2, run.stderr
    assert "the report cannot be written to report.json" in run.stderr
    assert (report.read_text() if report.exists() else None) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"net.py", "report.json"}


@NEEDS_POSIX
def test_a_report_keeps_the_mode_and_the_names_of_a_file(tmp_path: Path) -> None:
    """A link still leads to its file, a file with two names still has both, and the mode of a file stays."""
    real, link, twin = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "twin.json"
    real.write_text("old")
    real.chmod(0o640)
    assert checked(tmp_path, "real.json").returncode == 1
    assert real.stat().st_mode & 0o777 == 0o640
    link.symlink_to("real.json")
    real.write_text("old")
    assert checked(tmp_path, "link.json").returncode == 1
    assert link.is_symlink()
    assert '"findings"' in real.read_text()
    os.link(real, twin)
    real.write_text("old")
    assert checked(tmp_path, "twin.json").returncode == 1
    assert '"findings"' in real.read_text()


@NEEDS_POSIX
def test_a_report_goes_into_a_pipe(tmp_path: Path) -> None:
    """A pipe is not replaced by a file: its reader gets the report."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert checked(tmp_path, "pipe").returncode == 1
        assert reader.stdout is not None
        assert '"findings"' in reader.stdout.read()
    assert pipe.is_fifo()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY], ids=["a fixed folder", "a mounted file"])
def test_a_file_that_cannot_be_replaced_is_written_directly(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a container, the report is often the only mounted file: it can be written, but not be renamed over."""
    report = tmp_path / "report.json"
    report.write_text("old")

    def refused(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", refused)
    put_report(report, b"new")
    assert report.read_text() == "new"
    assert list(tmp_path.iterdir()) == [report]


def test_a_full_disk_is_not_taken_for_a_file_that_cannot_be_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Otherwise, the old report would be lost."""
    report = tmp_path / "report.json"
    report.write_text("old")

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="space"):
        put_report(report, b"new")
    assert report.read_text() == "old"
