"""What several test modules use."""

from __future__ import annotations

import os
import time
from pathlib import Path

import libcst as cst

ROOT = Path(__file__).parent.parent


class Recorded:
    """Compares text with a recorded file, or records it under `--update-fixtures`."""

    def __init__(self, update: bool) -> None:
        self._update = update

    def __call__(self, path: Path, actual: str) -> None:
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="")
        assert path.is_file(), f"{path} is not recorded yet: run pytest --update-fixtures"
        assert actual == path.read_bytes().decode("utf-8")


def value_of(statement: cst.CSTNode) -> cst.BaseExpression:
    """The expression that a line is, or the value that it assigns."""
    line = cst.ensure_type(statement, cst.SimpleStatementLine).body[0]
    assert isinstance(line, (cst.Assign, cst.Expr))
    return line.value


def write_aged(name: str, text: str, *, age: float = 60.0) -> Path:
    """Write a file that was last changed some seconds ago."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    changed = time.time() - age
    os.utime(path, (changed, changed))
    return path
