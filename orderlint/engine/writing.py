"""Replaces files atomically: if a run is interrupted, each file is either old or new.

The new file is first written next to the old one under a temporary name. If a run is killed, the next run removes this
file. While a run writes, it holds a lock, so that no other run removes its file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from orderlint.text.failures import in_words
from orderlint.text.regular import exists

fcntl: Any
try:
    fcntl = import_module("fcntl")
except ImportError:  # Windows, where an open file cannot be removed
    fcntl = None

__all__ = ["WriteError", "clear_leftovers", "leads_out", "put_file", "put_report", "replace_file"]

_MARK = ".orderlint-"
_END = ".tmp"
_LEFT = re.compile(re.escape(_MARK) + r"\w{8}" + re.escape(_END) + r"\Z")
_MOST_KEPT = 50  # characters of the name of a file, each of at most four bytes
_IRREPLACEABLE = (errno.EACCES, errno.EBUSY, errno.EPERM, errno.EROFS)
_UNLOCKED = 60.0  # seconds after which a file of another run is left over, if there are no locks


class WriteError(Exception):
    """Raised if a file cannot be written. The message gives the reason and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def replace_file(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Replace the content of a file.

    The new file is first written next to the old one, and then renamed in one step. It keeps the mode, and the owner if
    the system allows that. A symbolic link stays: the file that it points to is replaced.

    Args:
        path: The file. It must exist.
        data: Its new content.
        expected: Its current content. If the file contains anything else, another program has changed it.

    Raises:
        WriteError: The file cannot be written, and is unchanged.
    """
    real = Path(os.path.realpath(path))
    try:
        status = real.stat()
        _check(real, status, expected)
        _replace(real, data, status)
    except OSError as error:
        raise WriteError(f"cannot be written: {in_words(error)}") from None


def put_file(path: Path, data: bytes) -> None:
    """Write a file, which may be new, completely or not at all.

    Raises:
        WriteError: The file cannot be written, and is unchanged.
    """
    if exists(path):
        replace_file(path, data)
        return
    try:
        _create(path, data)
    except OSError as error:
        why = in_words(error) if path.parent.is_dir() else f"no such folder: {path.parent}"
        raise WriteError(f"cannot be written: {why}") from None


def put_report(path: Path, data: bytes) -> None:
    """Write a report, completely or not at all: a reader never gets half of it, even if the disk is full.

    Links, pipes, devices and files with several names are written directly, and so are files that cannot be replaced:
    those in a folder that may not be changed, and those that are mounted by themselves.

    Raises:
        OSError: The file cannot be written.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        _create(path, data)
        return
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and os.access(path, os.W_OK):
        try:
            _replace(path, data, status)
            return
        except OSError as error:
            if error.errno not in _IRREPLACEABLE:
                raise
    path.write_bytes(data)


def _create(path: Path, data: bytes) -> None:
    """Write a new file: first under another name, then renamed in one step."""
    descriptor, name = _temporary(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_mask())  # noqa: PTH101  # temporary files are for their owner only
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def _temporary(path: Path) -> tuple[int, str]:
    """A new file next to another: its descriptor and its path. Its name begins like that of the other.

    A name has at most 255 bytes, so a long one is cut.
    """
    return tempfile.mkstemp(prefix=f".{path.name[:_MOST_KEPT]}{_MARK}", suffix=_END, dir=path.parent)


def _mask() -> int:
    """The permissions that new files must not have. They can only be read by setting them."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _check(path: Path, status: os.stat_result, expected: bytes | None) -> None:
    """Refuse files that may not be replaced. An administrator may write any file, so the mode is checked, too."""
    if not stat.S_ISREG(status.st_mode):
        raise WriteError("is not a regular file")
    if status.st_nlink > 1:
        names = f"has {status.st_nlink} names (hard links), and only this one would get the repaired text"
        raise WriteError(f"{names}: make it a file of its own first, such as by copying it and renaming the copy")
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise WriteError("is read-only: allow writing to it (chmod u+w) or leave it out")
    if expected is not None and path.read_bytes() != expected:
        raise WriteError("was changed by another program in the meantime, so it was not written; run again")


def _replace(path: Path, data: bytes, status: os.stat_result) -> None:
    descriptor, name = _temporary(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _lock(file.fileno())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # otherwise, a crash of the machine may leave an empty file
            _take_over(name, status)
            if fcntl is not None:  # while the lock is held, so that no other run removes the file
                os.replace(name, path)  # noqa: PTH105
        if fcntl is None:
            os.replace(name, path)  # noqa: PTH105
    except BaseException:  # including an interrupt: nothing is left next to the file
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def _lock(descriptor: int) -> None:
    """Tell other runs that a file is being written. Some file systems do not support locks."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def clear_leftovers(folders: Iterable[Path]) -> None:
    """Remove the temporary files of killed runs in some folders.

    If this is not allowed, nothing is reported: they do no harm, and this is not the purpose of the run.
    """
    for folder in dict.fromkeys(folders):
        for path in _leftovers(folder):
            with contextlib.suppress(OSError):
                _remove_unlocked(path)


def _leftovers(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[0] == "." and _LEFT.search(entry.name) and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _remove_unlocked(path: Path) -> None:
    """Remove a file unless another run is writing it."""
    if fcntl is None:
        if time.time() - path.stat().st_mtime > _UNLOCKED:
            path.unlink()
        return
    with path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)  # this raises an error if the lock is held
        path.unlink()


def leads_out(path: str, *, is_named: bool) -> str | None:
    """The target of a link that must not be written through; `None` for any other file.

    A file in the folder itself is found under its own name. So a file that only a link leads to is outside of the
    folder, or was left out.
    """
    if is_named or not Path(path).is_symlink():
        return None
    return os.path.realpath(path)


def _take_over(name: str, status: os.stat_result) -> None:
    """Give the file at `name` the owner and mode of another."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
    os.chmod(name, stat.S_IMODE(status.st_mode))  # noqa: PTH101
