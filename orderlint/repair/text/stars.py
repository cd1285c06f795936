"""What `from module import *` brings from a module of the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import libcst as cst

from orderlint.repair.text.scopes import scope_of
from orderlint.repair.text.syntax import Syntax, Tree, dotted_name
from orderlint.source import Project
from orderlint.text.parsing import literal

__all__ = ["brings", "layers_of", "module_of", "of_layers"]

_MOST = 20
"""Modules that are looked into for one name: packages import all of one another."""


def module_of(node: cst.ImportFrom) -> str:
    """The dotted module of `from module import ...`."""
    name = dotted_name(node.module) if node.module is not None else None
    return "." * len(node.relative) + (name or "")


def of_layers(module: str) -> bool:
    """Whether a module is `keras.layers`, by any of its names."""
    return f".{module}".endswith(".keras.layers") or module == "keras.api.layers"


def brings(project: Project, path: str, star: cst.ImportFrom, name: str) -> bool:
    """Whether an import of all names certainly brings a name; not from what cannot be read.

    Args:
        project: Where modules are found.
        path: The file with the import.
        star: The import.
        name: The name.
    """
    return _brings(project, Path(path), star, name, set())


def _brings(project: Project, importer: Path, star: cst.ImportFrom, name: str, seen: set[Path]) -> bool:
    if of_layers(module_of(star)):
        return True
    found = _module(project, importer, star)
    if found is None or found[0] in seen or len(seen) >= _MOST:
        return False
    path, syntax = found
    seen.add(path)
    exported = _exported(syntax)
    if name.startswith("_") if exported is None else name not in exported:
        return False
    for tree in syntax.trees:
        if any(scope_of(tree, node) is None for node in tree.binding.get(name, ())):
            return True
    return any(_brings(project, path, inner, name, seen) for inner in _stars(syntax))


def layers_of(project: Project, path: str, star: cst.ImportFrom) -> str | None:
    """The module of Keras layers that a module of the project imports its own from; `None` if that is not seen."""
    found = _module(project, Path(path), star)
    imports = (node for tree in found[1].trees for node in tree.imports) if found is not None else ()
    modules = {module_of(node) for node in imports if of_layers(module_of(node))}
    return min(modules) if len(modules) == 1 else None


def _stars(syntax: Syntax) -> Iterator[cst.ImportFrom]:
    for tree in syntax.trees:
        yield from (node for node in tree.imports if isinstance(node.names, cst.ImportStar))


def _module(project: Project, importer: Path, star: cst.ImportFrom) -> tuple[Path, Syntax] | None:
    """The module of an import with its trees; `None` if it is not of the project, or cannot be read."""
    name = dotted_name(star.module) if star.module is not None else None
    if star.relative:
        path = project.relative(importer, len(star.relative), name or "")
    else:
        path = project.find(name or "", importer)
    if path is None or project.is_folder(path):
        return None
    source = project.read(path)
    return (path, Syntax(source)) if source is not None else None


def _exported(syntax: Syntax) -> set[str] | None:
    """The names of `__all__`; `None` if there is no such list, empty if it is not known."""
    nodes = [(tree, node) for tree in syntax.trees for node in tree.binding.get("__all__", ())]
    if not nodes:
        return None
    (tree, node), *others = nodes
    parent = tree.parent(node)
    assign = tree.parent(parent) if isinstance(parent, cst.AssignTarget) else None
    if others or not isinstance(assign, cst.Assign):
        return set()
    return _listed(tree, assign)


def _listed(tree: Tree, assign: cst.Assign) -> set[str]:
    try:
        value = literal(tree.code(assign.value))
    except (ValueError, SyntaxError):
        return set()
    return {str(one) for one in value} if isinstance(value, (list, tuple)) else set()
