"""The fast door: a plain `orderlint check` of files that cannot hold a finding ends here.

It takes command lines that name nothing but paths, in folders without a configuration, and answers as the command
itself would: where anything else is asked, found or goes wrong, it gives no answer, and the command is called. Nothing
of click, rich, configuration, rules or engine is imported on the way.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderlint.discovery.walking import Walk
    from orderlint.screening.screen import Screen

__all__ = ["Door"]

_COMMAND = "check"
_FLAGS = frozenset({"--force-exclude", "--isolated", "--no-cache"})
_OWN_FILE, _PROJECT_FILE = "orderlint.toml", "pyproject.toml"
_OTHER_LIBRARIES = (b"torch", b"flax", b"paddle", b"mxnet", b"mlx")


class _NoAnswer(Exception):
    """This is nothing for the fast door."""


class Door:
    """One command line.

    Args:
        args: The arguments.

    Attributes:
        seen: What the screening said of files, by absolute path, where it came to that.
    """

    def __init__(self, args: list[str]) -> None:
        self._args = args
        self.seen: dict[str, int] | None = None

    def status(self) -> int | None:
        """The exit status, once everything is written; `None` if it is for the command to answer."""
        if self._args[:1] != [_COMMAND]:
            return None
        flags = {arg for arg in self._args[1:] if arg.startswith("-")}
        if not flags <= _FLAGS:
            return None
        paths = [arg for arg in self._args[1:] if not arg.startswith("-")] or ["."]
        try:
            return self._checked(paths, isolated="--isolated" in flags, forced="--force-exclude" in flags)
        except (_NoAnswer, OSError, ValueError):
            return None

    def _checked(self, paths: list[str], *, isolated: bool, forced: bool) -> int | None:
        from orderlint.screening.packages import bring_anything
        from orderlint.screening.screen import KEPT, PASSED_OVER

        if bring_anything():
            return None
        if not isolated:
            _refuse_configurations(paths)
        files = _named(paths) if not forced else None
        if files is None:
            # A tool that names every file there is and asks to exclude some does not ask to parse them all.
            walk = _walked(paths, isolated=isolated, forced=forced)
            files = [(path, is_named and not forced) for path, _, is_named in walk.files()]
        fates = _screen().screen(files)
        self.seen = {path: fate for (path, _), fate in zip(files, fates)}  # noqa: B905  # they are of one length
        if KEPT in fates or not files:
            return None
        if any(is_named and _wants_a_word(path) for path, is_named in files):
            return None
        num_passed = fates.count(PASSED_OVER)
        return _say(len(files) - num_passed, num_passed)


def _wants_a_word(path: str) -> bool:
    """Whether more is to be said of a named file than that it is clean: it is no source, or of another library."""
    from orderlint.text.regular import read_regular

    if not path.lower().endswith((".py", ".pyw", ".ipynb")):
        return True
    data = read_regular(path)
    return any(mark in data for mark in _OTHER_LIBRARIES)


def _screen() -> Screen:
    from orderlint.screening.needs import USUAL, Needs
    from orderlint.screening.screen import Screen

    return Screen(Needs(USUAL))


def _refuse_configurations(paths: list[str]) -> None:
    """No answer where a configuration stands above a path."""
    asked: set[str] = set()
    for path in paths:
        absolute = os.path.abspath(path)
        for folder in _lineage(absolute if os.path.isdir(absolute) else os.path.dirname(absolute)):
            if folder in asked:
                break
            asked.add(folder)
            if _is_configured(folder):
                raise _NoAnswer


def _named(paths: list[str]) -> list[tuple[str, bool]] | None:
    """The files, if all paths are files: then nothing has to be searched."""
    files = dict.fromkeys(map(os.path.abspath, paths))
    return [(path, True) for path in files] if all(map(os.path.isfile, files)) else None


def _walked(paths: list[str], *, isolated: bool, forced: bool) -> Walk:
    """The files that are found; no answer where there is a configuration below or anything to complain of."""
    from orderlint.discovery.walking import Walk

    def entered(folder: str, entries: list[os.DirEntry[str]]) -> None:
        if any(entry.name in (_OWN_FILE, _PROJECT_FILE) for entry in entries) and _is_configured(folder):
            raise _NoAnswer

    walk = Walk(entered=None if isolated else entered)
    for path in paths:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            walk.folder(absolute)
        elif os.path.exists(absolute):
            walk.named(absolute, forced=forced)
        else:
            raise _NoAnswer
    if walk.errors:
        raise _NoAnswer
    return walk


def _is_configured(folder: str) -> bool:
    """Whether a folder may hold a configuration of ours."""
    from orderlint.text.regular import NotRegular, read_regular

    if os.path.lexists(os.path.join(folder, _OWN_FILE)):
        return True
    try:
        data = read_regular(os.path.join(folder, _PROJECT_FILE))
        return b"orderlint" in data or b"[tool.o" in data  # the latter may be meant for it
    except (FileNotFoundError, NotRegular):
        return False


def _lineage(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _say(files: int, passed_over: int) -> int | None:
    """Write that nothing was found; `None` where that does not go the plain way."""
    from orderlint.report.clean import nothing_found

    if sys.stdout is None:
        return None
    sys.stdout.write(nothing_found(files, passed_over) + "\n")
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has gone; what is left to write goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
