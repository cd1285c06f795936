"""Stores the cache: one JSON file for each source folder, which is always replaced as a whole.

A damaged or unexpected file counts as empty, and what cannot be written is skipped. So parallel runs, an interruption,
a full disk or a folder of another user cost time, but never cause a wrong result.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orderlint.engine.places import ANSWER, is_own
from orderlint.text.regular import read_regular

__all__ = ["Store", "prepare", "put_whole", "remove_cache"]

MOST_BYTES = 200_000_000
"""The most bytes of a cache. Beyond that, the files that were written longest ago are removed."""
MOST_OF_SHARD = 16 * 2**20
"""The most bytes of one file that are read: the outcomes of some thousand files in one folder."""
MOST_VARIANTS = 8
"""The most entries for one file, with different standards or different paths in reports."""
_OLD = 30 * 24 * 3600  # seconds after which files of other versions are removed
_TAG = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55"  # backup programs search for it
_TAG_TEXT = f"{_SIGNATURE}\n# This folder is a cache of orderlint: it may be removed at any time.\n"
Entries = dict[str, Any]


def remove_cache(folder: Path) -> int | None:
    """Remove a cache and return its size in bytes; return `None` if there is none.

    Raises:
        ValueError: The folder is not a cache of orderlint, so it is not removed.
        OSError: The folder cannot be removed.
    """
    if not folder.is_dir():
        return None
    if not (folder / _TAG).is_file():
        raise ValueError(f"contains no {_TAG}, so it is not a cache of orderlint")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    import shutil  # slow to import, rarely needed

    shutil.rmtree(folder)
    return size


def put_whole(path: str, data: bytes) -> None:
    """Replace a file of the cache, completely or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    folder, name = os.path.split(path)
    descriptor, made = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(made, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(made)  # noqa: PTH108
        raise


def prepare(folder: str | os.PathLike[str]) -> None:
    """Create the folder of a cache, and exclude it from repositories and backups.

    Raises:
        OSError: The folder cannot be written.
    """
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  # the fast path has no `Path`
    for name, text in ((".gitignore", "*\n"), (_TAG, _TAG_TEXT)):
        with contextlib.suppress(FileExistsError), Path(folder, name).open("x", encoding="utf-8") as file:
            file.write(text)  # the file is new: not even a broken link existed there


class Store:
    """The entries in a folder, by shard and name.

    Args:
        folder: The folder. It is created when something is first written.
        signature: A hash of what all entries depend on. Entries with other signatures are ignored.
    """

    def __init__(self, folder: Path, signature: str) -> None:
        self._folder = folder
        self._home = folder / signature
        self._shards: dict[str, Entries] = {}
        self._changed: dict[str, Entries] = {}
        self._usable: bool | None = None

    def get(self, shard: str, name: str) -> Any:
        """An entry; `None` if there is none."""
        if shard not in self._shards:
            self._shards[shard] = self._loaded(shard)
        return self._shards[shard].get(name)

    def put(self, shard: str, name: str, entry: Any) -> None:
        """Add an entry, a JSON value. `save` writes it."""
        self._shards.setdefault(shard, {})[name] = entry
        self._changed.setdefault(shard, {})[name] = entry

    def save(self) -> None:
        """Write new entries, and keep those that another run has written in the meantime."""
        changed, self._changed = self._changed, {}
        if not changed:
            return
        try:
            self._prepare()
            for shard, entries in changed.items():
                self._write(shard, _thinned({**self._loaded(shard), **entries}))
            self._prune()
        except (OSError, ValueError):
            return  # a read-only folder, a full disk: the next run works without it

    # -- files --------------------------------------------------------------------------------------------------

    def _loaded(self, shard: str) -> Entries:
        if not self._is_usable():
            return {}
        try:
            loaded = json.loads(read_regular(self._home / f"{shard}.json", MOST_OF_SHARD))
        except (OSError, ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def _is_usable(self) -> bool:
        """Whether the folder is the user's own. Otherwise, nothing is read from it or written to it."""
        if self._usable is None:
            self._usable = all(is_own(path) for path in (self._folder, self._home))
        return self._usable

    def _prepare(self) -> None:
        if not self._is_usable():
            raise OSError("the folder belongs to somebody else")
        prepare(self._folder)
        self._home.mkdir(exist_ok=True)

    def _write(self, shard: str, entries: Mapping[str, Any]) -> None:
        put_whole(str(self._home / f"{shard}.json"), json.dumps(entries, separators=(",", ":")).encode())

    def _prune(self) -> None:
        """Remove unfinished files, files of other versions, and the oldest files if there are too many."""
        now = time.time()
        files = sorted(_files_in(self._folder), key=lambda file: file[1])
        size = sum(held for _, _, held in files)
        for path, written, held in files:
            foreign = path.parent != self._home
            unfinished = path.suffix == ".tmp"
            if size > MOST_BYTES or (foreign and now - written > _OLD) or (unfinished and now - written > 3600):
                with contextlib.suppress(OSError):
                    path.unlink()
                    size -= held
        for home in self._folder.iterdir():
            if home != self._home and is_own(home):
                with contextlib.suppress(OSError):
                    home.rmdir()  # this only removes an empty folder


def _thinned(entries: Entries) -> Entries:
    """Entries without the oldest ones, if there are many about one file.

    The name of an entry starts with the name of its file, up to a NUL character.
    """
    kept: dict[str, list[str]] = {}
    for name in entries:
        kept.setdefault(name.partition("\0")[0], []).append(name)
    recent = {name for names in kept.values() for name in names[-MOST_VARIANTS:]}
    return {name: entry for name, entry in entries.items() if name in recent}


def _files_in(folder: Path) -> Iterator[tuple[Path, float, int]]:
    """The files with entries, each with the time when it was written and its size, but no links."""
    for home in folder.iterdir():
        if not is_own(home):
            continue
        with os.scandir(home) as entries:
            for entry in entries:
                if entry.name.endswith((".json", ".tmp", ANSWER)):
                    with contextlib.suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        yield Path(entry.path), status.st_mtime, status.st_size
