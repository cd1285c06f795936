"""The modules that a file imports, as syntax trees from Python's own parser."""

from __future__ import annotations

import ast
import contextlib
import os
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from orderlint.glance.listings import Listed, listed_in
from orderlint.glance.unsure import Unsure
from orderlint.text.decoding import NEWLINE, SourceError, decode
from orderlint.text.marks import LONGEST_PLAIN_MODULE, mentions_keras
from orderlint.text.scripts import script_tree
from orderlint.text.size import MOST_TOKENS, num_tokens

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["Library", "known_tree"]

MOST_KEPT = 1_500_000  # characters of the modules whose trees are kept: a tree takes about forty times its text


_Tree: TypeAlias = "ast.Module | str | None"
"""A tree, or the reason why there is none; `None` for a module that is not run."""
_BLOCKS = ("body", "handlers", "orelse", "finalbody")


class Library:
    """Reads modules of a project.

    Args:
        project: The project, which finds and reads them.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._trees: OrderedDict[str, tuple[str, _Tree, int]] = OrderedDict()
        self._size = 0
        self._leading: dict[str, tuple[ast.Module, frozenset[str]]] = {}
        self._listings: dict[str, tuple[ast.Module, Mapping[str, Listed] | None]] = {}
        self._split: tuple[str | None, list[str]] | None = None

    def find(self, name: str, importer: str) -> str | None:
        """The file or folder of an absolute module."""
        return self._project.find(name, importer)

    def imported(self, importer: str, level: int, name: str) -> str | None:
        """The file or folder that an import refers to, with `level` dots."""
        return self._project.imported(importer, level, name)

    def submodule(self, package: str, name: str) -> str | None:
        """The file or folder of a submodule of a package."""
        return self._project.submodule(package, name)

    def holder(self, starts: Sequence[str], name: str, gives: Callable[[str, str], bool]) -> str | None:
        """Which one of very many modules has a name (`Stars.holder`)."""
        return self._project.stars.holder(starts, name, gives) if starts else None

    def name_of(self, path: str) -> str:
        """The dotted name of a file."""
        return self._project.module_name(path)

    def tree(self, path: str) -> ast.Module | None:
        """The tree of a module; `None` if it cannot be read, or if the analysis does not run it.

        Raises:
            Unsure: The analysis can parse the module and Python cannot, or it is too large for the analysis, which will
                report that.
        """
        if self._project.is_folder(path):
            return None
        place = os.path.abspath(path)
        digest = self._project.answer(("text", place))
        if digest is None:
            return None
        known = self._trees.get(place)
        if known is None or known[0] != digest:
            data = self._project.bytes_of(place) or b""
            known = digest, _tree(data), len(data)
            self._keep(place, known)
        else:
            self._trees.move_to_end(place)  # the most recently used one is last
        if isinstance(known[1], str):
            raise Unsure(known[1])
        return known[1]

    def listing(self, path: str) -> Mapping[str, Listed] | None:
        """The listing of a module, if the module does nothing else."""
        tree = None
        with contextlib.suppress(Unsure):  # this is reported when the module is run
            tree = self.tree(path)
        if tree is None:
            return None
        known = self._listings.get(path)
        if known is None or known[0] is not tree:
            known = self._listings[path] = tree, listed_in(tree)
        return known[1]

    def is_package(self, path: str) -> bool:
        """Whether a file is the module of a package."""
        return path.replace("\\", "/").endswith("/__init__.py")

    def column(self, path: str, node: ast.expr) -> int:
        """The column at which an expression of a module begins, from 1, in code points."""
        before = self._lines(path)[node.lineno - 1].encode("utf-8", "surrogatepass")[: node.col_offset]
        return len(before.decode("utf-8", "surrogatepass")) + 1

    def _lines(self, path: str) -> list[str]:
        """The lines of a module. Those of the last module are kept, because they are needed hundreds of times."""
        place = os.path.abspath(path)
        digest = self._project.answer(("text", place))
        if self._split is None or self._split[0] != digest:
            self._split = digest, NEWLINE.split(decode(self._project.bytes_of(place) or b"").text)
        return self._split[1]

    def _keep(self, place: str, read: tuple[str, _Tree, int]) -> None:
        """Keep a tree, and forget those that were not used for the longest time."""
        before = self._trees.pop(place, None)
        self._size += read[2] - (before[2] if before is not None else 0)
        self._trees[place] = read
        while self._size > MOST_KEPT and len(self._trees) > 1:
            oldest, (_, _, length) = self._trees.popitem(last=False)
            self._leading.pop(oldest, None)
            self._listings.pop(oldest, None)
            self._size -= length

    def reached(self, path: str, tree: ast.Module, most: int) -> set[str] | None:
        """The modules that a file imports, directly or indirectly, and the file itself; `None` if there are too many.

        Args:
            path: The file.
            tree: Its syntax tree.
            most: How many there may be.
        """
        seen = {path}
        waiting = sorted(set(self._led_to(path, tree)) - seen)
        seen.update(waiting)
        while waiting and len(seen) <= most:
            found: frozenset[str] = frozenset()
            with contextlib.suppress(Unsure):  # this is reported when the module is run
                found = self._leads(waiting.pop())
            new = sorted(found - seen)  # so modules that all import each other are each visited once
            waiting += new
            seen.update(new)
        return seen if len(seen) <= most else None

    def _leads(self, place: str) -> frozenset[str]:
        tree = self.tree(place)
        if tree is None:
            return frozenset()
        known = self._leading.get(place)
        if known is None or known[0] is not tree:
            known = self._leading[place] = tree, frozenset(self._led_to(place, tree))
        return known[1]

    def leads_to(self, path: str, tree: ast.Module, places: Container[str]) -> bool:
        """Whether the top level of a module imports one of the modules in `places`, or names from it."""
        return any(
            found in places or any(self.submodule(found, alias.name) in places for alias in node.names)
            for node, found in self._imports(path, tree)
        )

    def _led_to(self, path: str, tree: ast.Module) -> Iterator[str]:
        """The modules that run when a module runs: its top level imports names from them."""
        return (found for _, found in self._imports(path, tree))

    def _imports(self, path: str, tree: ast.Module) -> Iterator[tuple[ast.ImportFrom, str]]:
        """The imports of names at the top level of a module, with the modules that the names come from."""
        waiting: list[ast.AST] = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.ImportFrom):
                found = self.imported(path, node.level, node.module or "")
                if found is None:
                    continue
                listing = None if found == path else self.listing(found)
                sources = (found,) if listing is None else self._sources(found, listing, node)
                yield from ((node, source) for source in sources)
            elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                waiting += (inner for field in _BLOCKS for inner in getattr(node, field, ()))

    def _sources(self, path: str, listing: Mapping[str, Listed], node: ast.ImportFrom) -> Iterator[str]:
        """The modules that define the names that are imported from a listing; the listing itself for other names."""
        for alias in node.names:
            found = listing.get(alias.name)
            if found is None:
                yield path
                continue
            source = self.imported(path, found.level, found.module)
            if source is not None:
                yield source


def _tree(data: bytes) -> _Tree:
    if len(data) > LONGEST_PLAIN_MODULE and not mentions_keras(data):
        return None
    try:
        text = decode(data).text
    except SourceError:
        return None
    if len(text) > MOST_TOKENS and num_tokens(text) > MOST_TOKENS:  # no text has more tokens than characters
        return "a module that is too large for the analysis"
    tree = script_tree(text)
    if tree is None:
        return "a text that Python does not parse"
    return ast.Module(list(_as_imported(tree.body)), [])


def _as_imported(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The top level of a module without the code that only runs if the module is the main program."""
    for statement in body:
        if isinstance(statement, ast.If) and _is_main_guard(statement.test):
            yield from _as_imported(statement.orelse)
        else:
            yield statement


def _is_main_guard(test: ast.expr) -> bool:
    """Whether a test is `__name__ == "__main__"`, by the same criteria as in the analysis."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = test.left, test.comparators[0]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def known_tree(tree: ast.Module | None) -> ast.Module:
    """The tree of a text that Python can parse.

    Raises:
        Unsure: Python does not parse the text.
    """
    if tree is None:
        raise Unsure("a text that Python does not parse")
    return tree
