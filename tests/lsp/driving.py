"""Runs an editor that is set up as described in the manual, on a small network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lsp.client import NET
from tests.support import ROOT

__all__ = ["driven"]


def driven(command: Sequence[str], init: Path, setup: str, **environment: str) -> tuple[dict[str, Any], str]:
    """The output of a script in an editor, and the text of the network after it.

    Args:
        command: Starts the editor with the script, which writes to the file named by `ANSWERS`.
        init: The settings file of the editor; the network is `net.py` beside it.
        setup: The settings.
        environment: Additional environment variables.
    """
    folder = init.parent
    net, answers = folder / "net.py", folder / "answers.json"
    net.write_text(NET)
    folder.joinpath("pyproject.toml").touch()
    init.write_text(setup)
    variables = {
        **os.environ,
        "PATH": f"{_on_the_path(folder)}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ANSWERS": str(answers),
        **environment,
    }
    done = subprocess.run(command, check=False, cwd=folder, env=variables, capture_output=True, text=True, timeout=300)
    assert answers.exists(), done.stderr
    return json.loads(answers.read_text()), net.read_text()


def _on_the_path(folder: Path) -> Path:
    """A folder with the command `orderlint`, for the `PATH` of an editor."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    command = bin_folder / "orderlint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orderlint "$@"\n')
    command.chmod(0o755)
    return bin_folder
