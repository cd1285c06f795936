"""What happens while something hostile is looked at: nothing is executed, written or started, no socket is opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["watched"]

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "pickle.find_class",
)
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_seen: list[str] | None = None
_is_hooked = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen is None:
        return
    if event.startswith(_FORBIDDEN) or event in _CHANGES:
        _seen.append(f"{event} {arguments!r}"[:200])
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        _seen.append(f"open for writing {arguments[0]!r}"[:200])
    elif event == "exec" and not _is_own(arguments[0].co_filename):
        _seen.append(f"exec {arguments[0].co_filename}"[:200])


def _is_own(name: str) -> bool:
    """Whether code belongs to an installed module that is loaded as it is needed; modules make code of their own."""
    return name.startswith("<") or any(name.startswith(folder) for folder in sys.path if folder)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Gather what is executed, opened for writing, started or reached meanwhile, in this process."""
    global _is_hooked, _seen  # noqa: PLW0603 - an audit hook is for the process
    if not _is_hooked:
        sys.addaudithook(_hook)  # it stays for the whole process
        _is_hooked = True
    before, _seen = _seen, []
    compiled, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # of own modules that are loaded as needed
    try:
        yield _seen
    finally:
        _seen, sys.dont_write_bytecode = before, compiled
