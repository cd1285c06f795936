"""The `orderlint` command: a fast door for the most frequent calls, and click for all others."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click import Group

    group: Group

__all__ = ["group", "main"]

_INTERRUPTED = 130  # what shells report for a command ended by Ctrl-C


def main(args: list[str] | None = None) -> None:
    """Run the command line, then exit."""
    from orderlint.door import Door

    given = sys.argv[1:] if args is None else list(args)
    _open_what_is_closed()
    door = Door(given)
    try:
        status = door.status()
        if status is None:
            from orderlint.commands._group import run
            from orderlint.text.loading import install

            install()
            status = run(given, door)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except OSError as error:
        if error.filename is not None or not _is_unwritable(error):  # a stream has no name
            raise
        status = _told_unwritable(error)
    sys.exit(status)


def _open_what_is_closed() -> None:
    """Give the process the streams that it was started without (`>&-`): they are empty, and what is written is lost."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _is_unwritable(error: OSError) -> bool:
    """Whether the disk is full, or the terminal gone."""
    import errno  # seldom needed: the fast door loads as little as can be

    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)


def _told_unwritable(error: OSError) -> int:
    """Tell that the output could not be written, where that can be told; the interpreter's last flush is spared."""
    for stream, said in (
        (sys.stdout, ""),
        (sys.stderr, f"error: the output cannot be written: {str(error.strerror).lower()}\n"),
    ):
        try:
            stream.write(said)
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return 2


def __getattr__(name: str) -> object:
    if name != "group":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from orderlint.commands._group import group

    return group
