"""Killed runs of `fix`: a small part of `python -m tests.hostile.interrupted`."""

from __future__ import annotations

import os

import pytest

from tests.hostile.interrupted import killed


@pytest.mark.skipif(os.name != "posix", reason="Windows does not kill a process in the middle of a system call")
def test_a_killed_run_damages_nothing() -> None:
    """Each file is the original or the repaired one. The next run repairs the rest and removes temporary files."""
    assert killed(2, seed=1) == []
