"""Adds a layer as an attribute of a subclass: its name and its constructor."""

from __future__ import annotations

import re
from itertools import chain, count

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.names import bound_names
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.text.syntax import Spot, Tree, bare_name

__all__ = ["Home", "add_member", "home_of"]

_NORM = re.compile(r"batch_?normali[sz]ation|batch_?norm|bnorm|norm|bn", re.IGNORECASE)


@record(frozen=True, slots=True)
class Home:
    """A class with a method that applies layers, and the name of `self` in that method."""

    tree: Tree
    node: cst.ClassDef
    receiver: str


def home_of(spot: Spot) -> Home | None:
    """The class whose method contains a node; `None` outside of methods."""
    function = spot.tree.function(spot.node)
    if not isinstance(function, cst.FunctionDef):
        return None
    receiver = _first_parameter(function)
    block = spot.tree.parent(function)
    owner = spot.tree.parent(block) if block is not None else None
    return Home(spot.tree, owner, receiver) if receiver and isinstance(owner, cst.ClassDef) else None


def _first_parameter(function: cst.FunctionDef) -> str | None:
    parameters = (*function.params.posonly_params, *function.params.params)
    return parameters[0].name.value if parameters else None


def add_member(
    draft: Draft, home: Home, beside: Spot, norm: str | None, layer: NewLayer, reads: frozenset[str], taken: set[str]
) -> str:
    """Add a layer as an attribute to a class. It is constructed after another layer.

    Args:
        draft: Takes the edits.
        home: The class.
        beside: The expression that constructs the other layer.
        norm: The attribute of the norm that it follows, for a similar name.
        layer: The new layer.
        reads: The names that its expression reads.
        taken: The names of new layers. The new one is added.

    Returns: The name of the attribute.

    Raises:
        Hopeless: There is no place for the constructor.
    """
    tree = beside.tree
    function = tree.function(beside.node)
    if tree is not home.tree or not isinstance(function, cst.FunctionDef) or not tree.holds(home.node, function):
        raise Hopeless("the layer is constructed outside the class that applies it; construct it there")
    receiver = _first_parameter(function)
    linear, statement = _attribute(tree, beside.node, receiver)
    name = _free(_wanted(linear, norm), tree, home.node, taken)
    taken.add(f"{home.node.name.value}.{name}")
    item = _line_after(tree, function, statement, reads)
    form = f"{receiver}.{name} = {{}}"
    if item.is_shared:
        draft.insert(tree, item.core[1], "; " + layer.statement(form, item.indent, item.newline))
    else:
        line = layer.statement(form, item.indent, item.newline)
        draft.insert(tree, item.end, f"{item.newline}{item.indent}{line}")
    return name


def _line_after(tree: Tree, function: cst.FunctionDef, statement: cst.CSTNode, reads: frozenset[str]) -> Item:
    """The statement behind which a constructor goes: the given one, or the loop around it."""
    blocks = [above for above in tree.ancestors(statement) if isinstance(above, cst.BaseSuite)]
    for block in reversed(blocks[: blocks.index(function.body) + 1]):
        for item in items_of(tree, block):
            if tree.holds(item.node, statement) and (
                isinstance(item.node, (cst.For, cst.While)) or not item.is_compound
            ):
                if item.is_compound and bound_names(item.node) & reads:
                    raise Hopeless("the activation differs between the iterations of a loop; change the order by hand")
                return item
    raise Hopeless("there is no place for the constructor of the new activation layer; write it by hand")


def _attribute(tree: Tree, node: cst.CSTNode, receiver: str | None) -> tuple[str | None, cst.CSTNode]:
    """The attribute that a new layer is assigned to, if any, and the statement that constructs it."""
    statement = tree.small_statement(node)
    if statement is None:
        raise Hopeless("there is no place for the constructor of the new activation layer; write it by hand")
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        if isinstance(target, cst.Attribute) and bare_name(target.value) == receiver:
            return target.attr.value, statement
    return None, statement


def _wanted(linear: str | None, norm: str | None) -> list[str]:
    """Suitable names, the best first: similar to the name of the norm, or of the linear layer."""
    wanted = []
    if norm is not None and _NORM.search(norm):
        wanted.append(_NORM.sub("act", norm, count=1))
    return [*wanted, f"{linear}_act" if linear else "act"]


def _free(wanted: list[str], tree: Tree, owner: cst.ClassDef, taken: set[str]) -> str:
    """A name that does not occur in the class."""
    start, end = tree.span(owner)
    used = set(re.findall(r"\w+", tree.text[start:end]))
    numbered = (f"{wanted[-1]}_{number}" for number in count(2))
    free = (name for name in chain(wanted, numbered) if name not in used)
    return next(name for name in free if f"{owner.name.value}.{name}" not in taken)
