"""The repairs of the companion rules: adding an argument, replacing a class."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import libcst as cst

from orderlint.diagnostics import Edit
from orderlint.graph import LayerCall
from orderlint.judging import ReplaceLayer, SetArgument
from orderlint.repair.text.arguments import add_keyword, remove
from orderlint.repair.text.binding import position
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.spelling import spell
from orderlint.repair.text.syntax import Spot, Syntax, dotted_name

__all__ = ["replace_layer", "replace_moved", "set_argument"]

_SHARED: Final = frozenset({"dtype", "name", "rate", "seed", "p", "trainable"})
"""Arguments that have the same meaning for a spatial dropout and a plain one."""


def set_argument(syntax: Syntax, wish: SetArgument) -> Draft:
    """Set an argument of a layer's constructor.

    Raises:
        Refused: The constructor is not a visible call, or may already get the argument in a way that is not visible.
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
            f"`{wish.argument}` may be among the arguments that `{wish.call.layer}` gets from elsewhere; pass it there"
        )
    else:
        add_keyword(draft, spot.tree, call, f"{wish.argument}={wish.value!r}")
    return draft


def replace_layer(syntax: Syntax, wish: ReplaceLayer) -> Draft:
    """Construct another layer with the same arguments.

    Raises:
        Refused: The constructor is not a visible call, or does not name the class.
    """
    spot, call = _constructor(syntax, wish.call)
    draft = Draft()
    if (dotted_name(call.func) or "").rpartition(".")[2] != wish.call.layer:
        raise Refused(f"`{wish.call.layer}` has another name where it is constructed; replace it by hand")
    name = spell(draft, syntax, wish.layer, [spot])
    draft.replace(spot.tree, *spot.tree.span(call.func), name)
    return draft


def replace_moved(syntax: Syntax, call: LayerCall, layer: str, draft: Draft) -> None:
    """Construct another layer with the same rate, as part of the edits that move the code.

    Args:
        syntax: The file.
        call: The call of the layer that moves.
        layer: The class of the other layer.
        draft: The edits that move it. Their new texts may contain the constructor.

    Raises:
        Refused: It has arguments that the other layer may not have, or the constructor is not found in the edits.
    """
    spot, node = _constructor(syntax, call)
    other = next((arg for at, arg in enumerate(node.args) if _is_only_here(arg, at)), None)
    if other is not None:
        raise Refused(
            f"`{layer}` may not take `{spot.tree.code(other.value)}` as `{call.layer}` does; replace it by hand"
        )
    old = spot.tree.code(node.func)
    if old.rpartition(".")[2] != call.layer:
        raise Refused(f"`{call.layer}` has another name where it is constructed; replace it by hand")
    whole, start, end = spot.tree.code(node), *spot.tree.span(node.func)
    new = spell(draft, syntax, layer, [spot])
    if not any(_covers(edit, spot, start, end) for edit in draft.edits):
        draft.replace(spot.tree, start, end, new)
        return
    holding = [at for at, edit in enumerate(draft.edits) if whole in edit.text]
    if len(holding) != 1 or draft.edits[holding[0]].text.count(whole) != 1:
        raise Refused(
            f"`{call.layer}` is constructed in an expression that cannot be split; construct it on a line of its own"
        )
    edit = draft.edits[holding[0]]
    draft.edits[holding[0]] = replace(edit, text=edit.text.replace(whole, new + whole.removeprefix(old)))


def _is_only_here(arg: cst.Arg, place: int) -> bool:
    """Whether another dropout may not have an argument with the same meaning. The first one is the rate."""
    if arg.star or arg.keyword is None:
        return bool(arg.star) or place > 0
    return arg.keyword.value not in _SHARED


def _covers(edit: Edit, spot: Spot, start: int, end: int) -> bool:
    return edit.cell == spot.tree.cell.number and edit.start < end and start < edit.end


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
