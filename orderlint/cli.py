"""The `orderlint` command: a fast door for the most frequent call, and click for all others."""

from __future__ import annotations

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
    door = Door(given)
    try:
        status = door.status()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    if status is None:
        from orderlint.commands._group import run
        from orderlint.text.loading import install

        install()
        status = run(given, door)
    sys.exit(status)


def __getattr__(name: str) -> object:
    if name != "group":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from orderlint.commands._group import group

    return group
