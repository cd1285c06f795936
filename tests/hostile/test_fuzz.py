"""A small part of the long run (`python -m tests.hostile`): mutated inputs of each kind, other ones each time."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import marshal
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.hostile.mutating import KINDS
from tests.hostile.trying import ran, tried, try_bytes
from tests.hostile.watching import watched

SEED = int(os.environ.get("ORDERLINT_FUZZ_SEED", "1"))


@pytest.mark.parametrize(("kind", "count"), [(kind, 25) for kind in KINDS] + [("folders", 6)])
def test_no_input_ends_in_a_failure(kind: str, count: int) -> None:
    """Each input ends in a report or an error message. Nothing is executed, written, started or connected to."""
    tally = tried(kind, SEED, count, time.monotonic() + 60)
    assert not tally.failed, tally.failed[0]
    assert tally.reached > tally.tried // 10, "hardly any is read as a model: nothing is tried"


def test_a_command_leaves_nothing_to_those_after_it() -> None:
    """Collect the garbage of the runs, so that the next test is not measured with it. A command exits instead."""
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()  # Python 3.12 freezes some objects at startup
    assert ran(["rule", "ORD001"]) is None
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() <= frozen


def _code() -> CodeType:
    return compile("x = 1", "/nowhere/evil.py", "exec")


def _forked() -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


WAYS: dict[str, Callable[[], object]] = {
    "socket.__new__": lambda: socket.socket().close(),
    "socket.getaddrinfo": lambda: socket.getaddrinfo("127.0.0.1", 80),
    "urllib.Request": lambda: urllib.request.urlopen("http://127.0.0.1:1"),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "os.system": lambda: os.system("true"),
    "os.exec": lambda: os.execv("/nowhere/program", ["program"]),
    "os.posix_spawn": lambda: os.posix_spawn("/nowhere/program", ["program"], {}),
    "os.fork": _forked,
    "ctypes.dlopen": lambda: ctypes.CDLL("/nowhere/evil.so"),
    "pickle.find_class": lambda: pickle.loads(b"cbuiltins\nlen\n."),
    "marshal.loads": lambda: marshal.loads(marshal.dumps(_code())),
    "code.__new__": lambda: _code().replace(co_name="other"),
    "function.__new__": lambda: FunctionType(_code(), {}),
    "exec <string>": lambda: eval("1 + 1"),
    "exec net.py": lambda: exec(compile("1", "net.py", "exec")),
    "exec /nowhere/evil.py": lambda: exec(_code()),
    "open for writing": lambda: Path("new").write_text("x"),
}
"""What the hook has to tell, and what does it."""


@pytest.mark.parametrize("what", WAYS)
def test_what_is_forbidden_is_seen(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit hook sees processes, sockets, execution of code and written files, so the tests above can fail."""
    if what in ("os.posix_spawn", "os.fork") and os.name == "nt":
        pytest.skip("Windows has none")
    monkeypatch.chdir(tmp_path)
    with watched() as seen, contextlib.suppress(OSError):
        WAYS[what]()
    assert any(one.startswith(what) for one in seen), seen


@pytest.mark.parametrize(("name", "told"), [("evil.py", "exec"), (f"evil{EXTENSION_SUFFIXES[0]}", "import")])
def test_an_import_of_what_is_checked_is_seen(
    name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import of a checked file is seen, even if its folder is the current one, which is in `sys.path`."""
    (tmp_path / name).write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    with watched() as seen, contextlib.suppress(ImportError):
        __import__("evil")
    sys.modules.pop("evil", None)
    assert [one for one in seen if one.startswith(f"{told} {tmp_path.resolve()}")]


def test_a_repair_may_write_and_nothing_else() -> None:
    """A repair may write files, but neither execute code nor connect."""
    with watched(is_reading=False) as seen, tempfile.TemporaryDirectory():
        assert not seen
        socket.socket().close()
    assert [one.split()[0] for one in seen] == ["socket.__new__"]


def test_source_that_would_run_is_not_run(tmp_path: Path) -> None:
    """A module that would write a file when imported is only read."""
    marker = tmp_path / "marker"
    text = f"open({str(marker)!r}, 'w')\nimport keras, os\nos.system('touch {marker}')\nkeras.layers.Dense(8)(1)\n"
    assert try_bytes(text.encode(), ".py") is None
    assert not marker.exists()
