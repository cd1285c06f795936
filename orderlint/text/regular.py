"""Asks the file system about paths, and reads regular files only.

A FIFO or a device may be called `net.py` or `.gitignore`. Reading it could block forever.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MOST_BYTES",
    "NotRegular",
    "check_regular",
    "exists",
    "is_file",
    "is_folder",
    "is_link",
    "lineage_of",
    "read_regular",
]

MOST_BYTES = 100 * 2**20
"""The size of the largest file that is read. Notebooks with pictures have tens of megabytes."""


class NotRegular(OSError):
    """Raised for a FIFO, a socket or a device."""


def read_regular(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file. A link is followed.
        most: The most bytes to read.

    Raises:
        OSError: The file cannot be read, is not a regular file, or is larger than `most`.
        ValueError: The path contains a NUL character.
    """
    _check(os.stat(path), most)  # noqa: PTH116  # this is called for every file, and `pathlib` is slower
    # Without O_NONBLOCK, opening a FIFO that has replaced the file in the meantime would wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        _check(status, most)
        return _read(descriptor, status.st_size)
    finally:
        os.close(descriptor)


def check_regular(path: str | os.PathLike[str]) -> None:
    """Check that a path is a regular file that is not too large.

    Raises:
        OSError: It does not exist, is not a regular file, or is too large.
    """
    _check(os.stat(path), MOST_BYTES)  # noqa: PTH116


def _read(descriptor: int, size: int) -> bytes:
    """At most `size` bytes of a file, even if it grows in the meantime."""
    data = os.read(descriptor, size)
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data


def exists(path: str | os.PathLike[str]) -> bool:
    """Whether a path exists. It does not if no file can have such a name."""
    return os.path.exists(path)  # noqa: PTH110  # before Python 3.14, `Path.exists` raises for a name that is too long


def is_file(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a regular file or a link to one."""
    return os.path.isfile(path)  # noqa: PTH113  # as above


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a folder or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112  # as above


def is_link(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a link, whatever its target is."""
    return os.path.islink(path)  # noqa: PTH114  # as above


def lineage_of(folder: str) -> Iterator[str]:
    """A folder and the folders above it, the nearest first."""
    while True:
        yield folder
        above = os.path.dirname(folder)  # noqa: PTH120  # for the fast path, which has no `Path`
        if above == folder:
            return
        folder = above


def _check(status: os.stat_result, most: int) -> None:
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError("a folder, expected a file")
    if not stat.S_ISREG(mode):
        raise NotRegular(f"{_kind(mode)}, expected a regular file")
    if status.st_size > most:
        raise OSError(f"{status.st_size:,} bytes, at most {most:,} are read")


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
