"""Searches folders, with paths as strings, because the fast path needs little else."""

from __future__ import annotations

import os

from orderlint.discovery.ignoring import FILE, IgnoreRules
from orderlint.text.failures import in_words
from orderlint.text.marks import SUFFIXES
from orderlint.text.regular import is_link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Excludes = Callable[[str, bool, str], bool]
    Entered = Callable[[str, list[os.DirEntry[str]]], None]

__all__ = ["ENVIRONMENT_MARKS", "SKIPPED_FOLDERS", "Walk", "shown_from"]

# Folders that are only searched if the user names them: libraries, caches and build results. Most are Ruff's defaults.
SKIPPED_FOLDERS = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".git-rewrite",
        ".hg",
        ".hypothesis",
        ".idea",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".orderlint_cache",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "__pypackages__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})

NO_FILES = "no Python files or notebooks in this folder that are not excluded or ignored"


def shown_from(here: str, absolute: str) -> str:
    """An absolute path as reports show it: relative if it is below a folder, with forward slashes."""
    start = here.rstrip(os.sep) + os.sep
    shown = absolute.removeprefix(start)
    return shown if os.sep == "/" else shown.replace(os.sep, "/")


class Walk:
    """Collects files and errors, path by path.

    Args:
        exclude: Returns whether an absolute path is excluded. The second argument is whether it is a folder. The third
            is the named folder that contains it; empty for a named path. `None` if nothing is excluded.
        entered: Called with each folder that is searched, and its entries.

    Attributes:
        here: The current folder.
        found: The files by absolute path, with whether the user named them.
        errors: The error messages, by the path in reports.
    """

    def __init__(self, exclude: Excludes | None = None, entered: Entered | None = None) -> None:
        self.here = os.getcwd()
        self.found: dict[str, bool] = {}
        self.errors: dict[str, str] = {}
        self._exclude = exclude
        self._entered = entered
        self._links: dict[str, str] = {}  # the targets of links to files

    def files(self) -> list[tuple[str, str, bool]]:
        """Each file once: its path, its path in reports, and whether it was named; sorted by the path in reports."""
        for link, target in self._links.items():
            if target in self.found and not self.found.get(link, True):
                del self.found[link]
        files = [(shown_from(self.here, path), path, is_named) for path, is_named in self.found.items()]
        return [(path, shown, is_named) for shown, path, is_named in sorted(files)]

    def named(self, path: str, *, forced: bool) -> None:
        """Add a file that the user named. With `forced`, it is not added if it is excluded."""
        if not (forced and self._is_excluded(path, is_folder=False)):
            self.found[path] = True

    def missing(self, path: str) -> None:
        """Add an error for a path that does not exist."""
        from orderlint.words import near_path  # slow to import, and most paths exist

        self._error(path, "a broken symbolic link" if is_link(path) else f"no such file or folder{near_path(path)}")

    def folder(self, root: str, *, forced: bool = False) -> None:
        """Add the files in a folder that the user named. With `forced`, nothing is added if it is excluded."""
        if forced and self._is_excluded(root, is_folder=True):
            return
        num_errors, num_found = len(self.errors), 0
        for path in self._walk(root):
            num_found += 1
            self.found.setdefault(path, False)
        if not num_found and len(self.errors) == num_errors:
            self._error(root, _nothing_in(root))

    def _walk(self, root: str) -> Iterator[str]:
        stack = [(root, IgnoreRules.above(root))]
        while stack:
            folder, rules = stack.pop()
            entries = self._entries(folder)
            names = {entry.name for entry in entries}
            if folder != root and not ENVIRONMENT_MARKS.isdisjoint(names):
                continue
            if self._entered is not None:
                self._entered(folder, entries)
            if FILE in names:
                rules = rules.entered(folder)
            for entry in entries:
                name = entry.name
                if _is_folder(entry):
                    if name not in SKIPPED_FOLDERS and self._is_wanted(entry.path, rules, root, is_folder=True):
                        stack.append((entry.path, rules))
                elif (name.endswith(SUFFIXES) or name.lower().endswith(SUFFIXES)) and (
                    self._is_wanted(entry.path, rules, root, is_folder=False) and self._is_file(entry)
                ):
                    yield entry.path

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a file or a link to one. A link to itself is an error."""
        try:
            if not entry.is_symlink():
                return entry.is_file()
            os.stat(entry.path)
        except FileNotFoundError:
            return False  # the lock file of an editor, or a file that was removed in the meantime
        except OSError as error:
            self._error(entry.path, in_words(error))
            return False
        self._links[entry.path] = os.path.realpath(entry.path)
        return entry.is_file()

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self._error(folder, in_words(error))
            return []

    def _is_wanted(self, path: str, rules: IgnoreRules, root: str, *, is_folder: bool) -> bool:
        if rules and rules.ignores(path, is_folder=is_folder):
            return False
        return self._exclude is None or not self._exclude(path, is_folder, root)

    def _is_excluded(self, path: str, *, is_folder: bool) -> bool:
        """Whether a named path is excluded, or is in a folder below the current one that is never searched."""
        shown = shown_from(self.here, path)
        parts = () if os.path.isabs(shown) else shown.split("/")
        folders = parts if is_folder else parts[:-1]
        if not SKIPPED_FOLDERS.isdisjoint(folders):
            return True
        return self._exclude is not None and self._exclude(path, is_folder, "")

    def _error(self, path: str, message: str) -> None:
        self.errors.setdefault(shown_from(self.here, path), message)


def _nothing_in(folder: str) -> str:
    """The message about a folder without source code."""
    if not os.path.isfile(os.path.join(folder, "saved_model.pb")):
        return NO_FILES
    from orderlint.text.files import IS_SAVED_MODEL  # slow to import

    return IS_SAVED_MODEL


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder, but not a link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
