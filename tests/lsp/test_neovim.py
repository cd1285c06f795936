"""The language server in Neovim, the real one: it is set up as the manual says."""

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

SCRIPT = Path(__file__).with_name("neovim.lua")


def setup_of_the_manual() -> str:
    """The Lua code of the page on editors."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```lua\n(.*?)^```", page, re.DOTALL | re.MULTILINE))


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed; `.ci/run` installs it")
def test_neovim_shows_and_repairs(tmp_path: Path) -> None:
    """Neovim starts the server for a Python file, shows the finding and its hover, and repairs it."""
    net, answers, init = tmp_path / "net.py", tmp_path / "answers.json", tmp_path / "init.lua"
    net.write_text(NET)
    tmp_path.joinpath("pyproject.toml").touch()
    init.write_text(setup_of_the_manual())
    environment = {
        **os.environ,
        "PATH": f"{on_the_path(tmp_path)}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ANSWERS": str(answers),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    run = ["nvim", "--headless", "-n", "-u", str(init), str(net), "-c", f"luafile {SCRIPT}"]
    done = subprocess.run(run, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert answers.exists(), done.stderr
    seen: dict[str, Any] = json.loads(answers.read_text())
    assert seen["code"] == "ORD001"
    assert seen["servers"] == 1
    assert (seen["line"], seen["column"]) == (5, 4)
    assert "recommended" in seen["hover"]
    assert "ORD001" in seen["actions"]
    after = net.read_text()
    assert after.index("BatchNormalization") < after.index("ReLU")
    assert seen["left"] == 0
