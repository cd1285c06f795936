"""A checked project may contain modules with the names of orderlint's dependencies. They are never imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderlint.engine import pool
from orderlint.engine.pool import in_processes

NET = "import keras\nfrom keras.layers import *\nkeras.Sequential([Dense(8), ReLU(), BatchNormalization()])\n"
RUNS = "open({marker!r}, 'w')\n"


def test_the_current_folder_is_not_searched_for_modules(tmp_path: Path) -> None:
    """`python -m` adds the current folder to `sys.path`. Its modules are not imported, nor its plugins loaded."""
    marker, project = tmp_path / "marker", tmp_path / "project"
    described = project / "evil-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", encoding="utf-8")
    (described / "entry_points.txt").write_text("[orderlint.rules]\nevil = evil\n", encoding="utf-8")
    for name in ("click", "libcst", "tokenize", "heapq", "evil"):
        (project / f"{name}.py").write_text(RUNS.format(marker=str(marker)), encoding="utf-8")
    (project / "net.py").write_text(NET, encoding="utf-8")
    command = [sys.executable, "-m", "orderlint", "check", "--no-cache", "--format", "concise", "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "net.py:3:37: ORD001" in done.stdout, done.stderr
    assert not marker.exists()


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("is_safe", [True, False])
def test_processes_import_nothing_from_the_current_folder(
    is_safe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes that are not forked start with `python -c`, which adds the current folder to `sys.path`, too."""
    from multiprocessing import get_context

    marker = tmp_path / "marker"
    for name in ("multiprocessing", "pickle"):
        (tmp_path / f"{name}.py").write_text(RUNS.format(marker=str(marker)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pool, "_context", lambda: get_context("spawn"))
    monkeypatch.setattr(pool, "CAN_BE_SAFE", is_safe and pool.CAN_BE_SAFE)
    assert list(in_processes(square, range(4), 2, lambda number: -1)) == [0, 1, 4, 9]
    assert not marker.exists()
    assert Path.cwd() == tmp_path
    assert "PYTHONSAFEPATH" not in os.environ
