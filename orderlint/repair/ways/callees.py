"""Finds the function that a call runs, for every kind of helper.

That is a function, a lambda or a method by its name, or the `call` method of a layer of the file (`Act()(x)`,
`self.act(x)`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import libcst as cst

from orderlint.repair.text.scopes import visible
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name

__all__ = ["Function", "callee", "calls_of"]

Function: TypeAlias = cst.FunctionDef | cst.Lambda
_RUN = ("call", "__call__")
_OWN = ("self", "cls")


def callee(syntax: Syntax, spot: Spot) -> Function | None:
    """The function of the file that a call runs; `None` if that is not certain."""
    return spot.tree.once((callee, spot.node), partial(_callee, syntax, spot))  # each plan needs it for all calls


def _callee(syntax: Syntax, spot: Spot) -> Function | None:
    if not isinstance(spot.node, cst.Call):
        return None
    func = spot.node.func
    if isinstance(func, cst.Attribute):
        return _of_object(syntax, spot, func.attr.value) if bare_name(func.value) in _OWN else None
    return _of_value(syntax, Spot(spot.tree, func))


def calls_of(syntax: Syntax, function: Function) -> Iterator[Spot]:
    """The calls with arguments in the file that run a function."""
    name = function.name.value if isinstance(function, cst.FunctionDef) else None
    wanted = None if name is None or name in _RUN else name  # these are called by the name of an object
    for tree in syntax.trees:
        for node in tree.calls if wanted is None else tree.calls_by_name.get(wanted, ()):
            spot = Spot(tree, node)
            if node.args and callee(syntax, spot) is function:
                yield spot


def _of_object(syntax: Syntax, spot: Spot, name: str) -> Function | None:
    """The method of the surrounding class with a name, or what runs if the attribute with that name is called."""
    around = spot.tree.around(spot.node, cst.ClassDef)
    if around is None:
        return None
    methods = _methods(around, name)
    if methods:
        return methods[0] if len(methods) == 1 else None
    kept = spot.tree.once(_kept, partial(_kept, spot.tree)).get((around, name), ())
    return _of_value(syntax, Spot(spot.tree, kept[0])) if len(kept) == 1 else None


def _kept(tree: Tree) -> Mapping[tuple[cst.ClassDef, str], Sequence[cst.BaseExpression]]:
    """The values that each class assigns to `self.name`. They are collected at once: a class may have thousands."""
    found: dict[tuple[cst.ClassDef, str], list[cst.BaseExpression]] = {}
    for node in tree.assigns:
        targets = [one.target for one in node.targets if isinstance(one.target, cst.Attribute)]
        names = dict.fromkeys(one.attr.value for one in targets if bare_name(one.value) == "self")
        around = [above for above in tree.ancestors(node) if isinstance(above, cst.ClassDef)] if names else ()
        for above in around:
            for name in names:
                found.setdefault((above, name), []).append(node.value)
    return found


def _of_value(syntax: Syntax, spot: Spot, *, is_followed: bool = True) -> Function | None:
    """The function that runs if the value of an expression is called; `None` if that is not certain."""
    node = spot.node
    if isinstance(node, cst.Lambda):
        return node
    if isinstance(node, cst.Call):
        return _of_instance(syntax, spot, node)
    bound = _bound(syntax, spot)
    if isinstance(bound, Spot) and isinstance(bound.node, cst.FunctionDef):
        return bound.node
    if bound is None or not is_followed or isinstance(bound.node, cst.Name):
        return None
    return _of_value(syntax, bound, is_followed=False)


def _of_instance(syntax: Syntax, spot: Spot, made: cst.Call) -> Function | None:
    """The method that runs if a new object of a class of the file is called."""
    bound = _bound(syntax, Spot(spot.tree, made.func))
    if bound is None or not isinstance(bound.node, cst.ClassDef):
        return None
    runs = [method for name in _RUN for method in _methods(bound.node, name)]
    return runs[0] if len(runs) == 1 else None


def _bound(syntax: Syntax, spot: Spot) -> Spot | None:
    """The definition of a name, or the value that is assigned to it; `None` if it is not bound exactly once."""
    name = bare_name(spot.node)
    found = visible(syntax, name, spot) if name is not None else []
    if len(found) != 1:
        return None
    tree, node = found[0].tree, found[0].node
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return Spot(tree, node)
    target = tree.parent(node)
    statement = tree.parent(target) if isinstance(target, cst.AssignTarget) else None
    return Spot(tree, statement.value) if isinstance(statement, cst.Assign) else None


def _methods(around: cst.ClassDef, name: str) -> list[cst.FunctionDef]:
    return [one for one in around.body.body if isinstance(one, cst.FunctionDef) and one.name.value == name]
