"""Replaces files: whatever interrupts the run, each file is either the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

__all__ = ["WriteError", "replace_file"]


class WriteError(Exception):
    """A file that cannot be written, with the reason in words a user can act on."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def replace_file(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Put new bytes in the place of a file.

    The new file is written beside the old one and then takes its name in one step. It keeps the mode, and the owner
    where the system allows that. A symbolic link stays: the file it points to is replaced.

    Args:
        path: The file; it exists.
        data: What it is to hold.
        expected: What it holds now; if it turns out to hold anything else, somebody else changed it meanwhile.

    Raises:
        WriteError: It cannot be written; it is as it was.
    """
    real = Path(os.path.realpath(path))
    try:
        status = real.stat()
        _check(real, status, expected)
        _replace(real, data, status)
    except OSError as error:
        raise WriteError(f"cannot be written: {(error.strerror or str(error)).lower()}") from None


def _check(path: Path, status: os.stat_result, expected: bytes | None) -> None:
    """Refuse what may not be replaced. The administrator may write any file: so the mode is asked, too."""
    if not stat.S_ISREG(status.st_mode):
        raise WriteError("is no regular file")
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise WriteError("is read-only: allow writing to it (chmod u+w) or leave it out")
    if expected is not None and path.read_bytes() != expected:
        raise WriteError("was changed by somebody else meanwhile, and was left alone: run again")


def _replace(path: Path, data: bytes, status: os.stat_result) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a crash of the machine may leave the name with nothing in it
        _take_over(name, status)
        os.replace(name, path)  # noqa: PTH105
    except BaseException:  # an interrupt too: nothing is left beside the file
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def _take_over(name: str, status: os.stat_result) -> None:
    """Give the file at `name` the owner and mode of another."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
    os.chmod(name, stat.S_IMODE(status.st_mode))  # noqa: PTH101
