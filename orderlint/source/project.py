"""The project around a file: which of its modules an import names, and their parsed source."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

from orderlint.text.files import SourceError, SourceFile, read_source, source_from_bytes

__all__ = ["Project"]

MOST_PARSED = 300  # parsed modules kept; a libcst tree takes a hundred times its text
# Of these only the code that builds models is read; their layers are in the catalog.
_FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "torch", "flax", "jax", "keras_core"})
_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


class Project:
    """Finds and reads modules of the project that a file belongs to. Shared by the files of one run.

    Args:
        roots: Folders that absolute imports are looked up in, besides those around each file.
        texts: By absolute path: what to read instead of what a file holds.
    """

    def __init__(self, roots: tuple[Path, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        self._roots = roots
        self._texts = texts or {}
        self._parsed: OrderedDict[Path, SourceFile | None] = OrderedDict()
        self._folders: dict[Path, tuple[Path, ...]] = {}
        self._found: dict[tuple[Path, str], Path | None] = {}

    def find(self, name: str, importer: Path) -> Path | None:
        """The file (or package folder) of the absolute module `name`, as `importer` would find it."""
        importer = Path(os.path.abspath(importer))
        key = (importer.parent, name)
        if key not in self._found:
            self._found[key] = self._look_up(name.split("."), importer)
        return self._found[key]

    def module_name(self, path: Path) -> str:
        """The absolute dotted name of a file: its path from the outermost folder that is a package."""
        path = Path(os.path.abspath(path))  # a relative path has no end of parents
        parts = [] if path.stem == "__init__" else [path.stem]
        folder = path.parent
        while (folder / "__init__.py").is_file():
            parts.insert(0, folder.name)
            folder = folder.parent
        return ".".join(parts)

    def relative(self, importer: Path, level: int, name: str) -> Path | None:
        """The file (or package folder) of `from ..name import`, `level` dots."""
        folder = Path(os.path.abspath(importer)).parent
        for _ in range(level - 1):
            folder = folder.parent
        return _at(folder, name.split(".") if name else [])

    def submodule(self, package: Path, name: str) -> Path | None:
        """The module `name` of a package, given by its folder or its `__init__.py`."""
        folder = package if package.is_dir() else package.parent
        if not package.is_dir() and package.stem != "__init__":
            return None
        return _at(folder, [name])

    def read(self, path: Path) -> SourceFile | None:
        """A module's source; `None` if it cannot be read."""
        if path in self._parsed:
            self._parsed.move_to_end(path)
            return self._parsed[path]
        source: SourceFile | None
        try:
            text = self._texts.get(os.path.abspath(path)) if self._texts else None
            source = read_source(path) if text is None else source_from_bytes(text, str(path))
        except (SourceError, OSError):
            source = None
        self._parsed[path] = source
        if len(self._parsed) > MOST_PARSED:
            self._parsed.popitem(last=False)
        return source

    def _look_up(self, parts: list[str], importer: Path) -> Path | None:
        if parts[0] in _FRAMEWORKS and "applications" not in parts[1:]:
            return None
        return _first(self._search_folders(importer.parent), parts)

    def _search_folders(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._folders:
            self._folders[folder] = (*self._roots, *_around(folder))
        return self._folders[folder]


def _around(folder: Path) -> Iterator[Path]:
    """The folders that may be on the import path of a script in `folder`, nearest first, up to the project's root."""
    for depth, candidate in enumerate((folder, *folder.parents)):
        yield candidate
        if (candidate / "src").is_dir():
            yield candidate / "src"
        if depth >= 8 or any((candidate / mark).exists() for mark in _ROOT_MARKS):
            return


def _first(folders: tuple[Path, ...], parts: list[str]) -> Path | None:
    return next((found for folder in folders if (found := _at(folder, parts)) is not None), None)


def _at(folder: Path, parts: list[str]) -> Path | None:
    place = folder.joinpath(*parts)
    if not parts or (place / "__init__.py").is_file():
        return place / "__init__.py" if (place / "__init__.py").is_file() else place
    module = place.with_name(place.name + ".py")
    if module.is_file():
        return module
    return place if place.is_dir() and any(place.glob("*.py")) else None
