"""A small share of the long run (`python -m tests.hostile`): damaged inputs of every kind, each time other ones."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest

from tests.hostile.mutating import KINDS
from tests.hostile.trying import ran, tried, try_bytes
from tests.hostile.watching import watched

SEED = int(os.environ.get("ORDERLINT_FUZZ_SEED", "1"))


@pytest.mark.parametrize(("kind", "count"), [(kind, 25) for kind in KINDS] + [("folders", 6)])
def test_no_input_ends_in_a_failure(kind: str, count: int) -> None:
    """Each ends in a report or an error for the user: nothing is executed, written, started or reached."""
    tally = tried(kind, SEED, count, time.monotonic() + 60)
    assert not tally.failed, tally.failed[0]
    assert tally.reached > tally.tried // 10, "hardly any is read as a model: nothing is tried"


def test_a_command_leaves_nothing_to_those_after_it() -> None:
    """Each is a process of its own elsewhere: what the garbage of hundreds takes would be put down to the last one."""
    thresholds = gc.get_threshold()
    assert ran(["rule", "ORD001"]) is None
    assert gc.get_threshold() == thresholds
    assert not gc.get_freeze_count()


def test_what_is_forbidden_is_seen(tmp_path: Path) -> None:
    """The hook sees a process, a socket, code and a file that is written: the tests above prove something."""
    import socket
    import subprocess
    import sys

    with watched() as seen:
        socket.socket().close()
        subprocess.run([sys.executable, "-c", ""], check=True)
        exec(compile("1", "/nowhere/evil.py", "exec"))
        (tmp_path / "new").write_text("x")
    text = "\n".join(seen)
    for what in ("socket.__new__", "subprocess.Popen", "exec /nowhere/evil.py", "open for writing"):
        assert what in text


def test_source_that_would_run_is_not_run(tmp_path: Path) -> None:
    """A module that would write a file when imported is read, and writes none."""
    marker = tmp_path / "marker"
    text = f"open({str(marker)!r}, 'w')\nimport keras, os\nos.system('touch {marker}')\nkeras.layers.Dense(8)(1)\n"
    assert try_bytes(text.encode(), ".py") is None
    assert not marker.exists()
