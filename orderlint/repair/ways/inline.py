"""Removes an inline `activation=` from the constructor of a layer."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import LayerCall
from orderlint.records import record
from orderlint.repair.text.arguments import Comments, add_keyword, keyword, remove
from orderlint.repair.text.binding import position
from orderlint.repair.text.carriers import Carrier, find_carrier
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.names import bound_names, read_names
from orderlint.repair.text.overriding import find_inherited, override
from orderlint.repair.text.spelling import is_activation_layer
from orderlint.repair.text.syntax import Syntax, Tree

__all__ = ["Inline", "inline_argument", "take_out"]

NAME = "activation"
_UNSEEN = "the activation of `{}` is not passed where the layer is constructed; pass it there as `activation=`"


@record(frozen=True, slots=True)
class Inline:
    """An activation that was an argument.

    Attributes:
        code: The code of the argument.
        is_layer: Whether it is a layer itself (`activation=LeakyReLU()`).
        names: The names that it reads.
        comments: Its comments.
    """

    code: str
    is_layer: bool
    names: frozenset[str]
    comments: Comments


def take_out(draft: Draft, syntax: Syntax, call: LayerCall) -> Inline:
    """Remove the inline activation of a call's layer.

    Raises:
        Hopeless: It is not visible where the layer is constructed, or that is in another file.
    """
    spot = syntax.spot(call.constructed)
    if spot is None:
        raise Hopeless(f"`{call.layer}` is constructed in another file; change it there")
    node = _innermost(spot.node, call)
    if node is None:
        raise Hopeless(_UNSEEN.format(call.layer))
    index = position(node, call.layer, NAME)
    if index is not None:
        return _take_argument(draft, spot.tree, node, index)
    carrier = find_carrier(syntax, spot.tree, node, NAME)
    if carrier is not None:
        return _take_from_carrier(draft, node, carrier)
    inherited = find_inherited(syntax, spot.tree, node, NAME)
    if inherited is None:
        raise Hopeless(_UNSEEN.format(call.layer))
    override(draft, spot.tree, node, inherited, NAME, "None")
    return _inline(inherited.tree, inherited.value, Comments())


def inline_argument(syntax: Syntax, call: LayerCall) -> cst.BaseExpression | None:
    """The activation argument of a layer's constructor, inline or of an `Activation`; `None` if it is not visible."""
    spot = syntax.anywhere(call.constructed)
    node = _innermost(spot.node, call) if spot is not None else None
    index = position(node, call.layer, NAME) if node is not None else None
    return node.args[index].value if node is not None and index is not None else None


def _innermost(node: cst.CSTNode, call: LayerCall) -> cst.Call | None:
    """The call that constructs the layer itself, inside its wrappers; `None` if it is not found."""
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
        draft.replace(tree, *tree.full_span(arg.value), "None")  # the arguments after it keep their positions
        return _inline(tree, arg.value, Comments())
    return _inline(tree, arg.value, remove(draft, tree, node, index))


def _dedented(tree: Tree, value: cst.BaseExpression) -> str:
    """The code of an expression. Lines after the first one lose the indentation of the first line."""
    code = tree.code(value)
    indent = tree.indent(tree.span(value)[0])
    if "\n" not in code or any(mark in code for mark in ('"""', "'''")):
        return code
    first, *others = code.split("\n")
    return "\n".join([first, *(line.removeprefix(indent) for line in others)])


def _read(value: cst.BaseExpression) -> set[str]:
    """The names that an expression reads, without the parameters of lambdas in it."""
    return read_names(value) - bound_names(value)


def _is_positional(arg: cst.Arg) -> bool:
    return arg.keyword is None and arg.star != "**"


def _inline(tree: Tree, value: cst.BaseExpression, comments: Comments) -> Inline:
    return Inline(_dedented(tree, value), is_activation_layer(value), frozenset(_read(value)), comments)


def _take_from_carrier(draft: Draft, node: cst.Call, carrier: Carrier) -> Inline:
    """Remove the activation from arguments that several calls share. The other calls get it as their own argument."""
    inline = _inline(carrier.tree, carrier.value, remove(draft, carrier.tree, carrier.node, carrier.index))
    for user in carrier.users:
        call = user.node
        if call is not node and isinstance(call, cst.Call) and keyword(call, NAME) is None:
            add_keyword(draft, user.tree, call, f"{NAME}={inline.code}")
    return inline
