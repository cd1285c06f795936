"""Finds the parameter that determines the activation of a helper, and the call that passes it.

It may be a parameter of the function that applies the layer (`conv(x, "relu")`), of a function around it that returns
it (`conv("relu")(x)`), or of the constructor of its class (`Conv("relu")(x)`).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from orderlint.graph import LayerCall, Role
from orderlint.records import record
from orderlint.repair.text.names import bound_names, names_in
from orderlint.repair.text.parameters import parameter_of
from orderlint.repair.text.scopes import scope_of
from orderlint.repair.text.syntax import Syntax, Tree, bare_name
from orderlint.repair.ways.inline import inline_argument
from orderlint.source.python.syntax import last_name
from orderlint.text.walking import walk

__all__ = ["Decider", "decider"]

_RUN = ("call", "__call__")


@record(frozen=True, slots=True)
class Decider:
    """The parameter that determines an activation.

    Attributes:
        tree: The cell of the function.
        function: The function that has the parameter.
        parameter: The name of the parameter.
        names: The names by which the function is called.
        makes: Whether the result of the call is applied (`conv("relu")(x)`).
    """

    tree: Tree
    function: cst.FunctionDef
    parameter: str
    names: frozenset[str]
    makes: bool

    def passing_call(self, node: cst.CSTNode) -> cst.Call | None:
        """The call that passes the parameter, in an expression that applies the helper or adds it to a model.

        Returns: `None` for any other expression.
        """
        if not isinstance(node, cst.Call):
            return None
        made = [node.func, *(arg.value for arg in node.args[:1])] if self.makes else [node]
        return next((one for one in made if isinstance(one, cst.Call) and last_name(one.func) in self.names), None)


def decider(syntax: Syntax, call: LayerCall, applied: cst.FunctionDef) -> Decider | None:
    """The parameter that determines the activation of a call, and nothing else; `None` if there is none.

    Args:
        syntax: The file.
        call: An activation, or a layer with an inline one.
        applied: The function that applies it.
    """
    spot = syntax.anywhere(call.constructed) if call.roles[-1] is Role.ACTIVATION else None
    value = inline_argument(syntax, call)
    name = bare_name(value)
    if spot is None or value is None or name is None:
        return None
    tree = spot.tree
    function = _owner(tree, value, name)
    if function is None or any(_is_other(tree, use, value) for use, _ in names_in(function.body) if use.value == name):
        return None
    called = _called(tree, function, applied)
    if called is None:
        return None
    names = frozenset((called, *_aliases(syntax, tree, called)))
    return Decider(tree, function, name, names, makes=function is not applied)


def _owner(tree: Tree, value: cst.CSTNode, name: str) -> cst.FunctionDef | None:
    """The function of which a name is a parameter; `None` if an inner function binds the name."""
    function = tree.function(value)
    while isinstance(function, cst.FunctionDef):
        if parameter_of(function, name) is not None:
            return function
        if name in bound_names(function):
            return None
        function = tree.function(function)
    return None


def _is_other(tree: Tree, use: cst.Name, value: cst.CSTNode) -> bool:
    """Whether a use of a parameter does anything else than determine the activation, or store it for a config."""
    return use is not value and not _is_test(tree, use, value) and not _is_kept(tree, use)


def _is_test(tree: Tree, use: cst.CSTNode, value: cst.CSTNode) -> bool:
    """Whether a name is only tested to choose the activation (`if act is not None:`)."""
    above = tree.parent(use)
    test, chosen = (use, above) if isinstance(above, cst.If) else (above, tree.parent(above) if above else None)
    if not isinstance(chosen, cst.If) or chosen.test is not test or not isinstance(test, (cst.Name, cst.Comparison)):
        return False
    while isinstance(outer := tree.parent(chosen), cst.If) and outer.orelse is chosen:
        chosen = outer
    return tree.holds(chosen, value)


def _is_kept(tree: Tree, use: cst.CSTNode) -> bool:
    """Whether a name is stored in an attribute that only `get_config` reads."""
    statement = tree.parent(use)
    if not isinstance(statement, cst.Assign) or statement.value is not use or len(statement.targets) != 1:
        return False
    target, owner = statement.targets[0].target, tree.around(use, cst.ClassDef)
    if not isinstance(target, cst.Attribute) or bare_name(target.value) != "self" or owner is None:
        return False
    reads = [one for one in walk(owner) if isinstance(one, cst.Attribute) and one.attr.value == target.attr.value]
    return all(one is target or _is_in_config(tree, one) for one in reads)


def _is_in_config(tree: Tree, node: cst.CSTNode) -> bool:
    function = tree.function(node)
    return isinstance(function, cst.FunctionDef) and function.name.value == "get_config"


def _called(tree: Tree, function: cst.FunctionDef, applied: cst.FunctionDef) -> str | None:
    """The name by which a function is called, if its call determines what another one applies; else `None`."""
    if function is applied or tree.holds(function, applied):
        return function.name.value
    owner = scope_of(tree, function)
    is_own = isinstance(owner, cst.ClassDef) and scope_of(tree, applied) is owner and applied.name.value in _RUN
    return owner.name.value if isinstance(owner, cst.ClassDef) and is_own and _is_constructor(function) else None


def _is_constructor(function: cst.FunctionDef) -> bool:
    return function.name.value == "__init__"


def _aliases(syntax: Syntax, home: Tree, name: str) -> Iterator[str]:
    """Other names of a function or class: `conv = _conv`, and `from blocks import conv as block`."""
    for node in home.assigns:
        if bare_name(node.value) == name:
            yield from filter(None, (bare_name(one.target) for one in node.targets))
    for tree in syntax.trees:
        for alias in (node for node in tree.parents if isinstance(node, cst.ImportAlias)):
            if alias.asname is not None and bare_name(alias.name) == name:
                yield from filter(None, [bare_name(alias.asname.name)])
