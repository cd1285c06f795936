"""Swaps the calls of helpers that apply one layer each (`x = act(x)`, `x = norm(x)`).

An inline activation of the layer before a helper is applied behind the call of the helper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import libcst as cst

from orderlint.graph import LayerCall, Site
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import items_of
from orderlint.repair.text.names import bound_names
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, TOO_TANGLED
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name
from orderlint.repair.ways.callees import callee, calls_of
from orderlint.repair.ways.flow import application
from orderlint.repair.ways.places import place_of
from orderlint.repair.ways.reads import check_readers
from orderlint.repair.ways.rearrange import first_way, ways_of
from orderlint.repair.ways.task import Idiom, Task
from orderlint.text.walking import walk

__all__ = ["exchange_uses"]

_ENDS = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.For, cst.While, cst.Try, cst.TryStar)


def exchange_uses(syntax: Syntax, obstacles: Obstacles, moves: Sequence[Move], taken: set[str]) -> Draft:
    """The edits that move a layer by moving the calls of its helper, wherever they have the order to be changed.

    The helpers do not change. A layer of a move may also be applied by the function that calls the helpers.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        moves: One for each kind of path, of layers that are not all in one function.
        taken: The names of new layers. Those of these moves are added.

    Raises:
        Refused: A helper does more than apply its layer, or the calls cannot be exchanged.
    """
    if any(move.is_merged or not (move.splits or move.up or move.down) for move in moves):
        raise Refused(TOO_TANGLED)
    out, names = Draft(), set(taken)
    for move in (*moves, *_on_other_paths(obstacles, moves)):
        rows = [row[len(move.linears) :] for row in _Rows(syntax, move).found()]
        if not rows and move in moves:
            raise Refused(DIFFERENT_FUNCTIONS)
        _check_helpers(syntax, obstacles, move.calls, rows)
        obstacles.check_shared_everywhere(move.path[0], move.path[-1])
        for row in rows:
            task = Task(syntax, obstacles, move, names, row)
            check_readers(task)
            idiom = Idiom.INLINE if move.splits and len(row) == 1 else Idiom.APPLIED
            made = first_way(task, ways_of(idiom), names)
            out.edits += made.edits
            out.shared += made.shared
    taken |= names
    return out


def _on_other_paths(obstacles: Obstacles, moves: Sequence[Move]) -> Iterator[Move]:
    """The same moves on paths with other layers between the two ends."""
    known = {tuple(call.place for call in move.calls) for move in moves}
    for move in moves:
        if move.splits:
            continue
        for way in obstacles.ways(move.calls[0].place, move.calls[-1].place):
            places = tuple(call.place for call in way)
            if places not in known:
                known.add(places)
                yield replace(move, calls=tuple(way))


class _Rows:
    """Finds rows of expressions that apply the layers of a move by calls of their functions.

    A layer that loses its inline activation is applied directly.
    """

    def __init__(self, syntax: Syntax, move: Move) -> None:
        self._syntax = syntax
        self._num_linears = len(move.linears)
        self._spots = [place_of(syntax, call).spot for call in (*move.linears, *move.calls)]
        self._functions = [spot.tree.function(spot.node) for spot in self._spots]

    def found(self) -> Iterator[list[Spot]]:
        """The expressions that apply the layers, in the order of the data flow. At least one is a call of a helper."""
        last = self._functions[-1]
        ends = calls_of(self._syntax, last) if last is not None else ()
        for end in (self._spots[-1], *ends):
            row = self._row(end)
            if row is not None and any(spot.node is not own.node for spot, own in zip(row, self._spots, strict=True)):
                yield row

    def _row(self, end: Spot) -> list[Spot] | None:
        row = [end]
        for at in reversed(range(len(self._spots) - 1)):
            source = _source(row[0])
            if source is None or not self._applies(source, at):
                return None
            row.insert(0, source)
        return row

    def _applies(self, spot: Spot, at: int) -> bool:
        """Whether an expression applies one of the layers, directly or by a call of its function."""
        own, function = self._spots[at], self._functions[at]
        return spot.node is own.node or (
            at >= self._num_linears and function is not None and callee(self._syntax, spot) is function
        )


def _check_helpers(
    syntax: Syntax, obstacles: Obstacles, calls: Sequence[LayerCall], rows: Sequence[list[Spot]]
) -> None:
    """Check that each helper in some rows applies only one layer.

    Raises:
        Refused: One applies more.
    """
    inside: dict[cst.CSTNode, set[Site]] = {}
    for graph in obstacles.graphs:
        for call in graph.calls:
            spot = syntax.spot(call.place)
            function = spot.tree.function(spot.node) if spot is not None else None
            if function is not None:
                inside.setdefault(function, set()).add(call.place)
    for row in rows:
        for spot, call in zip(row, calls, strict=True):
            function = callee(syntax, spot)
            if function is not None and inside.get(function) != {call.place}:
                raise Refused(DIFFERENT_FUNCTIONS)


def _source(spot: Spot) -> Spot | None:
    """The expression whose value a call is applied to; `None` if it cannot be followed directly."""
    try:
        data = application(spot).data
    except Refused:
        return None
    name = bare_name(data)
    if name is None:
        return Spot(spot.tree, data)
    tree = spot.tree
    inside = {spot.node}
    for block in tree.ancestors(spot.node):
        inside.add(block)
        if isinstance(block, _ENDS):
            return None
        if not isinstance(block, (cst.BaseSuite, cst.Module)):
            continue
        items = items_of(tree, block)
        at = next(index for index, item in enumerate(items) if item.node in inside)
        binding = next((item for item in reversed(items[:at]) if name in _bound(tree, item.node)), None)
        if binding is not None:
            return _assigned(spot, binding.node, name)
    return None


def _bound(tree: Tree, statement: cst.CSTNode) -> Collection[str]:
    """The names that a statement binds. They are cached: each plan may need those of a class with many layers."""
    return tree.once((bound_names, statement), partial(bound_names, statement))


def _assigns(statement: cst.CSTNode) -> list[cst.Assign]:
    """The assignments that are a statement, or in it."""
    return [node for node in walk(statement) if isinstance(node, cst.Assign)]


def _assigned(spot: Spot, statement: cst.CSTNode, name: str) -> Spot | None:
    """The expression that a statement assigns to a name, maybe under a condition; `None` if it is not the only one."""
    every = spot.tree.once((_assigns, statement), partial(_assigns, statement))
    found = [node for node in every if any(bare_name(target.target) == name for target in node.targets)]
    is_bound_once = len(found) == 1 and isinstance(statement, (cst.SimpleStatementLine, cst.If, cst.With))
    return Spot(spot.tree, found[0].value) if is_bound_once else None
