"""The other files of a project: which of them import from a file or look up layers by name or index."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from orderlint.records import record
from orderlint.repair.net.lookups import lookups_in
from orderlint.repair.net.readings import Lookups
from orderlint.source import Project
from orderlint.source.neighborhood import MOST_AROUND
from orderlint.source.queries import Stamp
from orderlint.text.files import SourceError, read_source, source_from_bytes
from orderlint.text.regular import is_file, read_regular

__all__ = ["Around", "Reader", "importer_of"]

_FROM = re.compile(rb"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*|[\w ,\t]*)", re.MULTILINE | re.ASCII)
_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([\w., \t]+)", re.MULTILINE | re.ASCII)
_READING = re.compile(rb"get_layer|\.layers\s*\[|\.name\b")


@record(frozen=True, slots=True)
class Reader:
    """Another file of the project that may look up layers by name or index.

    Attributes:
        path: Its absolute path.
        shown: Its path from the root of the project.
        stamp: Its stamp.
        data: Its content.
    """

    path: str
    shown: str
    stamp: Stamp
    data: bytes

    def lookups(self) -> Lookups:
        """The lookups in the file. This parses it, so its bytes should be searched first: there may be many files."""
        return _lookups_of(self.path, self.stamp)


class Around:
    """The files around a file. They are found once, because they do not change while the file is repaired.

    Args:
        path: The file.
        project: Finds the files of its project.
    """

    def __init__(self, path: str, project: Project | None = None) -> None:
        self._path = path
        self._project = project
        self._mentioning: dict[frozenset[bytes], list[Reader]] = {}

    @cached_property
    def readers(self) -> list[Reader]:
        """The files that contain text like a lookup."""
        return [*_readers_around(self._path, self._project)]

    def mentioning(self, texts: frozenset[bytes]) -> list[Reader]:
        """The readers whose bytes contain one of some texts."""
        if texts not in self._mentioning:
            found = [one for one in self.readers if any(text in one.data for text in texts)]
            self._mentioning[texts] = found
        return self._mentioning[texts]


def _readers_around(path: str, project: Project | None) -> Iterator[Reader]:
    for other, root, stamp in _others(path, project):
        if _may_read(other, stamp):
            data = _bytes_of(other, stamp)
            if data is not None:
                yield Reader(other, _shown(other, root), stamp, data)


def importer_of(path: str, name: str, project: Project | None = None) -> str | None:
    """The place of a name in another file of the project that imports from a file (`use.py:3`); `None` if none does."""
    place = Path(os.path.abspath(path)).with_suffix("").parts
    place = place[:-1] if place[-1] == "__init__" else place
    word = re.compile(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)")  # not a part of another (`call` in `recall`)
    for other, root, stamp in _others(path, project):
        data = _bytes_of(other, stamp)
        if data is None or name.encode() not in data or place[-1].encode() not in data:
            continue
        cells = _cells_of(other, data)
        if any(_leads_to(one, place) for _, code in cells for one in _imported(code)):
            for number, code in cells:
                found = word.search(code)
                if found is not None:
                    line, shown = len(code[: found.end()].splitlines()), _shown(other, root)
                    return f"{shown}:{line}" if number is None else f"{shown}, cell {number}, line {line}"
    return None


def _cells_of(path: str, data: bytes) -> list[tuple[int | None, bytes]]:
    """The code of a file; for a notebook, that of each cell with its number."""
    if not path.endswith(".ipynb"):
        return [(None, data)]
    try:
        source = source_from_bytes(data, path)
    except SourceError:
        return []
    return [(cell.number, cell.text.encode()) for cell in source.cells]


def _imported(data: bytes) -> Iterator[list[str]]:
    """The modules and names that a file imports: the parts of their dotted names, without leading dots."""
    for origin, names in _FROM.findall(data):
        before = [part for part in origin.decode().split(".") if part]
        yield before
        yield from ([*before, name] for name in re.findall(r"\w+", names.decode()))
    for names in _IMPORT.findall(data):
        yield from (name.split(".") for name in re.findall(r"[\w.]+", names.decode()))


def _leads_to(name: Sequence[str], place: tuple[str, ...]) -> bool:
    """Whether a dotted name may refer to a file, from any of its folders on."""
    return bool(name) and place[-len(name) :] == tuple(name)


def _others(path: str, project: Project | None) -> Iterator[tuple[str, str, Stamp]]:
    """The other files of a project: the path, the root of the project, and the stamp."""
    absolute = os.path.abspath(path)
    if not is_file(absolute):
        return
    root, files = (project or Project()).files_around(absolute)
    for other, stamp in files:
        if other != absolute and stamp is not None:
            yield other, root, stamp


def _shown(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


@lru_cache(maxsize=2 * MOST_AROUND)
def _lookups_of(path: str, stamp: Stamp) -> Lookups:
    """The lookups in a file with a stamp."""
    try:
        source = read_source(Path(path))
    except (OSError, SourceError):
        return Lookups()
    return lookups_in((cell.number, cell.text) for cell in source.cells)


@lru_cache(maxsize=2 * MOST_AROUND)
def _may_read(path: str, stamp: Stamp) -> bool:
    """Whether a file with a stamp contains text like a lookup.

    This is needed for each pair of files of a project. Only the answer is cached, not the content.
    """
    data = _bytes_of(path, stamp)
    return data is not None and _READING.search(data) is not None


@lru_cache(maxsize=64)
def _bytes_of(path: str, stamp: Stamp) -> bytes | None:
    """The content of a file with a stamp; `None` if it cannot be read."""
    try:
        return read_regular(path)
    except (OSError, SourceError):
        return None
