"""The syntax around a node: its parents, its statement and block, its function and class."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

import libcst as cst

from orderlint.graph import Site
from orderlint.source import Project
from orderlint.source.python.syntax import last_name
from orderlint.text.files import Cell, NodeSite, SourceFile
from orderlint.text.walking import children

__all__ = ["Spot", "Syntax", "Tree", "bare_name", "dotted_name", "imported_names"]

_Node = TypeVar("_Node", bound=cst.CSTNode)
_Answer = TypeVar("_Answer")
_LINE_END = re.compile(r"\r\n?|\n|\Z")


class Tree:
    """The syntax tree of a cell with its text. Spans are character offsets, end exclusive."""

    def __init__(self, cell: Cell, number: int) -> None:
        self.cell = cell
        self.number = number
        # Masked magics are moved in their original form.
        self.text = cell.raw if len(cell.raw) == len(cell.text) else cell.text
        self._found: dict[Hashable, object] = {}

    # What many repairs need is computed once.

    def once(self, question: Hashable, answer: Callable[[], _Answer]) -> _Answer:
        """The answer to a question about the tree. It is computed the first time."""
        if question not in self._found:
            self._found[question] = answer()
        return cast("_Answer", self._found[question])

    @cached_property
    def parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        """The parent of each node."""
        found: dict[cst.CSTNode, cst.CSTNode] = {}
        stack: list[cst.CSTNode] = [self.cell.module]
        apart: dict[cst.CSTNode, cst.FunctionDef] = dict(self.cell.parsed_apart())
        while stack:
            node = stack.pop()
            for child in children(node):
                both = (child, apart[child]) if child in apart else (child,)
                found.update((one, node) for one in both)
                stack += both
        return found

    @cached_property
    def imports(self) -> list[cst.ImportFrom]:
        """The `from ... import` statements, from the top."""
        return sorted((node for node in self.parents if isinstance(node, cst.ImportFrom)), key=self.span)

    @cached_property
    def assigns(self) -> list[cst.Assign]:
        """The assignments, in no order."""
        return [node for node in self.parents if isinstance(node, cst.Assign)]

    @cached_property
    def calls(self) -> list[cst.Call]:
        """The calls, in no order."""
        return [node for node in self.parents if isinstance(node, cst.Call)]

    @cached_property
    def calls_by_name(self) -> dict[str | None, list[cst.Call]]:
        """The calls by the last name of the called function."""
        found: dict[str | None, list[cst.Call]] = {}
        for node in self.calls:
            found.setdefault(last_name(node.func), []).append(node)
        return found

    @cached_property
    def binding(self) -> dict[str, list[cst.CSTNode]]:
        """The nodes that bind or delete each name, without the variables of comprehensions."""
        found: dict[str, list[cst.CSTNode]] = {}
        for node in self.parents:
            for name in _names_bound(self, node):
                found.setdefault(name, []).append(node)
        return found

    @cached_property
    def sharing(self) -> dict[str, list[cst.Global | cst.Nonlocal]]:
        """The `global` and `nonlocal` statements by the names that they declare."""
        found: dict[str, list[cst.Global | cst.Nonlocal]] = {}
        for node in self.parents:
            if isinstance(node, (cst.Global, cst.Nonlocal)):
                for item in node.names:
                    found.setdefault(item.name.value, []).append(node)
        return found

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The span of a node, without parentheses around it."""
        return self.cell.span(node)

    def full_span(self, node: cst.BaseExpression) -> tuple[int, int]:
        """The span of an expression, with the parentheses around it."""
        start, end = self.span(node)
        if node.lpar:
            start = self.span(node.lpar[0])[0]
            end = self.span(node.rpar[-1])[1]
        return start, end

    def code(self, node: cst.CSTNode) -> str:
        start, end = self.full_span(node) if isinstance(node, cst.BaseExpression) else self.span(node)
        return self.text[start:end]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self.parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around a node, the innermost first."""
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def around(self, node: cst.CSTNode, kind: type[_Node] | tuple[type[_Node], ...]) -> _Node | None:
        """The innermost node of a kind around a node; `None` if there is none."""
        return next((above for above in self.ancestors(node) if isinstance(above, kind)), None)

    def small_statement(self, node: cst.CSTNode) -> cst.BaseSmallStatement | None:
        """The simple statement that contains a node; `None` if there is none."""
        for above in self.ancestors(node):
            if isinstance(above, cst.BaseSmallStatement):
                return above
            if isinstance(above, cst.BaseSuite):
                break
        return None

    def holds(self, outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
        """Whether `inner` is `outer` or a part of it."""
        return outer is inner or any(above is outer for above in self.ancestors(inner))

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """The function whose body contains a node; `None` outside of functions. Decorators and defaults are outside."""
        inner = node
        for above in self.ancestors(node):
            if isinstance(above, (cst.FunctionDef, cst.Lambda)) and inner is above.body:
                return above
            inner = above
        return None

    # -- lines --------------------------------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        """The start of the line of an offset."""
        newline = self.text.rfind("\n", 0, offset) + 1
        return max(newline, self.text.rfind("\r", newline, offset) + 1)

    def line_end(self, offset: int) -> int:
        """The end of the line of an offset, before its newline."""
        match = _LINE_END.search(self.text, offset)
        assert match is not None
        return match.start()

    def next_line(self, offset: int) -> int:
        """The start of the line after the one of an offset."""
        match = _LINE_END.search(self.text, offset)
        assert match is not None
        return match.end()

    def indent(self, offset: int) -> str:
        """The blanks at the start of the line of an offset."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def newline_at(self, offset: int) -> str:
        """The newline of the line of an offset, for a new line below it.

        If the last line has none, it is the first newline of the cell.
        """
        match = _LINE_END.search(self.text, offset)
        assert match is not None
        if match.group():
            return match.group()
        first = _LINE_END.search(self.text)
        return first.group() if first is not None and first.group() else "\n"

    def ending(self, offset: int) -> str:
        """The newline that ends the line of an offset; empty if it is the last line and has none."""
        match = _LINE_END.search(self.text, offset)
        return match.group() if match is not None else ""


