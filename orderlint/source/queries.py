"""The questions that an analysis asks about files: the file of a module, and whether its content has changed.

Every question is a *query* with an answer. So it can be kept for a run, stored with the findings, asked again later,
and answered by another process. This module imports little, because some runs only repeat earlier queries.
"""

from __future__ import annotations

import os
import time

from orderlint.source.neighborhood import files_in, is_root, root_of
from orderlint.text.marks import FRAMEWORKS
from orderlint.text.regular import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence
    from pathlib import Path

__all__ = ["Answer", "FileQueries", "Query", "Stamp", "digest", "stamp_of"]

Query = tuple[str, ...]
"""The kind of a question and its arguments: `("find", folder, module)`, `("relative", folder, level, module)`,
`("submodule", package, name)`, `("name", file)`, `("folder", path)`, `("text", file)`, `("around", file, time)`. Paths
are absolute. The time, in nanoseconds, is that of the run that asked first. Files that were fresh then are compared by
content from then on, so the answer stays the same as long as the files do.
"""
Stamp = tuple[int, ...]
"""Values that change when a file changes: its modification time, its size and others."""
Answer = str | None
"""A path, a dotted name, the digest of a text, `yes`; `None` if nothing is there."""

_MOST_FOLDERS = 9
_COARSE = 2_000_000_000  # nanoseconds: FAT stores times in steps of two seconds, and a file may change twice within one


def digest(data: bytes) -> str:
    """A hash that identifies a text."""
    from hashlib import blake2b

    return blake2b(data, digest_size=16).hexdigest()


