"""The files around a file: the root of its project, and the files in it.

The code that reads these files (to find importers of a helper, or readers of a layer by name) and the code that checks
whether any of them has changed must use the same files.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_AROUND", "files_in", "is_root", "root_of", "shown_beside"]

_ROOT_MARKS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})
MOST_AROUND = 2_000  # files of a project that are considered; to stat so many takes 20 ms


def is_root(folder: str) -> bool:
    """Whether a folder contains a file that marks it as the root of a project."""
    return any(os.path.exists(os.path.join(folder, mark)) for mark in _ROOT_MARKS)


def root_of(path: str) -> tuple[str, bool]:
    """The root folder of the project that a file belongs to, and whether it is marked; else the file's own folder.

    Args:
        path: The file; absolute.
    """
    folder = path
    while folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        if is_root(folder):
            return folder, True
    return os.path.dirname(path), False


def files_in(root: str, is_deep: bool) -> Iterator[str]:
    """The Python files and notebooks in a folder, including its subfolders if it is the root of a project."""
    left = MOST_AROUND
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if is_deep and name[0] != "." and name not in _SKIPPED)
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")):
                left -= 1
                if left < 0:
                    return
                yield os.path.join(place, name)


def shown_beside(path: str, other: str) -> str:
    """Another file of the same project, as messages show it: its path from the root, wherever a command runs."""
    root, _ = root_of(os.path.abspath(path))
    try:
        shown = os.path.relpath(other, root)
    except ValueError:  # on another drive
        shown = other
    return shown.replace(os.sep, "/")
