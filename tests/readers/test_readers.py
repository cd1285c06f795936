"""After a repair of a program with an additional reader, the reader gets the same value, or there is no repair."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("keras", reason="what Keras builds cannot be compared without it")
    command = [sys.executable, "-m", "tests.readers", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_repairs_leave_what_others_read_as_it_is() -> None:
    """In 25 programs no reader gets another value; `python -m tests.readers` runs thousands."""
    result = run("25", "--only", "repair/more")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_probe_notices_what_the_check_prevents() -> None:
    """Without the check of readers, repairs change values, which the test detects."""
    result = run("25", "--only", "common_tail_of_arms", "--without-check", "--form", "default")
    assert result.returncode == 1
    assert "the reader got" in result.stdout
