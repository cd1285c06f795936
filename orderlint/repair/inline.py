"""Takes an inline `activation=` out of the construction of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from orderlint.graph import LayerCall
from orderlint.repair.arguments import Comments, add_keyword, keyword, remove
from orderlint.repair.binding import position
from orderlint.repair.drafts import Draft, Hopeless
from orderlint.repair.spelling import is_activation_layer
from orderlint.repair.syntax import Spot, Syntax, Tree, bare_name, dotted_name

__all__ = ["Inline", "take_out"]

NAME = "activation"
_UNSEEN = "the activation of `{}` is not given where the layer is constructed; give it as `activation=` there"


@dataclass(frozen=True, slots=True)
class Inline:
    """An activation that was an argument.

    Attributes:
        code: The expression that was given.
        is_layer: Whether that is a layer itself (`activation=LeakyReLU()`).
        names: The names it reads.
        comments: What was said about it.
    """

    code: str
    is_layer: bool
    names: frozenset[str]
    comments: Comments


def take_out(draft: Draft, syntax: Syntax, call: LayerCall) -> Inline:
    """Remove the inline activation of a call's layer.

    Raises:
        Hopeless: It is not to be seen where the layer is constructed.
    """
    spot = syntax.spot(call.constructed)
    if spot is None:
        raise Hopeless(f"`{call.layer}` is constructed in another file")
    node = _innermost(spot.node, call)
    if node is None:
        raise Hopeless(_UNSEEN.format(call.layer))
    index = position(node, call.layer, NAME)
    if index is not None:
        return _take_argument(draft, spot.tree, node, index)
    carrier = _carrier(syntax, spot.tree, node)
    if carrier is None:
        raise Hopeless(_UNSEEN.format(call.layer))
    return _take_from_carrier(draft, syntax, spot.tree, node, carrier)


def _innermost(node: cst.CSTNode, call: LayerCall) -> cst.Call | None:
    """The call that constructs the layer itself, inside its wrappers."""
    if "wrapper" not in call.facts:
        return node if isinstance(node, cst.Call) else None
    while isinstance(node, cst.Call) and node.args:
        inner = keyword(node, "layer")
        node = inner.value if inner is not None else node.args[0].value
        if isinstance(node, cst.Call) and position(node, call.layer, NAME) is not None:
            return node
    return None


def _take_argument(draft: Draft, tree: Tree, node: cst.Call, index: int) -> Inline:
    arg = node.args[index]
    if arg.keyword is None and any(_is_positional(other) for other in node.args[index + 1 :]):
        draft.replace(tree, *tree.full_span(arg.value), "None")  # the arguments after it keep their places
        return _inline(tree, arg.value, Comments())
    return _inline(tree, arg.value, remove(draft, tree, node, index))


def _dedented(tree: Tree, value: cst.BaseExpression) -> str:
    """The code of an expression; lines after the first lose the indentation of the first one's line."""
    code = tree.code(value)
    indent = tree.indent(tree.span(value)[0])
    if "\n" not in code or any(mark in code for mark in ('"""', "'''")):
        return code
    first, *others = code.split("\n")
    return "\n".join([first, *(line.removeprefix(indent) for line in others)])


def _is_positional(arg: cst.Arg) -> bool:
    return arg.keyword is None and arg.star != "**"


def _inline(tree: Tree, value: cst.BaseExpression, comments: Comments) -> Inline:
    return Inline(_dedented(tree, value), is_activation_layer(value), frozenset(names_read(value)), comments)


def names_read(node: cst.CSTNode) -> Iterator[str]:
    """The names an expression reads, attributes and keywords left out."""
    if isinstance(node, cst.Name):
        yield node.value
    for child in node.children:
        if isinstance(node, cst.Attribute) and child is node.attr:
            continue
        if isinstance(node, cst.Arg) and child is node.keyword:
            continue
        yield from names_read(child)


