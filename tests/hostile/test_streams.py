"""Standard streams that are closed, full, or not read: no traceback, and a status that says what happened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.test_bounds import HEADER, MODEL
from tests.support import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="what a shell of Unix does with streams")

FULL = "error: the output cannot be written: no space left on device"


def told(command: str, folder: Path) -> tuple[int, str]:
    """The status of a shell command, and its standard error."""
    (folder / "net.py").write_text(HEADER + MODEL)
    line = command.replace("orderlint", f"'{sys.executable}' -m orderlint")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "ORDERLINT_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("orderlint check net.py >&-", 1),
        ("orderlint check --no-cache net.py >&- 2>&- <&-", 1),
        ("orderlint check --format json net.py >&-", 1),
        ("orderlint fix --diff net.py >&-", 1),
        ("orderlint rules >&-", 0),
        ("orderlint check - <&-", 0),
        ("orderlint check nothing.py 2>&-", 2),
    ],
)
def test_a_stream_that_is_closed_is_lost_and_no_more(command: str, status: int, tmp_path: Path) -> None:
    """Output to a closed stream is lost, without an error."""
    assert told(command, tmp_path)[0] == status


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "command",
    [
        "check net.py",
        "check --no-cache --format json net.py",
        "fix --diff net.py",
        "rules",
        "check --help",
        "graph net.py",
    ],
)
def test_a_full_disk_is_told_as_such(command: str, tmp_path: Path) -> None:
    """A full disk is a failure, since the report is lost. The status does not say whether there were findings."""
    status, said = told(f"orderlint {command} >/dev/full", tmp_path)
    assert (status, said.splitlines()[-1]) == (2, FULL)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_where_nothing_can_be_told_the_status_says_so(tmp_path: Path) -> None:
    """If standard error is full, too, only the status tells of the failure."""
    assert told("orderlint check --no-cache net.py >/dev/full 2>/dev/full", tmp_path)[0] == 2
    assert told("orderlint check --no-cache nothing.py 2>/dev/full", tmp_path)[0] == 2
