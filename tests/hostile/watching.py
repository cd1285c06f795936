"""Detects hostile effects: executed code, written files, started processes and opened sockets."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import orderlint

__all__ = ["watched"]

_FORBIDDEN = (
    *("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "sqlite3."),
    *("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile", "pty."),
    *("ctypes.", "pickle.", "code.__new__", "function.__new__", "cpython.run_"),
)
"""Reach out, start a process, or run what is no source: machine code, a pickle, a code object made by hand."""
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MAKERS = ("collections/__init__.py", "dataclasses.py", "orderlint/records.py")
"""Modules that write the methods of their classes as text and run it; the text is of fields of orderlint's classes."""
_IMPORTERS = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")

_seen: list[str] | None = None
_is_reading = True
_is_hooked = False


def _own_folders() -> tuple[str, ...]:
    """The folders of installed modules and of orderlint; the current folder, which may be checked, is not included."""
    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    package = Path(orderlint.__file__).parent
    folders = {*installed, str(package), str(Path(__file__).parents[1])}
    return tuple(f"{one}{os.sep}" for folder in folders for one in (folder, os.path.realpath(folder)))


_OWN = _own_folders()


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen is None:
        return
    if event.startswith(_FORBIDDEN) or (_is_reading and event in _CHANGES):
        _seen.append(f"{event} {arguments!r}"[:200])
    elif event == "open" and _is_reading and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        _seen.append(f"open for writing {arguments[0]!r}"[:200])
    elif event == "exec" and not _is_own(arguments[0].co_filename):
        _seen.append(f"exec {arguments[0].co_filename}"[:200])
    elif event == "import" and arguments[1] is not None and not _is_own(arguments[1]):
        _seen.append(f"import {arguments[1]}"[:200])
    elif event.startswith("marshal.load") and not _is_called_by(_IMPORTERS):
        _seen.append(event)


def _is_own(name: str) -> bool:
    """Whether code belongs to an installed module that is imported on demand, or is made by such a module."""
    if name.startswith("<frozen "):
        return True
    return _is_called_by(_MAKERS) if name.startswith("<") else name.startswith(_OWN)


def _is_called_by(modules: tuple[str, ...]) -> bool:
    """Whether one of the modules caused the audited event."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.replace(os.sep, "/").endswith(modules)


@contextmanager
def watched(*, is_reading: bool = True) -> Iterator[list[str]]:
    """Record the audited events of this process: executed code, files opened for writing, processes, connections.

    Args:
        is_reading: Whether no file may be written.
    """
    global _is_hooked, _is_reading, _seen  # noqa: PLW0603 - an audit hook is for the process
    if not _is_hooked:
        sys.addaudithook(_hook)  # an audit hook cannot be removed
        _is_hooked = True
    before = _seen, _is_reading
    seen: list[str] = []
    _seen, _is_reading = seen, is_reading
    compiled, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # of modules that are imported on demand
    try:
        yield seen
    finally:
        (_seen, _is_reading), sys.dont_write_bytecode = before, compiled
