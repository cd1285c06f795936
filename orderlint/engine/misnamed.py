"""Names in `roles` that the project does not define.

Nothing is imported. A name is only reported if the project contains the beginning of it: a package that is installed
elsewhere, or missing, may define anything. Names that a module may bind at run time count as defined.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orderlint.config import Configuration, role_line
from orderlint.diagnostics import FileWarning
from orderlint.discovery import shown_path
from orderlint.graph import Location
from orderlint.words import nearest

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["misnamed"]

_BINDS_AT_RUN_TIME: Final = re.compile(
    rb"import\s*\*|import\s*\(\s*\*|__getattr__|globals\(|locals\(|vars\(|setattr\(|exec\(|sys\.modules|__path__"
)
_STAR: Final = re.compile(rb"^from\s+(\.*)([\w.]*)\s+import\s*(?:\*|\(\s*\*\s*\))", re.MULTILINE | re.ASCII)
_DEFINED: Final = re.compile(rb"^(?:class|def|async def)\s+(\w+)|^(\w+)\s*[:=]", re.MULTILINE)
_IMPORTED: Final = re.compile(rb"^from\s+[.\w]+\s+import\s+(\([^)]*\)|.*)", re.MULTILINE)
_BOUND: Final = re.compile(rb"(\w+)\s*(?:[,)#]|$)", re.MULTILINE)  # the last word of `name as other`


def misnamed(configuration: Configuration, files: Collection[str], project: Project) -> Iterator[FileWarning]:
    """Warnings about the names to which a configuration gives roles.

    Args:
        configuration: The configuration.
        files: The files that it applies to. Imports are looked up from their folders.
        project: Finds modules.
    """
    if not configuration.roles or configuration.file is None:
        return
    folders = dict.fromkeys([str(configuration.folder), *map(os.path.dirname, map(os.path.abspath, files))])
    importers = [Path(folder, "_") for folder in folders]
    for name in configuration.roles:
        problem = _problem(name.split("."), importers, project)
        if problem is not None:
            line = role_line(configuration.file, name) or 1
            place = Location(shown_path(configuration.file), line, 1, line, 1)
            yield FileWarning(place, f"`roles` names `{name}`, which is not a layer: {problem}")


def _problem(parts: Sequence[str], importers: Sequence[Path], project: Project) -> str | None:
    """What is wrong with a name; `None` if it is right from any of the files, or if that is not known."""
    first = None
    for importer in importers:
        start = project.find(parts[0], importer)
        if start is None:
            continue
        found = _below(Path(start), parts, project)
        if found is None:
            return None
        first = first or found
    return first


def _below(place: Path, parts: Sequence[str], project: Project) -> str | None:
    for depth in range(1, len(parts) - 1):
        module = project.submodule(place, parts[depth])
        if module is None:
            return _missing(place, parts, depth, project)
        place = Path(module)
    return _missing(place, parts, len(parts) - 1, project)


def _missing(place: Path, parts: Sequence[str], depth: int, project: Project) -> str | None:
    """What is wrong if a module or package lacks a part of a name; `None` if it may have it."""
    part, is_last = parts[depth], depth == len(parts) - 1
    is_folder = project.is_folder(place)
    texts = [] if is_folder else _texts(str(place), project)
    if texts is None or any(_may_bind(text, part) for text in texts) or place.with_suffix(".ipynb").exists():
        return None
    modules = _modules_in(place) if is_folder or place.stem == "__init__" else frozenset()
    before = ".".join(parts[:depth])
    if part in modules:  # it may be compiled
        return f"`{before}.{part}` is a module, expected the name of a layer in it" if is_last else None
    near = _deeper(place, part, modules, project) if is_last else None
    defined = {name for text in texts for name in _defined(text)}
    near = near or nearest(part, sorted(defined if is_last else defined | modules))
    if is_folder and near is None:
        return None  # the folder only has the same name as a package from elsewhere
    meant = "" if near is None else f"; did you mean `{'.'.join([*parts[:depth], near, *parts[depth + 1 :]])}`?"
    if is_last and not is_folder:
        return f"`{shown_path(place)}` defines no `{part}`{meant}"
    return f"`{before}` has no {'layer' if is_last else 'module'} `{part}`{meant}"


def _deeper(place: Path, layer: str, modules: Collection[str], project: Project) -> str | None:
    """The name, relative to a package, of a layer that one of its modules defines."""
    for module in sorted(modules):
        file = project.submodule(place, module)
        text = None if file is None or project.is_folder(file) else project.bytes_of(file)
        if text is not None and layer in _defined(text):
            return f"{module}.{layer}"
    return None


def _texts(place: str, project: Project) -> list[bytes] | None:
    """The texts of a module and of all modules from which it imports all names; `None` if one cannot be read."""
    texts, waiting, seen = [], [place], set()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        text = None if project.is_folder(file) else project.bytes_of(file)
        if text is None:
            return None
        texts.append(_STAR.sub(b"", text))
        for match in _STAR.finditer(text):
            found = project.imported(file, len(match[1]), match[2].decode())
            if found is None:
                return None
            waiting.append(found)
    return texts


def _may_bind(text: bytes, name: str) -> bool:
    word = rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)"
    return re.search(word, text) is not None or _BINDS_AT_RUN_TIME.search(text) is not None


def _defined(text: bytes) -> Iterator[str]:
    for match in _DEFINED.finditer(text):
        yield (match[1] or match[2]).decode("utf-8", "replace")
    for imported in _IMPORTED.finditer(text):
        yield from (bound[1].decode("utf-8", "replace") for bound in _BOUND.finditer(imported[1]))


def _modules_in(place: Path) -> frozenset[str]:
    """The modules of a package, including compiled ones."""
    folder = place.parent if place.stem == "__init__" else place
    try:
        names = [entry.name.partition(".")[0] for entry in folder.iterdir()]
    except OSError:
        return frozenset()
    return frozenset(name for name in names if name.isidentifier() and name not in ("__init__", "__pycache__"))
