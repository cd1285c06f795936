"""Runs the small part of a study that is a test."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

__all__ = ["tiny_run"]


def tiny_run(study: str, folder: Path) -> Path:
    """The record of `--quick`, which is run twice: the second run has nothing left to train."""
    if any(importlib.util.find_spec(name) is None for name in ("jax", "sklearn", "mnist1d")):
        pytest.skip("the study needs its extra: pip install 'orderlint[study]'")
    record = folder / "quick.jsonl"
    command = [sys.executable, "-m", f"studies.{study}", "--quick", "--record", str(record)]
    for _ in range(2):
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    return record
