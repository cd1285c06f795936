"""The command run in this process, in a folder of its own."""

from __future__ import annotations

import inspect
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from orderlint import cli

__all__ = ["Place", "Result", "git", "notebook", "runner"]

_IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]


class Result(NamedTuple):
    status: int
    out: str
    err: str


class Place:
    """The current folder of a test: writes files and runs orderlint in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode("utf-8")

    def run(self, *args: str, stdin: bytes = b"") -> Result:
        """Run orderlint with some arguments, and something on standard input."""
        self._capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            with pytest.raises(SystemExit) as stop:
                cli.main(list(args))
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        assert isinstance(stop.value.code, int)
        return Result(stop.value.code, captured.out, captured.err)

    def codes(self, *args: str) -> list[str]:
        """`net.py:5 ORD001` for each finding of a check."""
        report = json.loads(self.run("check", "--format", "json", *args).out)
        return [f"{one['path']}:{one['line']} {one['code']}" for one in report["findings"]]


def runner() -> CliRunner:
    """Runs a command in this process, with standard error apart: click 8.1 mixes it with the output unless told."""
    told: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
    return CliRunner(**told)


def git(folder: Path, *args: str) -> str:
    """What a command of Git says."""
    command = ["git", *_IDENTITY, *args]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def notebook(*cells: str | list[str]) -> str:
    """A notebook with some code cells, as Jupyter writes it."""
    code: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": cell.splitlines(keepends=True) if isinstance(cell, str) else cell,
        }
        for cell in cells
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n"
