"""Finds the root of a project and its cache. The fast path needs this, so little is imported."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANSWER", "CACHE", "MOST_KEPT", "VARIABLE", "cache_folder", "is_own", "project_path", "project_root"]

CACHE = ".orderlint_cache"
ANSWER = ".answer"
"""The suffix of the files of stored answers."""
MOST_KEPT = 64 * 2**20
"""The most bytes of a stored answer that are read, which is enough for some hundred thousand files."""
VARIABLE = "ORDERLINT_CACHE_DIR"
_ROOT_MARKS = (".git", ".hg", "orderlint-baseline.json", "pyproject.toml", "orderlint.toml", "setup.cfg")
"""The first kind that is found wins. With a baseline, a copy without `.git`, such as an archive, is one project."""
_CACHE_MARKS = (".git", "pyproject.toml", "orderlint.toml", "setup.py")


def project_path(path: str) -> str:
    """The path of a file from the root of its project, which does not depend on the current folder.

    The root is the nearest repository above it, or else the nearest folder with a configuration, or else the current
    folder. A name that is not a file, such as `<stdin>`, stays unchanged.
    """
    absolute = os.path.abspath(path)
    if not os.path.exists(absolute):
        return path
    root = project_root(absolute)
    return path if root is None else os.path.relpath(absolute, root).replace(os.sep, "/")


def project_root(file: str | os.PathLike[str]) -> str | None:
    """The root of the project that contains an absolute path; `None` if there is no mark of one."""
    folders = list(_above(os.fspath(file)))
    for mark in _ROOT_MARKS:
        for folder in folders:
            if os.path.exists(os.path.join(folder, mark)):
                return folder
    return None


def cache_folder(given: str | os.PathLike[str] | None = None) -> str:
    """The folder of the cache: the given one, that of the environment variable, or else one in the root of the project.

    The root is the nearest folder upward that is a repository or contains a configuration, or else the current folder.
    """
    named = given or os.environ.get(VARIABLE)
    if named:
        return os.path.abspath(named)
    here = os.getcwd()
    for folder in (here, *_above(here)):
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _CACHE_MARKS):
            return os.path.join(folder, CACHE)
    return os.path.join(here, CACHE)


def is_own(path: str | os.PathLike[str]) -> bool:
    """Whether a path is missing or a folder that this user owns, and not a link: a checkout may contain a cache."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    is_foreign = hasattr(os, "geteuid") and status.st_uid != os.geteuid()
    return stat.S_ISDIR(status.st_mode) and not is_foreign


def _above(path: str) -> Iterator[str]:
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder
