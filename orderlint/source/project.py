"""The project around a file: the modules that an import names, and their parsed source."""

from __future__ import annotations

import contextlib
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from orderlint.source.looks import Answer, Look, Looks, Stamp, digest, stamp_of
from orderlint.source.stars import Stars
from orderlint.text.files import SourceError, SourceFile, source_from_bytes
from orderlint.text.outline import OutlinedCell, outlined

if TYPE_CHECKING:
    from orderlint.text.cells import Cell

__all__ = ["Module", "Project", "let_go"]

StrPath: TypeAlias = "str | os.PathLike[str]"

MOST_READ = 300  # modules kept
MOST_PARSED = 400_000  # characters of them whose trees are kept: a libcst tree takes a hundred times its text


class Module:
    """A module that was read.

    Attributes:
        stamp: What tells it from another content; `None` if it was too fresh to be told from a later change.
        digest: Of its content; `None` where it cannot be read.
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
        """It, if it is source text; decoded when it is first asked for, and parsed as far as it is used."""
        if self._data is not None:
            with contextlib.suppress(SourceError):
                self._source = outlined(source_from_bytes(self._data, self._path))
            self._data = None
        return self._source

    @property
    def parsed_characters(self) -> int:
        """How much of its text was parsed so far."""
        return 0 if self._source is None else sum(map(_parsed_characters, self._source.cells))


class Project(Looks):
    """Finds and reads modules of the project that a file belongs to. Shared by the files of one session.

    A project serves one thread at a time.

    Args:
        roots: Folders that absolute imports are looked up in, besides those around each file.
        texts: Texts to use instead of the content of files, by absolute path. They may change between runs.

    Attributes:
        stars: Where names come from that modules have from very many others.
    """

    def __init__(self, roots: tuple[Path, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        super().__init__(roots, texts)
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._run = 0
        self.stars = Stars(self)

    @property
    def modules(self) -> tuple[str, ...]:
        """The files that were read, as far as they are still in memory."""
        return tuple(self._modules)

    # -- questions ----------------------------------------------------------------------------------------------

    # A file may import hundreds of modules, and a project has hundreds of such files: making a `Path` of each answer
    # would take longer than finding it.

    def find(self, name: str, importer: StrPath) -> str | None:
        """The file (or package folder) of the absolute module `name`, as `importer` would find it."""
        return self.answer(("find", os.path.dirname(os.path.abspath(importer)), name))

    def relative(self, importer: StrPath, level: int, name: str) -> str | None:
        """The file (or package folder) of `from ..name import`, `level` dots."""
        return self.answer(("relative", os.path.dirname(os.path.abspath(importer)), str(level), name))

    def submodule(self, package: StrPath, name: str) -> str | None:
        """The module `name` of a package, given by its folder or its `__init__.py`."""
        return self.answer(("submodule", os.path.abspath(package), name))

    def module_name(self, path: StrPath) -> str:
        """The absolute dotted name of a file: its path from the outermost folder that is a package."""
        return self.answer(("name", os.path.abspath(path))) or ""

    def is_folder(self, path: StrPath) -> bool:
        """Whether what a module name led to is a folder without an `__init__.py`."""
        return self.answer(("folder", os.path.abspath(path))) is not None

    def read(self, path: StrPath) -> SourceFile | None:
        """A module's source; `None` if it cannot be read."""
        place = os.path.abspath(path)
        self.answer(("text", place))
        return self._module(place).source

    def bytes_of(self, path: str) -> bytes | None:
        """What a module holds; `None` if it cannot be read."""
        return self._bytes(path) if self.answer(("text", path)) is not None else None

    # -- time ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Begin a run: whatever was found or read is looked at again when it is next asked for."""
        self._run += 1
        self.stars = Stars(self)
        super().refresh()

    @contextlib.contextmanager
    def recording(self) -> Iterator[Mapping[Look, Answer]]:
        """Everything that is asked meanwhile, with its answer."""
        asked: dict[Look, Answer] = {}
        self._asked.append(asked)
        try:
            yield asked
        finally:
            self._asked.remove(asked)

    def note(self, looks: Mapping[Look, Answer]) -> None:
        """Record what was asked before, and is used again."""
        for asked in self._asked:
            if not looks.keys() <= asked.keys():
                asked.update(looks)

    # -- the disk -----------------------------------------------------------------------------------------------

    def _digest(self, path: str) -> Answer:
        return self._module(path).digest

    def _module(self, path: str) -> Module:
        known = self._modules.pop(path, None)
        if known is not None and known.run == self._run:
            self._modules[path] = known  # the one that was used last stands last
            return known
        module = self._modules[path] = self._read(path, known)
        let_go(self._modules)
        return module

    def _read(self, path: str, known: Module | None) -> Module:
        """A module as it is now; as it was read before if it is the same."""
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
    """Forget the modules that were used longest ago, as far as all take too much memory together.

    A file that is being analyzed has the modules that it imports at hand anyway.
    """
    surplus = sum(module.parsed_characters for module in modules.values()) - MOST_PARSED
    while len(modules) > 1 and (surplus > 0 or len(modules) > MOST_READ):
        _, oldest = modules.popitem(last=False)
        surplus -= oldest.parsed_characters


def _parsed_characters(cell: Cell) -> int:
    return cell.parsed_characters if isinstance(cell, OutlinedCell) else 0
