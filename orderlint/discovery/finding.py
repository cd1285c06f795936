"""The files of a run, as records."""

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
        path: Absolute. Not a `Path`, which takes five times the memory: a run may be about 100,000 files.
        shown: As reports show it: relative to the current folder where it lies below it, with forward slashes.
        is_named: Whether the user named it, rather than a folder it lies in.
    """

    path: str
    shown: str
    is_named: bool = False


@record(frozen=True, slots=True)
class Discovery:
    """The result of a search.

    Attributes:
        files: Each once, in the order of `shown`.
        errors: Paths that do not exist, folders that cannot be read or hold no Python.
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
        paths: Files and folders. A file named here is checked whatever it is called; a folder named here is searched
            whatever it is called, and whether or not it is excluded or Git ignores it.
        exclude: Whether an absolute path is excluded; the second argument tells whether it is a folder, the third is
            the folder of `paths` that it was found in: what excludes that does not count.
        force_exclude: Whether `exclude` and the folders that are never searched count for what is named too, or a
            function that tells so for an absolute path.

    Symbolic links to folders are not followed, so no loop can arise; a link to a file that is found as well counts
    once.
    """
    walk = Walk(exclude)
    is_forced = (lambda path: force_exclude) if isinstance(force_exclude, bool) else force_exclude
    for path in paths:
        absolute = os.path.abspath(path)  # not `resolve`: links keep their names
        if not os.fspath(path):  # and not the current folder
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
