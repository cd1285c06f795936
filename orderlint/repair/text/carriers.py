"""Arguments that several calls share: `**options`, and `functools.partial`."""

from __future__ import annotations

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.arguments import keyword
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name, dotted_name
from orderlint.text.parsing import string

__all__ = ["Carrier", "entry", "find_carrier"]


@record(frozen=True, slots=True)
class Carrier:
    """The place of an argument that several calls may share.

    Attributes:
        tree: The cell.
        node: The node from which an entry is to be removed: the holder, or the call that gets the holder if the
            argument is its only entry.
        index: The index of that entry.
        holder: The dictionary, or the call of `dict` or `partial`.
        place: The index of the argument in the holder.
        users: The calls that take their arguments from it.
    """

    tree: Tree
    node: cst.Call | cst.Dict
    index: int
    holder: cst.Call | cst.Dict
    place: int
    users: tuple[Spot, ...] = ()

    @property
    def value(self) -> cst.BaseExpression:
        return _parts(self.holder)[self.place].value


def _parts(node: cst.Call | cst.Dict) -> list[cst.Arg | cst.BaseDictElement]:
    return [*node.args] if isinstance(node, cst.Call) else [*node.elements]


def find_carrier(syntax: Syntax, tree: Tree, call: cst.Call, name: str) -> Carrier | None:
    """The place of an argument that a call does not get directly; `None` if it is not written out."""
    for arg in call.args:
        if arg.star == "**":
            found = entry(arg.value, name)
            if found is not None and len(_parts(found[0])) == 1:  # `**{"activation": "relu"}`
                return Carrier(tree, call, call.args.index(arg), *found)
            if found is not None:
                return Carrier(tree, *found, *found)
            if isinstance(arg.value, cst.Name) and (carrier := _Uses(syntax, tree, arg.value, name).carrier()):
                return carrier
    return _Uses(syntax, tree, call.func, name).carrier() if isinstance(call.func, cst.Name) else None


def entry(value: cst.BaseExpression, name: str) -> tuple[cst.Call | cst.Dict, int] | None:
    """A dictionary or partial that is written out, and the index of an argument in it; `None` for anything else."""
    if isinstance(value, cst.Call):
        last = (dotted_name(value.func) or "").rpartition(".")[2]
        given = keyword(value, name)
        return (value, value.args.index(given)) if last in ("dict", "partial") and given is not None else None
    if isinstance(value, cst.Dict):
        for index, element in enumerate(value.elements):
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and string(key.value) == name:
                return value, index
    return None


class _Uses:
    """The binding of a name to a dictionary or partial, and the calls that use it."""

    def __init__(self, syntax: Syntax, tree: Tree, use: cst.Name, argument: str) -> None:
        self.syntax = syntax
        self.tree = tree
        self.use = use
        self.argument = argument

    def carrier(self) -> Carrier | None:
        """The place of the argument; `None` if the name is bound twice, or is not only used for calls."""
        home = self.tree.function(self.use)
        for scope in (home, None) if home is not None else (None,):
            names = list(self._names(scope))
            if any(isinstance(tree.parent(name), (cst.AssignTarget, cst.Param)) for tree, name in names):
                return self._of(names)
        return None

    def _names(self, scope: cst.CSTNode | None) -> list[tuple[Tree, cst.Name]]:
        """Every use of the name in a function, or in the file."""
        trees = [self.tree] if scope is not None else self.syntax.trees
        return [
            (tree, node)
            for tree in trees
            if self.use.value in tree.text
            for node in tree.parents
            if isinstance(node, cst.Name) and node.value == self.use.value
            if scope is None or tree.holds(scope, node)
        ]

    def _of(self, names: list[tuple[Tree, cst.Name]]) -> Carrier | None:
        bound: list[tuple[Tree, cst.BaseExpression]] = []
        users: list[Spot] = []
        for tree, name in names:
            parent = tree.parent(name)
            if isinstance(parent, cst.AssignTarget):
                statement = tree.parent(parent)
                if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
                    return None
                bound.append((tree, statement.value))
            elif (user := _user(tree, name)) is not None:
                users.append(Spot(tree, user))
            elif not _is_label(parent, name):
                return None
        if len(bound) != 1 or (found := entry(bound[0][1], self.argument)) is None:
            return None
        return Carrier(bound[0][0], *found, *found, tuple(users))


def _user(tree: Tree, name: cst.Name) -> cst.Call | None:
    """The call to which a name gives arguments; `None` for any other use."""
    parent = tree.parent(name)
    if isinstance(parent, cst.Call) and parent.func is name:
        return parent
    if isinstance(parent, cst.Arg) and parent.star == "**" and parent.value is name:
        call = tree.parent(parent)
        return call if isinstance(call, cst.Call) and bare_name(call.func) != "dict" else None
    return None


def _is_label(parent: cst.CSTNode | None, name: cst.Name) -> bool:
    """Whether a name is the name of an attribute or keyword, and not a variable."""
    return (isinstance(parent, cst.Attribute) and parent.attr is name) or (
        isinstance(parent, cst.Arg) and parent.keyword is name
    )
