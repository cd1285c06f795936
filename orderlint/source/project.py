"""The project around a file: which of its modules an import names, and their parsed source.

Everything that an analysis asks of the disk is a *look* with an answer, so that it can be kept for a run, written
down beside the findings, asked again later, and answered by somebody else.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, MutableMapping
from hashlib import blake2b
from pathlib import Path

from orderlint.source.neighborhood import files_in, is_root, root_of
from orderlint.text.files import SourceError, SourceFile, source_from_bytes
from orderlint.text.marks import FRAMEWORKS
from orderlint.text.regular import read_regular

__all__ = ["Answer", "Look", "Module", "Project", "Stamp", "digest", "stamp_of"]

Look = tuple[str, ...]
"""What is asked, then of what: `("find", folder, module)`, `("relative", folder, level, module)`,
`("submodule", package, name)`, `("name", file)`, `("folder", path)`, `("text", file)`, `("around", file)`. Paths are
absolute.
"""
Stamp = tuple[int, ...]
"""What changes when a file does: its time of change, size and the like."""
Answer = str | None
"""A path, a dotted name, the digest of a text, `yes`; `None` for nothing there."""

MOST_PARSED = 300  # parsed modules kept; a libcst tree takes a hundred times its text
_MOST_FOLDERS = 9
_COARSE = 2_000_000_000  # nanoseconds: FAT keeps times to two seconds, and a file may change twice within them


def digest(data: bytes) -> str:
    """What tells one text from another."""
    return blake2b(data, digest_size=16).hexdigest()


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
        """It, if it is source text; decoded when it is first asked for."""
        if self._data is not None:
            with contextlib.suppress(SourceError):
                self._source = source_from_bytes(self._data, self._path)
            self._data = None
        return self._source


class Project:
    """Finds and reads modules of the project that a file belongs to. Shared by the files of one session.

    Within a run (see `refresh`) every question has one answer. A project serves one thread at a time.

    Args:
        roots: Folders that absolute imports are looked up in, besides those around each file.
        texts: By absolute path: what to read instead of what a file holds. It may change between runs.
    """

    def __init__(self, roots: tuple[Path, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        self._roots = tuple(os.path.abspath(root) for root in roots)
        self._texts = {} if texts is None else texts
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._answers: dict[Look, Answer] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._listings: dict[str, str] = {}
        self._asked: list[MutableMapping[Look, Answer]] = []
        self._run = 0

    @property
    def modules(self) -> tuple[str, ...]:
        """The files that were read, as far as they are still in memory."""
        return tuple(self._modules)

    # -- questions ----------------------------------------------------------------------------------------------

    def find(self, name: str, importer: Path) -> Path | None:
        """The file (or package folder) of the absolute module `name`, as `importer` would find it."""
        return _path(self.answer(("find", os.path.dirname(os.path.abspath(importer)), name)))

    def relative(self, importer: Path, level: int, name: str) -> Path | None:
        """The file (or package folder) of `from ..name import`, `level` dots."""
        return _path(self.answer(("relative", os.path.dirname(os.path.abspath(importer)), str(level), name)))

    def submodule(self, package: Path, name: str) -> Path | None:
        """The module `name` of a package, given by its folder or its `__init__.py`."""
        return _path(self.answer(("submodule", os.path.abspath(package), name)))

    def module_name(self, path: Path) -> str:
        """The absolute dotted name of a file: its path from the outermost folder that is a package."""
        return self.answer(("name", os.path.abspath(path))) or ""

    def is_folder(self, path: Path) -> bool:
        """Whether what a module name led to is a folder without an `__init__.py`."""
        return self.answer(("folder", os.path.abspath(path))) is not None

    def read(self, path: Path) -> SourceFile | None:
        """A module's source; `None` if it cannot be read."""
        place = os.path.abspath(path)
        self.answer(("text", place))
        return self._module(place).source

    def bytes_of(self, path: str) -> bytes | None:
        """What a module holds; `None` if it cannot be read."""
        return self._bytes(path) if self.answer(("text", path)) is not None else None

    def answer(self, look: Look) -> Answer:
        """The answer to a question, the same one for a whole run."""
        if look not in self._answers:
            self._answers[look] = self._look(look)
        answer = self._answers[look]
        for asked in self._asked:
            asked[look] = answer
        return answer

    # -- time ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Begin a run: whatever was found or read is looked at again when it is next asked for."""
        self._run += 1
        self._answers.clear()
        self._folders.clear()
        self._listings.clear()

    @contextlib.contextmanager
    def recording(self) -> Iterator[Mapping[Look, Answer]]:
        """Everything that is asked meanwhile, with its answer."""
        asked: dict[Look, Answer] = {}
        self._asked.append(asked)
        try:
            yield asked
        finally:
            self._asked.remove(asked)

    # -- the disk -----------------------------------------------------------------------------------------------

    def _look(self, look: Look) -> Answer:
        kind, place, *more = look
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
            return self._around(place)
        assert kind == "text", kind
        return self._module(place).digest

    def _find(self, folder: str, name: str) -> str | None:
        parts = name.split(".")
        if parts[0] in FRAMEWORKS and "applications" not in parts[1:]:
            return None
        if folder not in self._folders:
            self._folders[folder] = (*self._roots, *_around(folder))
        return next((found for root in self._folders[folder] if (found := self._at(root, parts)) is not None), None)

    def _around(self, path: str) -> str:
        """What tells whether any file of the project around a file has changed."""
        root, is_deep = root_of(path)
        if root not in self._listings:
            self._listings[root] = digest("\n".join(_listing(root, is_deep)).encode("utf-8", "surrogateescape"))
        return self._listings[root]

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

    def _module(self, path: str) -> Module:
        module = self._modules.get(path)
        if module is None or module.run != self._run:
            module = self._modules[path] = self._read(path, module)
        self._modules.move_to_end(path)
        if len(self._modules) > MOST_PARSED:
            self._modules.popitem(last=False)
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

    def _bytes(self, path: str) -> bytes:
        text = self._texts.get(path)
        return read_regular(path) if text is None else text


def _path(answer: Answer) -> Path | None:
    return None if answer is None else Path(answer)


def stamp_of(path: str) -> Stamp | None:
    """What changes when a file does; `None` for one that changed so lately that it may change again unnoticed."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    if time.time_ns() - status.st_mtime_ns < _COARSE:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


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


def _listing(root: str, is_deep: bool) -> Iterator[str]:
    """The files of a project, each with what tells its content."""
    for file in files_in(root, is_deep):
        yield f"{file}\t{stamp_of(file) or _content_of(file)}"


def _content_of(file: str) -> str | None:
    """The digest of a file that changed too lately to be told by its time."""
    try:
        return digest(read_regular(file))
    except OSError:
        return None


def _holds_python(folder: str) -> bool:
    """Whether a path is a folder with modules in it."""
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".py") for entry in entries)
    except (OSError, ValueError):
        return False
