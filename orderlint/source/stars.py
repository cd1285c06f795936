"""Finds the module that may define a name, if very many modules import all names of each other.

If a module has `from .other import *`, its names are also looked up in the other module, and in those from which that
one imports all names. If there are hundreds, to run each of them for each file would take longer than anything else. So
from `MANY` modules on, their texts show which of them may bind the name at all, and only that one is run.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from orderlint.records import record
from orderlint.source.queries import Answer, Query
from orderlint.text.bindings import bindings_in
from orderlint.text.files import SourceError, source_from_bytes
from orderlint.text.parsing import python_tree

__all__ = ["MANY", "Stars"]

MANY = 40
"""Modules that import all names of each other. If there are fewer, they are simply run."""
_STAR = re.compile(rb"^[ \t]*from\s+(\.*)\s*([\w.]*)\s+import\s*\(?\s*\*", re.MULTILINE)
_OPENING = frozenset({"__dict__", "__getattr__", "eval", "exec", "globals", "locals", "modules", "setattr", "vars"})
"""Names through which code may bind names that it does not contain."""
Gives = Callable[[str, str], bool]
"""Whether a library module, by its dotted name, has a name."""


class _Project(Protocol):
    def bytes_of(self, path: str) -> bytes | None: ...
    def imported(self, importer: str, level: int, name: str) -> str | None: ...
    def submodule(self, package: str, name: str) -> str | None: ...
    def recording(self) -> AbstractContextManager[Mapping[Query, Answer]]: ...
    def note(self, queries: Mapping[Query, Answer]) -> None: ...


@record(frozen=True, slots=True)
class _Module:
    """What the text of a module shows.

    Attributes:
        bound: The names that it may bind.
        given: The names under which it may set something in another module.
        stars: The files of the modules from which it imports all names.
        outside: The dotted names of such modules that are not in the project.
        is_open: Whether it may bind any name.
    """

    bound: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    stars: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    is_open: bool = False


class Stars:
    """The modules of a project that import all names of each other, in one run.

    Args:
        project: The project, which finds and reads them.
    """

    def __init__(self, project: _Project) -> None:
        self._project = project
        self._are_many: dict[str, bool] = {}
        self._modules: dict[str, _Module] = {}
        self._queries: dict[Query, Answer] = {}
        self._holders: defaultdict[str, list[str]] = defaultdict(list)
        self._any: list[str] = []
        self._given: set[str] = set()
        self._outside: defaultdict[str, list[str]] = defaultdict(list)
        self._packages: list[str] = []

    def holder(self, starts: Sequence[str], name: str, gives: Gives) -> str | None:
        """The only module that may have a name, among all that the given ones lead to; empty if there is none.

        Args:
            starts: The files of the modules from which all names are imported.
            name: The name.
            gives: Whether a library module has a name.

        Returns: `None` if there are few modules, or if more than one may have the name. Then each of them has to be
        searched.
        """
        if not any(map(self._leads_to_many, starts)):
            return None
        self._explore(starts)
        self._project.note(self._queries)
        holders = {*self._holders.get(name, ()), *self._any}
        holders.update(path for path in self._packages if self._project.submodule(path, name) is not None)
        for dotted, paths in self._outside.items():
            if gives(dotted, name):
                holders.update(paths)
        if name in self._given or len(holders) > 1:
            return None
        return next((path for path in holders if self._is_reached(path, starts)), "")

    def _leads_to_many(self, start: str) -> bool:
        """Whether a module leads to so many others that their texts have to be compared."""
        if start not in self._are_many:
            seen, waiting = {start}, [start]
            while waiting and len(seen) <= MANY:
                path = waiting.pop()
                found = set(self._starred(path, self._project.bytes_of(path) or b"")) - seen
                seen |= found
                waiting += sorted(found)
            self._are_many[start] = len(seen) > MANY
        return self._are_many[start]

    def _starred(self, path: str, data: bytes) -> Iterator[str]:
        """The modules from which a module imports all names. Text that only looks like an import counts, too."""
        for dots, name in _STAR.findall(data) if b"*" in data else ():
            found = self._project.imported(path, len(dots), name.decode("utf-8", "replace"))
            if found is not None:
                yield found

    def _explore(self, starts: Iterable[str]) -> None:
        """Read the modules that the given ones lead to, each once."""
        waiting = [start for start in starts if start not in self._modules]
        if not waiting:
            return
        with self._project.recording() as queries:
            while waiting:
                path = waiting.pop()
                if path not in self._modules:
                    module = self._modules[path] = self._read(path)
                    self._note(path, module)
                    waiting += module.stars
        self._queries.update(queries)

    def _read(self, path: str) -> _Module:
        data = self._project.bytes_of(path)
        if data is None:
            return _Module()
        try:
            tree = python_tree(source_from_bytes(data, path).text)
        except SourceError:
            tree = None
        if tree is None:
            return _Module(is_open=True)
        bound, given, _ = bindings_in(tree)
        stars: list[str] = []
        outside: list[str] = []
        is_open = not _OPENING.isdisjoint(bound)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                found = self._project.imported(path, node.level, node.module or "")
                (outside if found is None else stars).append(node.module or "" if found is None else found)
            is_open = is_open or not _OPENING.isdisjoint(_read_names(node))
        return _Module(bound, given, tuple(stars), tuple(outside), is_open)

    def _note(self, path: str, module: _Module) -> None:
        for name in module.bound:
            self._holders[name].append(path)
        for dotted in module.outside:
            self._outside[dotted].append(path)
        if module.is_open:
            self._any.append(path)
        if path.endswith("__init__.py") or not path.endswith(".py"):
            self._packages.append(path)
        self._given |= module.given

    def _is_reached(self, path: str, starts: Sequence[str]) -> bool:
        """Whether the given modules lead to a module."""
        seen, waiting = set(starts), list(starts)
        while waiting and path not in seen:
            new = set(self._modules[waiting.pop()].stars) - seen
            seen |= new
            waiting += new
        return path in seen


def _read_names(node: ast.AST) -> tuple[str, ...]:
    """The names that a node reads."""
    if isinstance(node, ast.Name):
        return (node.id,)
    return (node.attr,) if isinstance(node, ast.Attribute) else ()
