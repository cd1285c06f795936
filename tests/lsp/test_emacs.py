"""The language server in Emacs: Eglot is set up as described in the manual."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lsp.driving import driven
from tests.support import ROOT

SCRIPT = Path(__file__).with_name("emacs.el")


def setup_of_the_manual() -> str:
    """The Lisp code for Eglot of the page on editors, which precedes that for lsp-mode."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    found = re.search(r"^```elisp\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def has_eglot() -> bool:
    """Whether there is an Emacs with Eglot, which is included since version 29."""
    if shutil.which("emacs") is None:
        return False
    asked = ["emacs", "--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]
    return subprocess.run(asked, capture_output=True, check=False, timeout=60).returncode == 0


@pytest.mark.skipif(not has_eglot(), reason="Emacs with Eglot is not installed; `.ci/run` installs it")
def test_eglot_shows_and_repairs(tmp_path: Path) -> None:
    """Eglot starts the server for a Python file, shows the finding and its hover, and applies a quick fix."""
    init, net = tmp_path / "init.el", tmp_path / "net.py"
    command = ["emacs", "--batch", "-l", str(init), "-l", str(SCRIPT)]
    seen, after = driven(command, init, setup_of_the_manual(), HOME=str(tmp_path), NET=str(net))
    assert "failure" not in seen, seen["failure"]
    assert "ORD001" in seen["found"]
    assert seen["line"] == 6
    assert "Repair: " in seen["hover"]
    assert any("ORD001" in title for title in seen["actions"])
    assert after.index("BatchNormalization") < after.index("ReLU")
