"""What Git ignores, as far as the files of a repository say it: `.gitignore` and `.git/info/exclude`.

Without a repository the `.gitignore` files below the folder that is searched still count.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orderlint.discovery.patterns import PatternList
from orderlint.text.regular import read_regular

__all__ = ["FILE", "IgnoreRules"]

FILE = ".gitignore"
MOST_BYTES = 2**20  # of a file of patterns


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns that apply in a folder.

    Attributes:
        lists: Each with the folder it stands in, the nearest first.
    """

    lists: tuple[tuple[str, PatternList], ...] = ()

    @classmethod
    def above(cls, folder: Path) -> IgnoreRules:
        """The patterns from above a folder, up to the root of its repository; none outside repositories.

        They are dropped where they ignore the folder itself: whoever names it wants it.
        """
        lineage = [folder, *folder.parents]
        root = next((parent for parent in lineage if (parent / ".git").exists()), None)
        if root is None:
            return cls()
        rules = cls().plus(root, _git_folder(root) / "info" / "exclude")
        for parent in reversed(lineage[: lineage.index(root) + 1]):
            if rules.ignores(str(parent), is_folder=True):
                return cls()
            if parent != folder:
                rules = rules.entered(parent)
        return rules

    def entered(self, folder: Path) -> IgnoreRules:
        """The patterns that apply inside a folder: these and its own."""
        return self.plus(folder, folder / FILE)

    def plus(self, folder: Path, file: Path) -> IgnoreRules:
        """These patterns and, before them, those of a file about a folder."""
        lines = _lines(file)
        patterns = PatternList(lines)
        return IgnoreRules(((str(folder), patterns), *self.lists)) if patterns else self

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether an entry is ignored, by itself: the folders above it are not looked at."""
        for folder, patterns in self.lists:
            relative = path[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
            if relative and (verdict := patterns.verdict(relative, is_folder=is_folder)) is not None:
                return verdict
        return False


def _git_folder(root: Path) -> Path:
    """The folder with `info/exclude`: `.git`, or what it points to in a worktree or submodule."""
    place = root / ".git"
    if pointer := _first_line(place):
        place = root / pointer.removeprefix("gitdir:").strip()
    common = _first_line(place / "commondir")
    return place / common if common else place


def _first_line(file: Path) -> str:
    return next(iter(_lines(file)), "").strip()


def _lines(file: Path) -> list[str]:
    """The lines of a small text file; none if it cannot be read."""
    try:
        return read_regular(file, MOST_BYTES).decode("utf-8-sig", "surrogateescape").split("\n")
    except OSError:  # none there, or a FIFO of that name
        return []
