"""Whether any installed package provides rules or roles for orderlint, without `importlib.metadata`.

Most environments have none, and the import of that module alone takes longer than to check a small file.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CATALOG", "RULES", "bring_anything", "places"]

RULES = "orderlint.rules"
CATALOG = "orderlint.catalog"
# The last answer, by everything that it depends on. `functools.cache` would take a millisecond to import.
_asked: dict[tuple[tuple[str, int], ...], bool] = {}


def bring_anything() -> bool:
    """Whether a package may have an entry point of orderlint. Changed folders of packages are searched again."""
    found = tuple(places())
    answer = _asked.get(found)
    if answer is None:
        answer = any(_mentions(file) for folder, _ in found for file in _entry_point_files(folder))
        _asked.clear()
        _asked[found] = answer
    return answer


def places() -> Iterator[tuple[str, int]]:
    """The folders that packages are imported from, with the time of their last change."""
    for folder in dict.fromkeys(sys.path):
        try:
            yield folder or os.curdir, os.stat(folder or os.curdir).st_mtime_ns
        except (OSError, ValueError):
            continue


def _entry_point_files(folder: str) -> Iterator[str | None]:
    """The files with entry points in a folder; `None` for an archive, which only `importlib.metadata` can read."""
    try:
        names = os.listdir(folder)
    except NotADirectoryError:
        yield None  # an archive
        return
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            yield os.path.join(folder, name, "entry_points.txt")
        elif name.endswith(".egg"):
            yield None


def _mentions(file: str | None) -> bool:
    if file is None:
        return True
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        text = os.read(descriptor, 1 << 20)
    finally:
        os.close(descriptor)
    return RULES.encode() in text or CATALOG.encode() in text
