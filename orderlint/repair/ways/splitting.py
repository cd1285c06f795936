"""Makes an activation layer from an inline activation."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.graph import LayerCall
from orderlint.repair.text.arguments import Comments
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.names import bound_names
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.text.reasons import DIFFERENT_ACTIVATIONS
from orderlint.repair.text.spelling import spell
from orderlint.repair.text.syntax import Spot, Syntax, bare_name
from orderlint.repair.ways.inline import Inline, take_out
from orderlint.repair.ways.members import add_member, home_of

__all__ = ["constructed", "split_off"]


def split_off(
    draft: Draft, syntax: Syntax, linears: Sequence[LayerCall], norm: LayerCall, at: Spot, taken: set[str]
) -> NewLayer:
    """Remove the inline activation of some layers, and make one layer of it.

    Args:
        draft: Takes the edits.
        syntax: The file.
        linears: The layers, with the same activation.
        norm: The layer behind which it comes.
        at: The place where it is applied.
        taken: The names of new layers. A new one is added.

    Raises:
        Hopeless: It cannot be removed, or is not the same for all.
    """
    inlines = [take_out(draft, syntax, linear) for linear in linears]
    inline = inlines[0]
    if any(other.code != inline.code for other in inlines):
        raise Hopeless(DIFFERENT_ACTIVATIONS)
    comments = Comments(
        tuple(line for one in inlines for line in one.comments.above),
        next((one.comments.behind for one in inlines if one.comments.behind), ""),
    )
    made = syntax.spot(linears[0].constructed)
    home = home_of(at)

    def layer(where: Spot) -> NewLayer:
        code = constructed(draft, syntax, inline.code, inline.is_layer, linears[0], norm, [where])
        return NewLayer(code, comments)

    if made is None or home is None or not _is_member(made, at):
        new = layer(at)
        _check_names(inline, made, at)
        return new
    name = add_member(draft, home, made, _attribute(at, home.receiver), layer(made), inline.names, taken)
    return NewLayer(f"{home.receiver}.{name}")


def constructed(
    draft: Draft,
    syntax: Syntax,
    code: str,
    is_layer: bool,
    linear: LayerCall,
    norm: LayerCall,
    where: Sequence[Spot],
) -> str:
    """The code of a layer that does what an activation argument did.

    Args:
        draft: Takes the edits.
        syntax: The file.
        code: The argument.
        is_layer: Whether it is a layer itself.
        linear: The layer that had the argument, whose style is imitated.
        norm: The layer behind which it comes.
        where: The places where it is written.
    """
    if is_layer:
        return code
    likes = (syntax.spot(linear.constructed), syntax.spot(norm.constructed))
    return f"{spell(draft, syntax, 'Activation', likes, where)}({code})"


def _check_names(inline: Inline, made: Spot | None, at: Spot) -> None:
    """Check that the names that an activation reads are not local to another function.

    Raises:
        Hopeless: One is.
    """
    function = made.tree.function(made.node) if made is not None else None
    if made is None or function is None or (made.tree is at.tree and made.tree.holds(function, at.node)):
        return
    local = inline.names & bound_names(function)
    if local:
        raise Hopeless(
            f"`{min(local)}`, which its activation uses, is not known where the layer is applied; "
            "construct and apply it in one function"
        )


def _is_member(made: Spot, at: Spot) -> bool:
    """Whether a layer is constructed in one method of a class and applied in another."""
    if made.tree is not at.tree:
        return False
    function = made.tree.function(made.node)
    owner = made.tree.around(at.node, cst.ClassDef)
    return function is not at.tree.function(at.node) and owner is not None and made.tree.holds(owner, made.node)


def _attribute(at: Spot, receiver: str) -> str | None:
    """The attribute of the layer that is applied (`bn` for `self.bn(x)`); `None` if it is not one."""
    callee = at.node.func if isinstance(at.node, cst.Call) else at.node
    if isinstance(callee, cst.Attribute) and bare_name(callee.value) == receiver:
        return callee.attr.value
    return None
