"""Random programs have the same findings in their source and in the models that Keras builds from them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT


def test_both_sides_agree_on_random_programs() -> None:
    """In 150 programs no finding is missed and none is false; `python -m tests.differential` runs thousands."""
    pytest.importorskip("keras", reason="what Keras builds cannot be compared without it")
    command = [sys.executable, "-m", "tests.differential", "150"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
