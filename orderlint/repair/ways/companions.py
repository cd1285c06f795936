"""The repairs of the companion rules: an argument given, a class replaced."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import LayerCall
from orderlint.judging import ReplaceLayer, SetArgument
from orderlint.repair.text.arguments import add_keyword, remove
from orderlint.repair.text.binding import position
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.spelling import spell
from orderlint.repair.text.syntax import Spot, Syntax, dotted_name

__all__ = ["replace_layer", "set_argument"]


def set_argument(syntax: Syntax, wish: SetArgument) -> Draft:
    """Give the constructor of a layer an argument.

    Raises:
        Refused: It has it already in a way that is not seen.
    """
    spot, call = _constructor(syntax, wish.call)
    draft = Draft()
    place = position(call, wish.call.layer, wish.argument)
    if place is None and wish.argument == "bias":
        place = position(call, wish.call.layer, "use_bias")
    if place is not None and wish.value is None:
        remove(draft, spot.tree, call, place)
    elif place is not None:
        draft.replace(spot.tree, *spot.tree.full_span(call.args[place].value), repr(wish.value))
    elif any(arg.star for arg in call.args) and any(wish.argument in tree.text for tree in syntax.trees):
        raise Refused(
            f"`{wish.argument}` may be among the arguments that `{wish.call.layer}` takes from elsewhere; give it there"
        )
    else:
        add_keyword(draft, spot.tree, call, f"{wish.argument}={wish.value!r}")
    return draft


def replace_layer(syntax: Syntax, wish: ReplaceLayer) -> Draft:
    """Construct another layer with the same arguments.

    Raises:
        Refused: The class is not named where it is constructed.
    """
    spot, call = _constructor(syntax, wish.call)
    draft = Draft()
    if (dotted_name(call.func) or "").rpartition(".")[2] != wish.call.layer:
        raise Refused(f"`{wish.call.layer}` goes by another name where it is constructed; replace it by hand")
    name = spell(draft, syntax, wish.layer, [spot])
    draft.replace(spot.tree, *spot.tree.span(call.func), name)
    return draft


def _constructor(syntax: Syntax, call: LayerCall) -> tuple[Spot, cst.Call]:
    spot = syntax.spot(call.constructed)
    if spot is None:
        raise Refused(f"`{call.layer}` is constructed in another file; change it there")
    node = spot.node
    while "wrapper" in call.facts and isinstance(node, cst.Call) and node.args:
        if (dotted_name(node.func) or "").rpartition(".")[2] != call.facts["wrapper"]:
            break
        node = node.args[0].value
    if not isinstance(node, cst.Call):
        raise Refused(f"`{call.layer}` is not constructed by a plain call; change it by hand")
    return spot, node
