"""The search of folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orderlint.diagnostics import FileError
from orderlint.discovery.ignoring import FILE, IgnoreRules
from orderlint.text.regular import exists, is_folder, is_link

__all__ = ["Discovery", "FoundFile", "discover", "shown_path"]

SUFFIXES = (".py", ".pyw", ".ipynb")

# Never searched for themselves, unless named: other people's code, caches, products. The names are Ruff's default.
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

Excludes = Callable[[str, bool], bool]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to check.

    Attributes:
        path: Absolute.
        shown: As reports show it: relative to the current folder where it lies below it, with forward slashes.
        is_named: Whether the user named it, rather than a folder it lies in.
    """

    path: Path
    shown: str
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a search came to.

    Attributes:
        files: Each once, in the order of `shown`.
        errors: Paths that do not exist, folders that cannot be read or hold no Python.
    """

    files: tuple[FoundFile, ...] = ()
    errors: tuple[FileError, ...] = ()


def _nothing(path: str, is_folder: bool) -> bool:
    return False


def discover(
    paths: Iterable[str | os.PathLike[str]],
    exclude: Excludes = _nothing,
    force_exclude: Callable[[str], bool] | bool = False,
) -> Discovery:
    """The Python files and notebooks to check.

    Args:
        paths: Files and folders. A file named here is checked whatever it is called; a folder named here is searched
            whatever it is called and whether or not Git ignores it.
        exclude: Whether an absolute path is excluded; the second argument tells whether it is a folder.
        force_exclude: Whether `exclude` and the folders that are never searched count for named files too, or a
            function that tells so for an absolute path.

    Symbolic links to folders are not followed, so no loop can arise; a link to a file that is found as well counts
    once.
    """
    search = _Search(exclude)
    for path in paths:
        absolute = Path(os.path.abspath(path))  # not `resolve`: links keep their names
        if is_folder(absolute):
            search.folder(absolute)
        elif exists(absolute):
            forced = force_exclude if isinstance(force_exclude, bool) else force_exclude(str(absolute))
            search.named(absolute, forced)
        else:
            search.missing(absolute)
    return search.result()


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as reports show it: relative where it lies below the current folder, with forward slashes."""
    absolute = os.path.abspath(path)
    here = str(Path.cwd())
    inside = absolute.startswith(here.rstrip(os.sep) + os.sep)
    return (os.path.relpath(absolute, here) if inside else absolute).replace(os.sep, "/")


class _Search:
    """Files and errors, gathered path by path."""

    def __init__(self, exclude: Excludes) -> None:
        self._exclude = exclude
        self._found: dict[str, FoundFile] = {}
        self._links: dict[str, str] = {}  # link to a file: its target
        self._errors: dict[str, FileError] = {}

    def result(self) -> Discovery:
        for link, target in self._links.items():
            if target in self._found and not self._found[link].is_named:
                del self._found[link]
        files = sorted(self._found.values(), key=lambda file: file.shown)
        return Discovery(tuple(files), tuple(self._errors[path] for path in sorted(self._errors)))

    def named(self, path: Path, forced: bool) -> None:
        if not (forced and self._is_excluded(path)):
            self._found[str(path)] = FoundFile(path, shown_path(path), is_named=True)

    def missing(self, path: Path) -> None:
        self._error(path, "a link to nothing" if is_link(path) else "no such file or folder")

    def folder(self, root: Path) -> None:
        num_errors = len(self._errors)
        num_found = 0
        for path in self._walk(root):
            num_found += 1
            self._found.setdefault(path, FoundFile(Path(path), shown_path(path)))
        if not num_found and len(self._errors) == num_errors:
            self._error(root, "no Python files or notebooks in this folder that are not excluded or ignored")

    def _walk(self, root: Path) -> Iterator[str]:
        stack = [(root, IgnoreRules.above(root))]
        while stack:
            folder, rules = stack.pop()
            entries = self._entries(folder)
            if folder != root and not ENVIRONMENT_MARKS.isdisjoint(entry.name for entry in entries):
                continue
            if any(entry.name == FILE for entry in entries):
                rules = rules.entered(folder)
            for entry in entries:
                if _is_folder(entry):
                    if entry.name not in SKIPPED_FOLDERS and self._is_wanted(entry.path, rules, is_folder=True):
                        stack.append((Path(entry.path), rules))
                elif (
                    entry.name.lower().endswith(SUFFIXES)
                    and self._is_wanted(entry.path, rules, is_folder=False)
                    and self._is_file(entry)
                ):
                    yield entry.path

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a file or a link to one; a link that leads in a circle is an error of its own."""
        try:
            if not entry.is_symlink():
                return entry.is_file()
            Path(entry.path).stat()
        except FileNotFoundError:
            return False  # an editor's lock file, or a file that has gone meanwhile
        except OSError as error:
            self._error(Path(entry.path), (error.strerror or str(error)).lower())
            return False
        self._links[entry.path] = os.path.realpath(entry.path)
        return entry.is_file()

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self._error(folder, (error.strerror or str(error)).lower())
            return []

    def _is_wanted(self, path: str, rules: IgnoreRules, *, is_folder: bool) -> bool:
        return not rules.ignores(path, is_folder=is_folder) and not self._exclude(path, is_folder)

    def _is_excluded(self, path: Path) -> bool:
        """Whether a named file is excluded, or lies in a folder that is never searched, below the current one."""
        shown = Path(shown_path(path))
        folders = () if shown.is_absolute() else shown.parts[:-1]
        return not SKIPPED_FOLDERS.isdisjoint(folders) or self._exclude(str(path), False)

    def _error(self, path: Path, message: str) -> None:
        shown = shown_path(path)
        self._errors.setdefault(shown, FileError(shown, message))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder, and no link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
