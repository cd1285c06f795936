"""Finds the binding of a name in Python's scopes, and whether it is certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.syntax import Spot, Syntax, Tree

__all__ = ["Binding", "is_bound", "is_certain", "means_the_same", "scope_of", "visible"]

Scope = cst.FunctionDef | cst.Lambda | cst.ClassDef | None
_FUNCTIONS: tuple[type[cst.FunctionDef | cst.Lambda], ...] = (cst.FunctionDef, cst.Lambda)
Split = cst.If | cst.Try | cst.TryStar
_SPLITS: tuple[type[Split], ...] = (cst.If, cst.Try, cst.TryStar)
_SOMETIMES = (*_SPLITS, cst.While, cst.For, cst.Match)


@record(frozen=True, slots=True)
class Binding:
    """A place that binds a name, or deletes it.

    Attributes:
        tree: The cell.
        node: The import statement, the definition, or the name itself.
        scope: The function or class that the name belongs to; `None` for the module.
    """

    tree: Tree
    node: cst.CSTNode
    scope: Scope


def visible(syntax: Syntax, name: str, at: Spot) -> list[Binding]:
    """The bindings of a name in the scope that applies at a place. They are empty if the file does not bind it."""
    for scope in _scopes(at):
        trees = syntax.trees if scope is None else [at.tree]
        found = [one for tree in trees if name in tree.text for one in _bindings(tree, name) if one.scope is scope]
        if found:
            return found
    return []


def means_the_same(syntax: Syntax, name: str, one: Spot, other: Spot) -> bool:
    """Whether a name refers to the same object at two places."""
    return [(b.tree, b.node) for b in visible(syntax, name, one)] == [
        (b.tree, b.node) for b in visible(syntax, name, other)
    ]


def is_certain(binding: Binding, at: Spot) -> bool:
    """Whether a name is bound whenever a place is reached."""
    if binding.scope is scope_of(at.tree, at.node) and Spot(binding.tree, binding.node).order > at.order:
        return False
    inner: cst.CSTNode = binding.node
    for above in binding.tree.ancestors(binding.node):
        if above is binding.scope:
            return True
        if isinstance(above, _SOMETIMES) and not (binding.tree is at.tree and at.tree.holds(inner, at.node)):
            return False
        inner = above
    return True


def is_bound(bindings: Sequence[Binding], at: Spot) -> bool:
    """Whether bindings of a name together bind it whenever a place is reached: each arm of an `if` may have one."""
    return any(is_certain(one, at) for one in bindings) or any(
        _is_in_each(one.tree, split, bindings) and is_certain(Binding(one.tree, split, one.scope), at)
        for one in bindings
        for split in one.tree.ancestors(one.node)
        if isinstance(split, _SPLITS)
    )


def _is_in_each(tree: Tree, split: Split, bindings: Sequence[Binding]) -> bool:
    """Whether each arm of an `if` or `try` directly contains one of some bindings."""
    nodes = [one.node for one in bindings if one.tree is tree]
    for arm in _arms(split):
        if isinstance(arm, cst.If):
            if not _is_in_each(tree, arm, bindings):
                return False
        elif arm is None or not any(_innermost(tree, node) is arm for node in nodes):
            return False
    return True


def _arms(split: Split) -> list[cst.CSTNode | None]:
    if isinstance(split, cst.If):
        rest = split.orelse
        return [split.body, rest.body if isinstance(rest, cst.Else) else rest]
    return [split.body, *(handler.body for handler in split.handlers)]


def _innermost(tree: Tree, node: cst.CSTNode) -> cst.CSTNode | None:
    """The block that contains a statement."""
    return next((above for above in tree.ancestors(node) if isinstance(above, cst.BaseSuite)), None)


def scope_of(tree: Tree, node: cst.CSTNode) -> Scope:
    """The function or class whose names a node binds or reads."""
    inner = node
    for above in tree.ancestors(node):
        if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)) and inner is above.body:
            return above
        inner = above
    return None


def _scopes(at: Spot) -> Iterator[Scope]:
    """The scopes in which a name is looked up. A class is only one for its own body."""
    scope = scope_of(at.tree, at.node)
    yield scope
    while scope is not None:
        scope = scope_of(at.tree, scope)
        if not isinstance(scope, cst.ClassDef):
            yield scope


def _bindings(tree: Tree, name: str) -> list[Binding]:
    return [Binding(tree, node, _owner(tree, node, name)) for node in tree.binding.get(name, ())]


def _owner(tree: Tree, node: cst.CSTNode, name: str) -> Scope:
    scope = _parameter_of(tree, node) or scope_of(tree, node)
    shared = [_outer(tree, one) for one in tree.sharing.get(name, ()) if scope_of(tree, one) is scope]
    return shared[0] if shared else scope


def _parameter_of(tree: Tree, node: cst.CSTNode) -> Scope:
    """The function of which a name is a parameter; `None` for other names."""
    parent = tree.parent(node)
    return tree.around(parent, _FUNCTIONS) if isinstance(parent, cst.Param) else None


def _outer(tree: Tree, node: cst.CSTNode) -> Scope:
    """The scope that `global` or `nonlocal` refers to."""
    own = scope_of(tree, node)
    return None if isinstance(node, cst.Global) or own is None else scope_of(tree, own)