# -- shared arguments: `**options`, and `partial` -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Carrier:
    """Where arguments for several calls are kept.

    Attributes:
        node: The dictionary, or the call of `dict` or `partial`; the call that is given it if it holds nothing else.
        index: Which of its entries is to go.
        holder: The dictionary, or the call of `dict` or `partial`.
        place: Which of its entries is the activation.
        users: The calls that take their arguments from it.
    """

    tree: Tree
    node: cst.Call | cst.Dict
    index: int
    holder: cst.Call | cst.Dict
    place: int
    users: tuple[Spot, ...]

    @property
    def value(self) -> cst.BaseExpression:
        holder = self.holder
        return (holder.args if isinstance(holder, cst.Call) else holder.elements)[self.place].value


def _num_parts(node: cst.Call | cst.Dict) -> int:
    return len(node.args if isinstance(node, cst.Call) else node.elements)


def _carrier(syntax: Syntax, tree: Tree, node: cst.Call) -> _Carrier | None:
    for arg in node.args:
        if arg.star == "**":
            found = _entry(arg.value)
            if found is not None and _num_parts(found[0]) == 1:  # `**{"activation": "relu"}`
                return _Carrier(tree, node, node.args.index(arg), found[0], 0, ())
            if found is not None:
                return _Carrier(tree, *found, *found, ())
            name = bare_name(arg.value)
            if name is not None and (carrier := _named(syntax, name)) is not None:
                return carrier
    name = bare_name(node.func)
    return _named(syntax, name) if name is not None else None


def _entry(value: cst.BaseExpression) -> tuple[cst.Call | cst.Dict, int] | None:
    """A dictionary or partial written out, and where the activation is in it."""
    if isinstance(value, cst.Call):
        last = (dotted_name(value.func) or "").rpartition(".")[2]
        given = keyword(value, NAME)
        return (value, value.args.index(given)) if last in ("dict", "partial") and given is not None else None
    if isinstance(value, cst.Dict):
        for index, element in enumerate(value.elements):
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and key.evaluated_value == NAME:
                return value, index
    return None


def _named(syntax: Syntax, name: str) -> _Carrier | None:
    """What a name is bound to, if it is bound once, written out, and only used for calls."""
    bound: list[tuple[Tree, cst.BaseExpression]] = []
    users: list[Spot] = []
    for tree in syntax.trees:
        for node in tree.parents:
            if not isinstance(node, cst.Name) or node.value != name:
                continue
            parent = tree.parent(node)
            if isinstance(parent, cst.AssignTarget):
                statement = tree.parent(parent)
                if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
                    return None
                bound.append((tree, statement.value))
            elif (user := _user(tree, node, parent)) is not None:
                users.append(Spot(tree, user))
            elif not _is_label(parent, node):
                return None
    if len(bound) != 1 or (found := _entry(bound[0][1])) is None:
        return None
    return _Carrier(bound[0][0], *found, *found, tuple(users))


def _user(tree: Tree, name: cst.Name, parent: cst.CSTNode | None) -> cst.Call | None:
    if isinstance(parent, cst.Call) and parent.func is name:
        return parent
    if isinstance(parent, cst.Arg) and parent.star == "**" and parent.value is name:
        call = tree.parent(parent)
        return call if isinstance(call, cst.Call) else None
    return None


def _is_label(parent: cst.CSTNode | None, name: cst.Name) -> bool:
    """Whether a name is that of an attribute or keyword, which is another matter."""
    return (isinstance(parent, cst.Attribute) and parent.attr is name) or (
        isinstance(parent, cst.Arg) and parent.keyword is name
    )


def _take_from_carrier(draft: Draft, syntax: Syntax, tree: Tree, node: cst.Call, carrier: _Carrier) -> Inline:
    """Take the activation out of what several calls share; the others get it as an argument of their own."""
    inline = _inline(carrier.tree, carrier.value, remove(draft, carrier.tree, carrier.node, carrier.index))
    for user in carrier.users:
        call = user.node
        if call is not node and isinstance(call, cst.Call) and keyword(call, NAME) is None:
            add_keyword(draft, user.tree, call, f"{NAME}={inline.code}")
    return inline
