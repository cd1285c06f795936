"""Overrides arguments at a call, if they come from a `partial` or a dictionary that other calls use too."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.arguments import add_keyword, keyword
from orderlint.repair.text.carriers import entry
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.syntax import Syntax, Tree, dotted_name

__all__ = ["Inherited", "find_inherited", "override"]

_CHANGING = frozenset({"clear", "pop", "popitem", "setdefault", "update"})
MOST_STEPS = 8  # of partials that build on one another


@record(frozen=True, slots=True)
class Inherited:
    """An argument that a call does not pass itself.

    Attributes:
        tree: The cell of its value.
        value: The value.
        options: The `**options` of the call that contain it; `None` if the called `partial` does.
    """

    tree: Tree
    value: cst.BaseExpression
    options: cst.Arg | None = None


def find_inherited(syntax: Syntax, tree: Tree, call: cst.Call, name: str) -> Inherited | None:
    """The argument that a call inherits; `None` if it is not written out, or may have been changed since."""
    for arg in call.args:
        if arg.star == "**":
            found = _value(syntax, tree, arg.value, name)
            if found is not None:
                return Inherited(*found, arg)
    found = _value(syntax, tree, call.func, name)
    return Inherited(*found) if found is not None else None


def override(draft: Draft, tree: Tree, call: cst.Call, inherited: Inherited, name: str, code: str) -> None:
    """Pass an argument in a call, instead of the one that it inherits."""
    arg = inherited.options
    if arg is None:
        add_keyword(draft, tree, call, f"{name}={code}")
    else:
        draft.replace(tree, *tree.full_span(arg.value), f'{{**{tree.code(arg.value)}, "{name}": {code}}}')


def _value(syntax: Syntax, tree: Tree, node: cst.BaseExpression, name: str) -> tuple[Tree, cst.BaseExpression] | None:
    """The value of an argument in a dictionary, or in a `partial` or one that it is based on; `None` if not found."""
    for _ in range(MOST_STEPS):
        if isinstance(node, (cst.Name, cst.Attribute)):
            bound = _binding(syntax, tree, node)
            if bound is None:
                return None
            tree, node = bound
        found = entry(node, name)
        if found is not None:
            holder, index = found
            parts = holder.args if isinstance(holder, cst.Call) else holder.elements
            return tree, parts[index].value
        if not isinstance(node, cst.Call) or not node.args or keyword(node, name) is not None:
            return None
        if (dotted_name(node.func) or "").rpartition(".")[2] != "partial":
            return None
        node = node.args[0].value
    return None


def _binding(syntax: Syntax, tree: Tree, node: cst.Name | cst.Attribute) -> tuple[Tree, cst.BaseExpression] | None:
    """The only value that a name or attribute is bound to, if nothing changes the value in place; else `None`."""
    written = dotted_name(node)
    if written is None:
        return None
    home = tree.function(node)
    scopes = [home, None] if home is not None and isinstance(node, cst.Name) else [None]
    for scope in scopes:
        uses = list(_uses(syntax, tree, scope, written, is_name=isinstance(node, cst.Name)))
        bound = [(one, parent) for one, parent in uses if isinstance(parent, (cst.AssignTarget, cst.Param))]
        if not bound:
            continue
        if len(bound) > 1 or any(_changes(one, parent) for one, parent in uses):
            return None
        where, target = bound[0]
        statement = where.parent(target)
        if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
            return None
        return where, statement.value
    return None


def _uses(
    syntax: Syntax, tree: Tree, scope: cst.CSTNode | None, written: str, *, is_name: bool
) -> Iterator[tuple[Tree, cst.CSTNode | None]]:
    """The cell and the parent node of each use of a name or attribute."""
    last = written.rpartition(".")[2]
    for one in [tree] if scope is not None else syntax.trees:
        if last not in one.text:
            continue
        for node in one.parents:
            is_it = isinstance(node, cst.Name if is_name else cst.Attribute) and dotted_name(node) == written
            if is_it and (scope is None or one.holds(scope, node)):
                yield one, one.parent(node)


def _changes(tree: Tree, parent: cst.CSTNode | None) -> bool:
    """Whether a use, by its parent node, changes the dictionary in place."""
    if isinstance(parent, cst.Subscript):
        above = tree.parent(parent)
        return isinstance(above, (cst.AssignTarget, cst.AugAssign, cst.Del))
    return isinstance(parent, cst.Attribute) and parent.attr.value in _CHANGING
