"""The language server in Neovim, which is set up as described in the manual."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.lsp.driving import driven
from tests.support import ROOT

SCRIPT = Path(__file__).with_name("neovim.lua")


def setup_of_the_manual() -> str:
    """The Lua code of the page on editors."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```lua\n(.*?)^```", page, re.DOTALL | re.MULTILINE))


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed; `.ci/run` installs it")
def test_neovim_shows_and_repairs(tmp_path: Path) -> None:
    """Neovim starts the server for a Python file, shows the finding and its hover, and repairs it."""
    init, net = tmp_path / "init.lua", tmp_path / "net.py"
    command = ["nvim", "--headless", "-n", "-u", str(init), str(net), "-c", f"luafile {SCRIPT}"]
    folder = str(tmp_path)
    seen, after = driven(command, init, setup_of_the_manual(), XDG_STATE_HOME=folder, XDG_CACHE_HOME=folder)
    assert seen["code"] == "ORD001"
    assert seen["servers"] == 1
    assert (seen["line"], seen["column"]) == (5, 4)
    assert "Repair: " in seen["hover"]
    assert "ORD001" in seen["actions"]
    assert after.index("BatchNormalization") < after.index("ReLU")
    assert seen["left"] == 0
