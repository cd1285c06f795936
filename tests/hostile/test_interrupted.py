"""Runs of `fix` that are killed: a small share of `python -m tests.hostile.interrupted`."""

from __future__ import annotations

import os

import pytest

from tests.hostile.interrupted import killed


@pytest.mark.skipif(os.name != "posix", reason="Windows does not kill a process in the middle of a system call")
def test_a_killed_run_damages_nothing() -> None:
    """Each file is the old or the repaired one; the next run repairs the rest and takes away what was left."""
    assert killed(2, seed=1) == []
