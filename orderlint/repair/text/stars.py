"""The names that `from module import *` imports from a module of the project."""

from __future__ import annotations

from pathlib import Path

import libcst as cst

from orderlint.repair.text.scopes import scope_of
from orderlint.repair.text.syntax import Syntax, Tree, dotted_name
from orderlint.text.parsing import literal

__all__ = ["brings", "layers_of", "module_of", "of_layers"]

_MOST = 20
"""The most modules that are searched for one name: the modules of a package may import all names of each other."""


def module_of(node: cst.ImportFrom) -> str:
    """The dotted module of `from module import ...`."""
    name = dotted_name(node.module) if node.module is not None else None
    return "." * len(node.relative) + (name or "")


def of_layers(module: str) -> bool:
    """Whether a module is `keras.layers`, by any of its names."""
    return f".{module}".endswith(".keras.layers") or module == "keras.api.layers"


def brings(syntax: Syntax, star: cst.ImportFrom, name: str) -> bool:
    """Whether an import of all names certainly binds a name. It does not if the module cannot be read.

    Args:
        syntax: The file with the import.
        star: The import.
        name: The name.
    """
    return _brings(syntax, Path(syntax.file.path), star, name, set())


def _brings(syntax: Syntax, importer: Path, star: cst.ImportFrom, name: str, seen: set[Path]) -> bool:
    if of_layers(module_of(star)):
        return True
    path = _path(syntax, importer, star)
    if path is None or path in seen or len(seen) >= _MOST:
        return False
    seen.add(path)
    module = syntax.module(path)
    if module is None:
        return False
    exported = _exported(module)
    if name.startswith("_") if exported is None else name not in exported:
        return False
    for tree in module.trees:
        if any(scope_of(tree, node) is None for node in tree.binding.get(name, ())):
            return True
    return any(_brings(syntax, path, inner, name, seen) for _, inner in module.stars)


def layers_of(syntax: Syntax, star: cst.ImportFrom) -> str | None:
    """The Keras module from which a project module imports its layers; `None` if there is not exactly one.

    It may also get them from yet another module, by importing all names of it.
    """
    modules = _layers_of(syntax, Path(syntax.file.path), star, set())
    return min(modules) if len(modules) == 1 else None


def _layers_of(syntax: Syntax, importer: Path, star: cst.ImportFrom, seen: set[Path]) -> set[str]:
    path = _path(syntax, importer, star)
    if path is None or path in seen or len(seen) >= _MOST:
        return set()
    seen.add(path)
    module = syntax.module(path)
    if module is None:
        return set()
    own = {module_of(node) for tree in module.trees for node in tree.imports if of_layers(module_of(node))}
    return own or {name for _, inner in module.stars for name in _layers_of(syntax, path, inner, seen)}


def _path(syntax: Syntax, importer: Path, star: cst.ImportFrom) -> Path | None:
    """The file of the imported module; `None` if it is not in the project, or is a folder."""
    name = dotted_name(star.module) if star.module is not None else None
    path = syntax.project.imported(importer, len(star.relative), name or "")
    return None if path is None or syntax.project.is_folder(path) else Path(path)


def _exported(syntax: Syntax) -> set[str] | None:
    """The names in `__all__`; `None` if there is no `__all__`, empty if its value is not known."""
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
