"""Counts the layers of a model before and behind those that a move changes. Their indices stay the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

import libcst as cst

from orderlint.graph import LayerCall, LayerGraph
from orderlint.records import record
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.syntax import Syntax

__all__ = ["Counts", "counts_of"]

_CALL = "call"


@record(frozen=True, slots=True)
class Counts:
    """The layers around those of a move, in any model.

    Attributes:
        before: The least number of layers before them.
        behind: The least number of layers behind them.
        is_row: Whether the models are chains, without layers beside them.
    """

    before: int
    behind: int
    is_row: bool


def counts_of(syntax: Syntax, obstacles: Obstacles, move: Move) -> Counts:
    """The layers around those of a move.

    If the layers of a custom layer or model change, an index says nothing about their places in the data flow.
    """
    path = (*move.linears, *move.calls)
    if any(_owner_with_call(syntax, call) for call in path):
        return Counts(0, 0, is_row=False)
    held: dict[int, tuple[LayerGraph, dict[int, LayerCall]]] = {}
    for place in {call.place for call in path}:
        for graph, call in obstacles.at(place):
            held.setdefault(id(graph), (graph, {}))[1][call.id] = call
    found = [_counts(syntax, graph, [call for _, call in sorted(own.items())]) for graph, own in held.values()]
    return Counts(min(one.before for one in found), min(one.behind for one in found), all(one.is_row for one in found))


def _counts(syntax: Syntax, graph: LayerGraph, at: Sequence[LayerCall]) -> Counts:
    def sources(call: LayerCall) -> list[LayerCall]:
        return [graph.calls[edge.source] for edge in graph.producers(call)]

    def targets(call: LayerCall) -> list[LayerCall]:
        return [graph.calls[edge.target] for edge in graph.consumers(call)]

    above, below = _reached(at[:1], sources), _reached(at[-1:], targets)
    chain = {**above, **below, **_reached(at[:1], targets), at[0].id: at[0]}
    whole = {**_reached(above.values(), targets), **_reached(below.values(), sources), **chain}
    elsewhere = {call.layer_id for call in graph.calls if call.id not in whole}
    before, behind = (_number(syntax, side.values(), at[0], elsewhere) for side in (above, below))
    if not _is_applied(syntax, at[0]) or len(whole) == len(chain):
        return Counts(before, behind, is_row=True)
    # Keras sorts the layers by their distance from the outputs: with one more layer, those before it pass those beside.
    starts = {call.place for call in whole.values() if not sources(call) and _stand_together(syntax, call, at[0])}
    return Counts(min(before, 1) if len(starts) < 2 else 0, behind, is_row=False)


def _number(syntax: Syntax, calls: Collection[LayerCall], moved: LayerCall, elsewhere: Collection[Hashable]) -> int:
    """The least number of layers that some calls are in the model of another one. A nested model counts as one.

    Args:
        syntax: The file.
        calls: The calls.
        moved: The other one.
        elsewhere: The layers that are also in other models, such as those of a nested model.
    """
    home = _home(syntax, moved)
    own = [call for call in calls if call.layer_id is not None]
    alike = [call for call in own if call.layer_id not in elsewhere and _home(syntax, call) == home]
    return len({call.layer_id for call in alike}) + (len(alike) < len(own))


def _home(syntax: Syntax, call: LayerCall) -> Hashable:
    """A key for the model of a layer: its list, the model that it is added to, or that it is applied to a value."""
    spot = syntax.anywhere(call.place)
    if spot is None:
        return None
    tree, node = spot.tree, spot.node
    owner = tree.around(node, cst.ClassDef)
    if _is_applied(syntax, call):
        return owner, "applied"
    argument = tree.parent(node)
    around = tree.parent(argument) if argument is not None else None
    if isinstance(around, cst.Call) and isinstance(around.func, cst.Attribute) and around.func.attr.value == "add":
        return owner, tree.function(node), tree.code(around.func.value)
    return around


def _is_applied(syntax: Syntax, call: LayerCall) -> bool:
    """Whether a layer is applied to a value, as in a functional model."""
    spot = syntax.anywhere(call.place)
    node = spot.node if spot is not None else None
    return call.place != call.constructed or (isinstance(node, cst.Call) and isinstance(node.func, cst.Call))


def _stand_together(syntax: Syntax, one: LayerCall, other: LayerCall) -> bool:
    """Whether two layers are applied in the same function, so that no model is nested between them."""
    spots = syntax.anywhere(one.place), syntax.anywhere(other.place)
    first, second = (spot and (spot.tree, spot.tree.function(spot.node)) for spot in spots)
    return first == second


def _owner_with_call(syntax: Syntax, call: LayerCall) -> bool:
    """Whether a layer is in a class with a `call` method: a custom layer or model."""
    spot = syntax.spot(call.place)
    owner = spot.tree.around(spot.node, cst.ClassDef) if spot is not None else None
    if owner is None:
        return False
    return any(isinstance(one, cst.FunctionDef) and one.name.value == _CALL for one in owner.body.body)


def _reached(start: Iterable[LayerCall], following: Callable[[LayerCall], list[LayerCall]]) -> dict[int, LayerCall]:
    """All calls that are reached from some calls, by their ids."""
    stack = list(start)
    found: dict[int, LayerCall] = {}
    while stack:
        for call in following(stack.pop()):
            if call.id not in found:
                found[call.id] = call
                stack.append(call)
    return found
