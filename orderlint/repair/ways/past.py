"""Moves a layer past a call of a project's function that contains the layer next to its new position."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.graph import LayerCall
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item, items_of, permute
from orderlint.repair.text.names import is_movable
from orderlint.repair.text.reasons import BOUND_BETWEEN, TOO_TANGLED
from orderlint.repair.text.rows import rotated
from orderlint.repair.text.syntax import Spot, Syntax, bare_name
from orderlint.repair.ways.flow import application
from orderlint.repair.ways.places import Kind, place_of
from orderlint.repair.ways.reads import check_block

__all__ = ["past_call"]


def past_call(syntax: Syntax, obstacles: Obstacles, move: Move) -> Draft:
    """The edits that move a statement `x = layer(x)` behind `x = helper(x)`, or before it.

    The text does not show next to which of the helper's layers the statement then is. The safety net checks that it is
    the one of the wish.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        move: The move of a layer up or down to a layer in another function or file.

    Raises:
        Refused: It is not such a move, or the value does not go directly through the call.
    """
    if move.splits or not (move.up or move.down):
        raise Refused(TOO_TANGLED)
    moved, *others = reversed(move.calls) if move.up else move.calls
    place = place_of(syntax, moved)
    if place.kind is not Kind.APPLIED or _is_inside(syntax, others[-1], place.spot):
        raise Refused(TOO_TANGLED)
    app = application(place.spot)
    value = app.target.value if app.target is not None else None
    if value is None or value != app.source or not app.is_whole:
        raise Refused(TOO_TANGLED)
    if move.up:
        _check_first(syntax, obstacles, move.calls[0])
    obstacles.check_shared_everywhere(move.calls[0], move.calls[-1])
    passed = [spot for call in others[:-1] if (spot := _is_inside(syntax, call, place.spot))]
    item, crossed = _crossed(place.spot, passed, value, up=move.up)
    _check_alone(syntax, obstacles, moved, item)
    if not is_movable(item, crossed, {value}):
        raise Refused(BOUND_BETWEEN)
    check_block(item, place.spot, {value})
    items = [*reversed(crossed), item] if move.up else [item, *crossed]
    draft = Draft()
    permute(draft, items, rotated(len(items), move.up, move.down))
    return draft


def _check_first(syntax: Syntax, obstacles: Obstacles, anchor: LayerCall) -> None:
    """Check that the anchor is the first layer of its helper: a layer that moves before the call comes before all.

    Raises:
        Refused: It is not.
    """
    own = _function(syntax, anchor)
    if own is not None and any(_function(syntax, call) is own for call in obstacles.producers(anchor)):
        raise Refused(TOO_TANGLED)


def _function(syntax: Syntax, call: LayerCall) -> cst.CSTNode | None:
    """The function that applies a layer, in this file or another one; `None` outside of functions."""
    spot = syntax.anywhere(call.applied)
    return spot.tree.function(spot.node) if spot is not None else None


def _is_inside(syntax: Syntax, call: LayerCall, near: Spot) -> Spot | None:
    """The node of a layer, if it is in the same function as another one; else `None`."""
    spot = syntax.spot(call.place)
    if spot is None or spot.tree is not near.tree:
        return None
    return spot if spot.tree.function(spot.node) is near.tree.function(near.node) else None


def _crossed(spot: Spot, passed: Sequence[Spot], value: str, *, up: bool) -> tuple[Item, list[Item]]:
    """The statement to move, in the block that continues with the value, and those that it passes, nearest first."""
    tree = spot.tree
    for block in tree.ancestors(spot.node):
        if isinstance(block, (cst.FunctionDef, cst.For, cst.While, cst.Try, cst.TryStar)):
            break
        if not isinstance(block, (cst.BaseSuite, cst.Module)):
            continue
        items = items_of(tree, block)
        at = next(index for index, item in enumerate(items) if tree.holds(item.node, spot.node))
        following = items[at - 1 :: -1] if up and at else [] if up else items[at + 1 :]
        if following:
            return items[at], _up_to_call(following, passed, value)
    raise Refused(TOO_TANGLED)


def _up_to_call(items: Sequence[Item], passed: Sequence[Spot], value: str) -> list[Item]:
    """The statements up to and including the call of the helper. Each must pass the value on.

    Raises:
        Refused: One does not, or there is no such call.
    """
    crossed: list[Item] = []
    rest = list(passed)
    for item in items:
        if not _passes_on(item, value):
            break
        crossed.append(item)
        inside = [spot for spot in rest if item.tree.holds(item.node, spot.node)]
        rest = [spot for spot in rest if spot not in inside]
        if not inside and not rest:
            return crossed
    raise Refused(TOO_TANGLED)


def _passes_on(item: Item, value: str) -> bool:
    """Whether a statement is `x = call(x)`."""
    body = item.node.body if isinstance(item.node, cst.SimpleStatementLine) else ()
    if len(body) != 1 or not isinstance(body[0], cst.Assign) or not isinstance(body[0].value, cst.Call):
        return False
    targets = [bare_name(one.target) for one in body[0].targets]
    return targets == [value] and any(bare_name(arg.value) == value for arg in body[0].value.args)


def _check_alone(syntax: Syntax, obstacles: Obstacles, call: LayerCall, item: Item) -> None:
    """Check that a block that moves contains no neighbor of its layer.

    Raises:
        Refused: It does.
    """
    for other in obstacles.neighbors(call) if item.is_compound else ():
        spot = syntax.spot(other.place)
        if spot is not None and spot.tree is item.tree and item.tree.holds(item.node, spot.node):
            raise Refused(TOO_TANGLED)
