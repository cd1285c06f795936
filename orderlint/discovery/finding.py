"""Finds the files of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from orderlint.diagnostics import FileError
from orderlint.discovery.walking import Walk, shown_from
from orderlint.records import record
from orderlint.text.regular import exists, is_folder

if TYPE_CHECKING:
    from orderlint.discovery.walking import Excludes

__all__ = ["Discovery", "FoundFile", "discover", "shown_path"]


@record(frozen=True, slots=True)
class FoundFile:
    """A file to check.

    Attributes:
        path: The absolute path. A `Path` would take five times the memory, and a run may have 100,000 files.
        shown: The path in reports: relative if it is below the current folder, with forward slashes.
        is_named: Whether the user named the file itself, and not only a folder above it.
    """

    path: str
    shown: str
    is_named: bool = False


@record(frozen=True, slots=True)
class Discovery:
    """The result of a search.

    Attributes:
        files: The files, each once, in the order of `shown`.
        errors: Paths that do not exist, and folders that cannot be read or do not contain Python.
    """

    files: tuple[FoundFile, ...] = ()
    errors: tuple[FileError, ...] = ()


def discover(
    paths: Iterable[str | os.PathLike[str]],
    exclude: Excludes | None = None,
    force_exclude: Callable[[str], bool] | bool = False,
) -> Discovery:
    """The Python files and notebooks to check.

    Args:
        paths: Files and folders. A named file is checked, whatever its name is. A named folder is searched, even if it
            is excluded, or if Git ignores it.
        exclude: Returns whether an absolute path is excluded. The second argument is whether it is a folder. The third
            is the named folder that contains it: patterns that exclude this folder do not count.
        force_exclude: Whether `exclude` and the folders that are never searched also apply to named paths, or a
            function that returns this for an absolute path.

    Symbolic links to folders are not followed, so that there are no loops. A file and links to it count once.
    """
    walk = Walk(exclude)
    is_forced = (lambda path: force_exclude) if isinstance(force_exclude, bool) else force_exclude
    for path in paths:
        absolute = os.path.abspath(path)  # not `resolve`, so that links keep their names
        if not os.fspath(path):  # `abspath` would return the current folder
            walk.errors['""'] = "the path is empty"
        elif is_folder(absolute):
            walk.folder(absolute, forced=is_forced(absolute))
        elif exists(absolute):
            walk.named(absolute, forced=is_forced(absolute))
        else:
            walk.missing(absolute)
    files = tuple(FoundFile(path, shown, is_named) for path, shown, is_named in walk.files())
    return Discovery(files, tuple(FileError(path, walk.errors[path]) for path in sorted(walk.errors)))


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as reports show it: relative if it is below the current folder, with forward slashes."""
    return shown_from(os.getcwd(), os.path.abspath(path))
