"""The `orderlint` command: a fast path for the most frequent calls, and click for all others."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click import Group

    group: Group

__all__ = ["group", "main"]

_INTERRUPTED = 130  # the status of a command that Ctrl-C ends


def main(args: list[str] | None = None) -> None:
    """Run the command line, then exit."""
    from orderlint.fast_path import FastPath

    given = sys.argv[1:] if args is None else list(args)
    _open_what_is_closed()
    fast_path = FastPath(given)
    try:
        status = fast_path.status()
        if status is None:
            from orderlint.commands._group import run
            from orderlint.text.loading import install

            install()
            status = run(given, fast_path)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except OSError as error:
        if error.filename is not None:
            raise
        if isinstance(error, FileNotFoundError):  # of `os.getcwd`, which names no file
            sys.stderr.write("error: the current folder no longer exists; change to another one\n")
            status = 2
        elif _is_unwritable(error):  # errors of streams have no file name, either
            status = _report_unwritable(error)
        else:
            raise
    sys.exit(status)


def _open_what_is_closed() -> None:
    """Replace standard streams that are closed (`>&-`): they are empty, and output is lost."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _is_unwritable(error: OSError) -> bool:
    """Whether the disk is full, or the terminal is closed."""
    import errno  # rarely needed, and the fast path imports as little as possible

    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)


def _report_unwritable(error: OSError) -> int:
    """Report that the output could not be written, if possible. The final flush of the interpreter must not fail."""
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
