"""The files that imports lead to: the same as in `orderlint.source.project`, but from listed folders."""

from __future__ import annotations

import os
import sys

from orderlint.screening.imports import ALL, Import
from orderlint.text.marks import FRAMEWORKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["ROOT_MARKS", "Links", "Modules"]

ROOT_MARKS = frozenset({".git", "pyproject.toml", "setup.py", "setup.cfg"})
HIGHEST = 8
"""The most folders above a file's own in which absolute imports are looked up."""

_IGNORES_CASE = sys.platform in ("win32", "darwin")


class Links:
    """Where the imports of a file lead.

    Attributes:
        files: Modules, and the `__init__.py` of packages.
        packages: Folders of packages whose attributes code may read, with their names in the file; `ALL` if their
            contents are bound without a name.
        names: The names that are imported from modules, and the names that they are bound to.
    """

    __slots__ = ("files", "names", "packages")

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.packages: dict[str, set[bytes]] = {}
        self.names: set[bytes] = set()


class Modules:
    """The modules around the files of a run. Each folder is listed once."""

    def __init__(self) -> None:
        self._listed: dict[str, dict[str, str]] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._around: dict[str, tuple[str, ...]] = {}
        self._children: dict[str, dict[bytes, str]] = {}

    @property
    def listed(self) -> Mapping[str, Iterable[str]]:
        """The folders that were searched, with the names in each."""
        return {folder: entries.values() for folder, entries in self._listed.items()}

    def links(self, path: str, imports: Iterable[Import]) -> Links:
        """Where the imports of the file at an absolute path lead."""
        links = Links()
        folder = os.path.dirname(path)
        for one in imports:
            if one.names is None:
                self._link_module(links, folder, one)
                continue
            links.names |= one.names
            if one.level:
                base = folder
                for _ in range(one.level - 1):
                    base = os.path.dirname(base)
                place = self._at(base, one.module.split(".") if one.module else [])
            else:
                place = self._find(folder, one.module)
            if place is not None:
                self._link_members(links, place, one.names)
        return links

    def link_spelled(self, links: Links, path: str, names: Iterable[tuple[str, bool]]) -> None:
        """Add the modules and packages that a file may import by dotted names in strings."""
        folder = os.path.dirname(path)
        for name, goes_on in names:
            place = self._find(folder, name)
            if place is not None:
                self.link(links, place, ALL if goes_on else b"")

    def link(self, links: Links, place: str, bound: bytes) -> None:
        """Add a module, or a package whose attributes code may read."""
        if not place.endswith(os.sep):
            links.files.add(place)
        folder = _package(place)
        if folder is not None:
            links.packages.setdefault(folder, set()).add(bound)

    def children(self, package: str) -> dict[bytes, str]:
        """The modules and packages in a folder, by their names in imports."""
        found = self._children.get(package)
        if found is None:
            found = self._children[package] = {}
            for name in self._entries(package).values():
                stem, dot, suffix = name.partition(".")
                if (dot and suffix.lower() != "py") or stem == "__init__" or not stem.isidentifier():
                    continue
                place = self._at(package, [stem])
                if place is not None:
                    found[os.fsencode(stem)] = place
        return found

    def _link_module(self, links: Links, folder: str, one: Import) -> None:
        """`import a.b` binds `a` and runs `a.b`; `import a.b as c` binds `a.b`."""
        place = self._find(folder, one.module)
        if place is not None:
            self.link(links, place, one.bound)
        if "." in one.module:
            head = self._find(folder, one.module.partition(".")[0])
            if head is not None:
                self.link(links, head, one.bound)

    def _link_members(self, links: Links, place: str, names: frozenset[bytes]) -> None:
        if not place.endswith(os.sep):
            links.files.add(place)
        folder = _package(place)
        if folder is None:
            return
        if ALL in names:
            links.packages.setdefault(folder, set()).add(ALL)
        children = self.children(folder)
        for name in names:
            child = children.get(name)
            if child is not None:
                for bound in names:
                    self.link(links, child, bound)

    def _find(self, folder: str, name: str) -> str | None:
        key = (folder, name)
        if key in self._found:
            return self._found[key]
        parts = name.split(".")
        place = None
        if parts[0] not in FRAMEWORKS or "applications" in parts[1:]:
            for candidate in self._folders(folder):
                place = self._at(candidate, parts)
                if place is not None:
                    break
        self._found[key] = place
        return place

    def _at(self, folder: str, parts: list[str]) -> str | None:
        """The module or `__init__.py` of `folder/parts`. A folder without one ends with a separator."""
        if not parts:
            init = self._entry(folder, "__init__.py")
            return folder + os.sep if init is None else os.path.join(folder, init)
        for part in parts[:-1]:
            inner = self._entry(folder, part)
            if inner is None:
                return None
            folder = os.path.join(folder, inner)
        inner = self._entry(folder, parts[-1])
        place = None if inner is None else os.path.join(folder, inner)
        if place is not None:
            init = self._entry(place, "__init__.py")
            if init is not None:
                return os.path.join(place, init)
        module = self._entry(folder, parts[-1] + ".py")
        if module is not None:
            return os.path.join(folder, module)
        if place is not None and any(name.endswith(".py") for name in self._entries(place)):
            return place + os.sep
        return None

    def _folders(self, folder: str) -> tuple[str, ...]:
        if folder not in self._around:
            self._around[folder] = tuple(self._up(folder))
        return self._around[folder]

    def _up(self, folder: str) -> Iterator[str]:
        """The folders that may be on the import path of a script, nearest first, up to the project's root."""
        for depth in range(HIGHEST + 1):
            yield folder
            source = self._entry(folder, "src")
            if source is not None:
                yield os.path.join(folder, source)
            above = os.path.dirname(folder)
            if depth == HIGHEST or above == folder or any(self._entry(folder, mark) for mark in ROOT_MARKS):
                return
            folder = above

    def _entry(self, folder: str, name: str) -> str | None:
        return self._entries(folder).get(name.lower() if _IGNORES_CASE else name)

    def _entries(self, folder: str) -> dict[str, str]:
        """The contents of a folder, by name; empty if it is not a folder."""
        entries = self._listed.get(folder)
        if entries is None:
            try:
                names = os.listdir(folder)
            except OSError:
                names = []
            entries = {name.lower() if _IGNORES_CASE else name: name for name in names}
            self._listed[folder] = entries
        return entries


def _package(place: str) -> str | None:
    """The folder of a package; `None` for a module."""
    if place.endswith(os.sep):
        return place[: -len(os.sep)]
    folder, name = os.path.split(place)
    return folder if name.lower() == "__init__.py" else None
