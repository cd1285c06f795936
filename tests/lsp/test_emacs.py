"""The language server in Emacs, the real one: Eglot is set up as the manual says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import NET, on_the_path
from tests.support import ROOT

SCRIPT = Path(__file__).with_name("emacs.el")


def setup_of_the_manual() -> str:
    """The Lisp code for Eglot of the page on editors; the code for lsp-mode follows it."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    found = re.search(r"^```elisp\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def has_eglot() -> bool:
    """Whether there is an Emacs with Eglot: a part of it from 29 on, and a package before."""
    if shutil.which("emacs") is None:
        return False
    asked = ["emacs", "--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]
    return subprocess.run(asked, capture_output=True, check=False, timeout=60).returncode == 0


@pytest.mark.skipif(not has_eglot(), reason="Emacs with Eglot is not installed; `.ci/run` installs it")
def test_eglot_shows_and_repairs(tmp_path: Path) -> None:
    """Eglot starts the server for a Python file, shows the finding and its hover, and repairs it by a quick fix."""
    net, answers, init = tmp_path / "net.py", tmp_path / "answers.json", tmp_path / "init.el"
    net.write_text(NET)
    tmp_path.joinpath("pyproject.toml").touch()
    init.write_text(setup_of_the_manual())
    environment = {
        **os.environ,
        "PATH": f"{on_the_path(tmp_path)}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "ANSWERS": str(answers),
        "NET": str(net),
    }
    run = ["emacs", "--batch", "-l", str(init), "-l", str(SCRIPT)]
    done = subprocess.run(run, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert answers.exists(), done.stderr
    seen: dict[str, Any] = json.loads(answers.read_text())
    assert "failure" not in seen, seen["failure"]
    assert "ORD001" in seen["found"]
    assert seen["line"] == 6
    assert "recommended" in seen["hover"]
    assert any("ORD001" in title for title in seen["actions"])
    after = net.read_text()
    assert after.index("BatchNormalization") < after.index("ReLU")
