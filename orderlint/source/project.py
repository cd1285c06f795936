"""The project around a file: the modules that imports refer to, and their parsed source."""

from __future__ import annotations

import contextlib
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from orderlint.source.queries import Answer, FileQueries, Query, Stamp, digest, stamp_of
from orderlint.source.stars import Stars
from orderlint.text.files import SourceError, SourceFile, source_from_bytes
from orderlint.text.outline import OutlinedCell, outlined

if TYPE_CHECKING:
    from orderlint.text.cells import Cell

__all__ = ["Module", "Project", "let_go"]

StrPath: TypeAlias = "str | os.PathLike[str]"

MOST_READ = 300  # modules that are kept
MOST_PARSED = 400_000  # characters of modules whose trees are kept: a libcst tree takes a hundred times its text


class Module:
    """A module that was read.

    Attributes:
        stamp: Its stamp; `None` if it was so fresh that a later change might have the same stamp.
        digest: The digest of its content; `None` if it cannot be read.
        run: The run in which it was last found unchanged.
    """

    __slots__ = ("_data", "_path", "_source", "digest", "run", "stamp")

    def __init__(self, path: str, data: bytes | None, found: str | None, stamp: Stamp | None, run: int) -> None:
        self._path = path
        self._data = data
        self._source: SourceFile | None = None
        self.digest = found
        self.stamp = stamp
        self.run = run

    @property
    def source(self) -> SourceFile | None:
        """The source, if it is text. It is decoded when it is first needed, and only parsed where it is used."""
        if self._data is not None:
            with contextlib.suppress(SourceError):
                self._source = outlined(source_from_bytes(self._data, self._path))
            self._data = None
        return self._source

    @property
    def parsed_characters(self) -> int:
        """How many characters of it were parsed so far."""
        return 0 if self._source is None else sum(map(_parsed_characters, self._source.cells))


class Project(FileQueries):
    """Finds and reads modules of the project that a file belongs to. The files of a session share it.

    A project may only be used by one thread at a time.

    Args:
        roots: Folders for absolute imports, in addition to those around each file.
        texts: Texts that replace the contents of files, by absolute path. They may change between runs.

    Attributes:
        stars: Finds names that modules import with `*` from very many others.
    """

    def __init__(self, roots: tuple[Path, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        super().__init__(roots, texts)
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._run = 0
        self.stars = Stars(self)

    @property
    def modules(self) -> tuple[str, ...]:
        """The files that were read and are still in memory."""
        return tuple(self._modules)

    # -- questions ----------------------------------------------------------------------------------------------

    # A file may import hundreds of modules, and a project has hundreds of such files. To create a `Path` for each
    # answer would take longer than to find it.

    def find(self, name: str, importer: StrPath) -> str | None:
        """The file (or package folder) of the absolute module `name`, if `importer` imports it."""
        return self.answer(("find", os.path.dirname(os.path.abspath(importer)), name))

    def relative(self, importer: StrPath, level: int, name: str) -> str | None:
        """The file (or package folder) of `from ..name import`, with `level` dots."""
        return self.answer(("relative", os.path.dirname(os.path.abspath(importer)), str(level), name))

    def imported(self, importer: StrPath, level: int, name: str) -> str | None:
        """The file (or package folder) that an import refers to: by an absolute name if `level` is 0."""
        return self.relative(importer, level, name) if level else self.find(name, importer)

    def submodule(self, package: StrPath, name: str) -> str | None:
        """The module `name` in a package, which is given by its folder or its `__init__.py`."""
        return self.answer(("submodule", os.path.abspath(package), name))

    def module_name(self, path: StrPath) -> str:
        """The absolute dotted name of a file: its path from the outermost folder that is a package."""
        return self.answer(("name", os.path.abspath(path))) or ""

    def is_folder(self, path: StrPath) -> bool:
        """Whether the path of a module is a folder without an `__init__.py`."""
        return self.answer(("folder", os.path.abspath(path))) is not None

    def read(self, path: StrPath) -> SourceFile | None:
        """The source of a module; `None` if it cannot be read."""
        place = os.path.abspath(path)
        self.answer(("text", place))
        return self._module(place).source

    def bytes_of(self, path: str) -> bytes | None:
        """The content of a module; `None` if it cannot be read."""
        return self._bytes(path) if self.answer(("text", path)) is not None else None

    # -- time ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Begin a run. From now on, everything is looked up again when it is first needed."""
        self._run += 1
        self.stars = Stars(self)
        super().refresh()

    @contextlib.contextmanager
    def recording(self) -> Iterator[Mapping[Query, Answer]]:
        """Record all queries within a block, with their answers."""
        asked: dict[Query, Answer] = {}
        self._asked.append(asked)
        try:
            yield asked
        finally:
            self._asked.remove(asked)

    def note(self, queries: Mapping[Query, Answer]) -> None:
        """Record queries that were answered before, and whose answers are used again."""
        for asked in self._asked:
            if not queries.keys() <= asked.keys():
                asked.update(queries)

    # -- the disk -----------------------------------------------------------------------------------------------

    def _digest(self, path: str) -> Answer:
        return self._module(path).digest

    def _module(self, path: str) -> Module:
        known = self._modules.pop(path, None)
        if known is not None and known.run == self._run:
            self._modules[path] = known  # the most recently used one is last
            return known
        module = self._modules[path] = self._read(path, known)
        let_go(self._modules)
        return module

    def _read(self, path: str, known: Module | None) -> Module:
        """Read a module. If it is unchanged, return what was read before."""
        stamp = None if path in self._texts else stamp_of(path)
        if known is not None and stamp is not None and stamp == known.stamp:
            known.run = self._run
            return known
        try:
            data = self._bytes(path)
        except (OSError, ValueError):
            return Module(path, None, None, None, self._run)
        found = digest(data)
        if known is not None and found == known.digest:
            known.stamp, known.run = stamp, self._run
            return known
        return Module(path, data, found, stamp, self._run)


def let_go(modules: OrderedDict[Any, Module]) -> None:
    """Forget the modules that were not used for the longest time, if all together take too much memory.

    A file that is being analyzed keeps the modules that it imports in any case.
    """
    surplus = sum(module.parsed_characters for module in modules.values()) - MOST_PARSED
    while len(modules) > 1 and (surplus > 0 or len(modules) > MOST_READ):
        _, oldest = modules.popitem(last=False)
        surplus -= oldest.parsed_characters


def _parsed_characters(cell: Cell) -> int:
    return cell.parsed_characters if isinstance(cell, OutlinedCell) else 0