class Spot:
    """A node with its tree."""

    __slots__ = ("node", "tree")

    def __init__(self, tree: Tree, node: cst.CSTNode) -> None:
        self.tree = tree
        self.node = node

    @property
    def order(self) -> tuple[int, int]:
        """A sort key for the order of spots in the file."""
        return self.tree.number, self.tree.span(self.node)[0]

    @property
    def span(self) -> tuple[int, int]:
        return self.tree.span(self.node)


class Syntax:
    """The trees of a file.

    Attributes:
        extended: For each layer, the import statements to which repairs add it: all repairs use the same ones.
        project: The project in which imports are resolved.
    """

    def __init__(self, file: SourceFile, project: Project | None = None) -> None:
        self.file = file
        self._project = project
        self.trees = [Tree(cell, number) for number, cell in enumerate(file.cells) if cell.problem is None]
        self._by_cell = {id(tree.cell): tree for tree in self.trees}
        self._foreign: dict[int, Tree] = {}
        self._modules: dict[Path, Syntax | None] = {}
        self.extended: dict[str, list[tuple[Tree, cst.ImportFrom]]] = {}

    @cached_property
    def stars(self) -> list[tuple[Tree, cst.ImportFrom]]:
        """The `from module import *` statements, from the top."""
        return [(tree, node) for tree in self.trees for node in tree.imports if isinstance(node.names, cst.ImportStar)]

    @property
    def project(self) -> Project:
        if self._project is None:
            self._project = Project()
        return self._project

    def module(self, path: Path) -> Syntax | None:
        """A module of the project; `None` if it cannot be read. It is read once."""
        if path not in self._modules:
            source = self.project.read(path)
            self._modules[path] = None if source is None else Syntax(source, self.project)
        return self._modules[path]

    def spot(self, site: Site | None) -> Spot | None:
        """The node of a site; `None` if it is not in this file."""
        if not isinstance(site, NodeSite):
            return None
        tree = self._by_cell.get(id(site.cell))
        return Spot(tree, site.node) if tree is not None else None

    def anywhere(self, site: Site | None) -> Spot | None:
        """The node of a site in this or another file; `None` for other sites. Other files can only be read."""
        spot = self.spot(site)
        if spot is not None or not isinstance(site, NodeSite):
            return spot
        tree = self._foreign.setdefault(id(site.cell), Tree(site.cell, -1))
        return Spot(tree, site.node)


def _names_bound(tree: Tree, node: cst.CSTNode) -> Iterator[str]:
    """The names that a node itself binds."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        yield node.name.value
    elif isinstance(node, cst.ImportFrom):
        yield from (bound for _, bound in imported_names(node))
    elif isinstance(node, cst.Import):
        for alias in node.names:
            bound = alias.asname.name if alias.asname is not None else alias.name
            yield (dotted_name(bound) or "").partition(".")[0]
    elif isinstance(node, cst.Name) and _is_target(tree, node):
        yield node.value


def _is_target(tree: Tree, name: cst.Name) -> bool:
    """Whether a name is assigned, deleted, a parameter or captured by a pattern."""
    inner: cst.CSTNode = name
    parent = tree.parent(name)
    while isinstance(parent, (cst.Tuple, cst.List, cst.Element, cst.StarredElement)):
        inner, parent = parent, tree.parent(parent)
    if isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr, cst.Del)):
        return parent.target is inner
    if isinstance(parent, (cst.Param, cst.MatchAs, cst.MatchStar)):
        return parent.name is name
    of_import = isinstance(parent, cst.AsName) and isinstance(tree.parent(parent), cst.ImportAlias)
    return isinstance(parent, cst.AsName) and not of_import


def imported_names(node: cst.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import statement imports, each with the name that it binds."""
    if isinstance(node.names, cst.ImportStar):
        return
    for alias in node.names:
        name = dotted_name(alias.name) or ""
        bound = bare_name(alias.asname.name) if alias.asname is not None else name
        yield name, bound or name


def bare_name(node: cst.CSTNode | None) -> str | None:
    """The name, if a node is a name; else `None`."""
    return node.value if isinstance(node, cst.Name) else None


def dotted_name(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a name or a chain of attributes; `None` for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted_name(node.value)
        return f"{base}.{node.attr.value}" if base is not None else None
    return None
