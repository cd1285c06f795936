"""Random programs: the source says what the models say that Keras builds of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT


def test_both_sides_agree_on_random_programs() -> None:
    """In 150 programs no finding is missed and none is false; thousands are run by `python -m tests.differential`."""
    pytest.importorskip("keras", reason="what Keras builds cannot be compared without it")
    command = [sys.executable, "-m", "tests.differential", "150"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
