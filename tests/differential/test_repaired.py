"""Repaired random programs build the same models, with the same predictions if the repair promises that."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT


def test_repaired_programs_build_like_before() -> None:
    """In 60 programs no repair breaks a promise; `python -m tests.differential.repaired` runs thousands."""
    pytest.importorskip("keras", reason="what Keras builds cannot be compared without it")
    command = [sys.executable, "-m", "tests.differential.repaired", "60"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
