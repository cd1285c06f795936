"""Determines what Git ignores, from the `.gitignore` files and `.git/info/exclude` of a repository.

Outside a repository, the `.gitignore` files below the searched folder are used, too.
"""

from __future__ import annotations

import os

from orderlint.text.regular import lineage_of, read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from orderlint.discovery.patterns import PatternList

__all__ = ["FILE", "IgnoreRules"]

FILE = ".gitignore"
MOST_BYTES = 2**20  # of a file with patterns


class IgnoreRules:
    """The patterns that apply in a folder. It is falsy if there are none.

    Attributes:
        lists: The lists of patterns with their folders, the nearest first.
    """

    __slots__ = ("lists",)

    def __init__(self, lists: tuple[tuple[str, PatternList], ...] = ()) -> None:
        self.lists = lists

    def __bool__(self) -> bool:
        return bool(self.lists)

    @classmethod
    def above(cls, folder: str | os.PathLike[str]) -> IgnoreRules:
        """The patterns above a folder, up to the root of its repository; none outside of repositories.

        If they ignore the folder itself, they are dropped, because the user named it.
        """
        folder = os.fspath(folder)
        lineage = list(lineage_of(folder))
        root = next((parent for parent in lineage if os.path.exists(os.path.join(parent, ".git"))), None)
        if root is None:
            return cls()
        rules = cls().plus(root, os.path.join(_git_folder(root), "info", "exclude"))
        for parent in reversed(lineage[: lineage.index(root) + 1]):
            if rules.ignores(parent, is_folder=True):
                return cls()
            if parent != folder:
                rules = rules.entered(parent)
        return rules

    def entered(self, folder: str | os.PathLike[str]) -> IgnoreRules:
        """The patterns that apply in a subfolder: these and its own."""
        return self.plus(os.fspath(folder), os.path.join(folder, FILE))

    def plus(self, folder: str, file: str) -> IgnoreRules:
        """These patterns and, with priority, those in a file for a folder."""
        lines = _lines(file)
        if not lines:
            return self
        from orderlint.discovery.patterns import PatternList  # most folders have none

        patterns = PatternList(lines)
        return IgnoreRules(((folder, patterns), *self.lists)) if patterns else self

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or folder itself is ignored. The folders above it do not count."""
        for folder, patterns in self.lists:
            relative = path[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
            if relative and (verdict := patterns.verdict(relative, is_folder=is_folder)) is not None:
                return verdict
        return False


def _git_folder(root: str) -> str:
    """The folder with `info/exclude`: `.git`, or the folder that it refers to in a worktree or submodule."""
    place = os.path.join(root, ".git")
    if pointer := _first_line(place):
        place = os.path.join(root, pointer.removeprefix("gitdir:").strip())
    common = _first_line(os.path.join(place, "commondir"))
    return os.path.join(place, common) if common else place


def _first_line(file: str) -> str:
    return next(iter(_lines(file)), "").strip()


def _lines(file: str) -> list[str]:
    """The lines of a small text file; none if it cannot be read."""
    try:
        return read_regular(file, MOST_BYTES).decode("utf-8-sig", "surrogateescape").split("\n")
    except OSError:  # it does not exist, or is a FIFO
        return []