class FileQueries:
    """Answers queries from the disk. Within a run (see `refresh`), every query has one answer.

    Args:
        roots: Folders for absolute imports, in addition to those around each file.
        texts: Texts that replace the contents of files, by absolute path. They may change between runs.
    """

    def __init__(self, roots: tuple[Path, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        self._roots = tuple(os.path.abspath(root) for root in roots)
        self._texts = {} if texts is None else texts
        self._answers: dict[Query, Answer] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._began = time.time_ns()
        self._stamps: dict[str, list[tuple[str, Stamp | None]]] = {}
        self._listings: dict[tuple[str, str], str] = {}
        self._asked: list[MutableMapping[Query, Answer]] = []

    def answer(self, query: Query) -> Answer:
        """The answer to a query. It is the same for a whole run."""
        if query not in self._answers:
            self._answers[query] = self._query(query)
        answer = self._answers[query]
        for asked in self._asked:
            asked[query] = answer
        return answer

    def around(self, path: str) -> Answer:
        """An answer that changes if any file of the project around a file changes."""
        return self.answer(("around", path, str(self._began)))

    def files_around(self, path: str) -> tuple[str, Sequence[tuple[str, Stamp | None]]]:
        """The root of the project of a file, and the files there, each with its stamp."""
        root, is_deep = root_of(path)
        if root not in self._stamps:
            self._stamps[root] = [(file, _stamp(file)) for file in files_in(root, is_deep)]
        return root, self._stamps[root]

    def refresh(self) -> None:
        """Begin a run. From now on, everything is looked up again when it is first needed."""
        self._began = time.time_ns()
        self._answers.clear()
        self._folders.clear()
        self._stamps.clear()
        self._listings.clear()

    def _query(self, query: Query) -> Answer:
        kind, place, *more = query
        if kind == "find":
            return self._find(place, more[0])
        if kind == "relative":
            for _ in range(int(more[0]) - 1):
                if is_root(place):
                    return None  # it would leave the project
                place = os.path.dirname(place)
            return self._at(place, more[1].split(".") if more[1] else [])
        if kind == "submodule":
            return self._submodule(place, more[0])
        if kind == "name":
            return self._name(place)
        if kind == "folder":
            return "yes" if os.path.isdir(place) else None
        if kind == "around":
            return self._around(place, more[0])
        assert kind == "text", kind
        return self._digest(place)

    def _find(self, folder: str, name: str) -> str | None:
        parts = name.split(".")
        if parts[0] in FRAMEWORKS and "applications" not in parts[1:]:
            return None
        if folder not in self._folders:
            self._folders[folder] = (*self._roots, *_around(folder))
        return next((found for root in self._folders[folder] if (found := self._at(root, parts)) is not None), None)

    def _around(self, path: str, asked: str) -> str:
        root, files = self.files_around(path)
        known = self._listings.get((root, asked))
        if known is None:
            lines = "\n".join(_listing(files, int(asked)))
            known = self._listings[root, asked] = digest(lines.encode("utf-8", "surrogateescape"))
        return known

    def _submodule(self, package: str, name: str) -> str | None:
        if os.path.isdir(package):
            return self._at(package, [name])
        folder, file = os.path.split(package)
        return self._at(folder, [name]) if os.path.splitext(file)[0] == "__init__" else None

    def _name(self, path: str) -> str:
        folder, file = os.path.split(path)
        stem = os.path.splitext(file)[0]
        parts = [] if stem == "__init__" else [stem]
        while self._is_file(os.path.join(folder, "__init__.py")):
            folder, name = os.path.split(folder)
            parts.insert(0, name)
        return ".".join(parts)

    def _at(self, folder: str, parts: list[str]) -> str | None:
        place = os.path.join(folder, *parts)
        package = os.path.join(place, "__init__.py")
        if self._is_file(package):
            return package
        if not parts:
            return place
        if self._is_file(place + ".py"):
            return place + ".py"
        return place if _holds_python(place) else None

    def _is_file(self, path: str) -> bool:
        return path in self._texts or os.path.isfile(path)

    def _digest(self, path: str) -> Answer:
        try:
            return digest(self._bytes(path))
        except (OSError, ValueError):
            return None

    def _bytes(self, path: str) -> bytes:
        text = self._texts.get(path)
        return read_regular(path) if text is None else text


def stamp_of(path: str, asked: int | None = None) -> Stamp | None:
    """The stamp of a file; `None` for a file that changed so recently that another change may go unnoticed.

    Args:
        path: The file.
        asked: The time, in nanoseconds, at which it must have been unchanged for a while; the current time by default.
    """
    stamp = _stamp(path)
    return None if stamp is None or _is_fresh(stamp, time.time_ns() if asked is None else asked) else stamp


def _stamp(path: str) -> Stamp | None:
    """The stamp of a file, even if it changed recently; `None` if there is no such file."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def _is_fresh(stamp: Stamp, asked: int) -> bool:
    """Whether a file had changed so recently, at a time in nanoseconds, that another change might go unnoticed."""
    return asked - stamp[0] < _COARSE


def _around(folder: str) -> Iterator[str]:
    """The folders that may be on the import path of a script in `folder`, nearest first, up to the project's root."""
    for _ in range(_MOST_FOLDERS):
        yield folder
        source = os.path.join(folder, "src")
        if os.path.isdir(source):
            yield source
        parent = os.path.dirname(folder)
        if parent == folder or is_root(folder):
            return
        folder = parent


def _listing(files: Sequence[tuple[str, Stamp | None]], asked: int) -> Iterator[str]:
    """Files, each with its stamp, or with its content if it was fresh at a time in nanoseconds."""
    for file, stamp in files:
        is_settled = stamp is not None and not _is_fresh(stamp, asked)
        yield f"{file}\t{stamp if is_settled else _content_of(file)}"


def _content_of(file: str) -> str | None:
    """The digest of a file that changed too recently to be identified by its stamp."""
    try:
        return digest(read_regular(file))
    except (OSError, ValueError):
        return None


def _holds_python(folder: str) -> bool:
    """Whether a path is a folder that contains modules."""
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".py") for entry in entries)
    except (OSError, ValueError):
        return False
