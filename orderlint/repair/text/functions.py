"""The names of functions in reasons. They distinguish several functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import libcst as cst

from orderlint.repair.text.drafts import described
from orderlint.repair.text.scopes import scope_of
from orderlint.repair.text.syntax import Tree
from orderlint.text.cells import NodeSite

__all__ = ["Function", "distinct_names", "named"]

Function = cst.FunctionDef | cst.Lambda | None
"""A function; `None` for the code of the module itself."""


def distinct_names(functions: Collection[tuple[Tree, Function]]) -> list[str]:
    """A name for each different function, sorted by name.

    The name of a method has its class before it. Functions with the same name are distinguished by their lines.
    """
    distinct = {node: tree for tree, node in functions}
    names = {node: named(tree, node) for node, tree in distinct.items()}
    counts = Counter(names.values())
    in_files = len({tree.cell.path for tree in distinct.values()}) > 1
    ordered = sorted(distinct, key=lambda node: (names[node], distinct[node].number, _start(distinct[node], node)))
    return [
        names[node] if counts[names[node]] == 1 else f"{names[node]} in {_where(distinct[node], node, in_files)}"
        for node in ordered
    ]


def _start(tree: Tree, node: Function) -> int:
    return tree.span(node)[0] if node is not None else 0


def named(tree: Tree, node: Function) -> str:
    """The name of a function in reasons; for a method, with its class (`` `Block.call` ``)."""
    if node is None:
        return "the module"
    if isinstance(node, cst.Lambda):
        return "a lambda"
    owner = scope_of(tree, node)
    return f"`{owner.name.value}.{node.name.value}`" if isinstance(owner, cst.ClassDef) else f"`{node.name.value}`"


def _where(tree: Tree, node: Function, in_files: bool) -> str:
    at = node.name if isinstance(node, cst.FunctionDef) else node
    assert at is not None  # the module's own code has a name that no function has
    location = NodeSite(tree.cell, at).location()
    return described(location) + (f" of {Path(location.path).name}" if in_files else "")
