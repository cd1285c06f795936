"""Layers that are looked up by name or index, in the file itself and in those that import from it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from pathlib import Path

import libcst as cst

from orderlint.graph import LayerCall, Role
from orderlint.repair.net.holders import Holders, Line
from orderlint.repair.net.lookups import lookups_in
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.net.readings import Lookup, Lookups
from orderlint.repair.text.arguments import keyword
from orderlint.repair.text.drafts import RuledOut
from orderlint.repair.text.syntax import Syntax
from orderlint.repair.ways.counting import counts_of
from orderlint.repair.ways.neighbors import Around
from orderlint.text.parsing import string

__all__ = ["Readers", "name_of", "name_pattern"]

_BY_HAND = "change both by hand"
_BY_NAME = "get_layer("
_NEW_LAYERS = {"Activation", "ReLU"}
"""What an inline activation becomes."""
_ANYTHING = ["", ""]
"""The pieces of a name of any form: two empty texts, and whatever is between them."""


class Readers:
    """Who reads layers of a file by name or by place.

    Args:
        syntax: The file.
        obstacles: The graphs of the file, which tell at what place a layer is in its model.
        around: The files around it, if they have been looked for.
    """

    def __init__(self, syntax: Syntax, obstacles: Obstacles, around: Around | None = None) -> None:
        self._around = around or Around(syntax.file.path, syntax.project)
        self._syntax = syntax
        self._obstacles = obstacles

    def check(self, move: Move) -> None:
        """See that nobody reads a layer by name or place that a move changes.

        Raises:
            RuledOut: Somebody does.
        """
        calls = _changed(move)
        self._check_names(calls, is_inside=any(_may_have_weights(call) for call in move.linears))
        self._check_given_names(move, calls)
        if not move.is_merged:  # then each layer stays at its place
            self._check_places(move)

    @cached_property
    def own(self) -> Lookups:
        """The lookups in this file."""
        return lookups_in((tree.cell.number, tree.cell.code) for tree in self._syntax.trees)

    def _check_names(self, calls: Sequence[LayerCall], *, is_inside: bool) -> None:
        """See that nobody asks for what one of some layers gives.

        Args:
            is_inside: Whether the weights of one may change, as an activation in it may have some.
        """
        names = [pieces for call in calls if (pieces := _name_pieces(self._syntax, call))]
        if not names:
            return
        patterns = set(map(_pattern, names))
        certain = {pieces[0] for pieces in names if len(pieces) == 1}
        # A file without these texts names none of them.
        told = frozenset(max(pieces, key=len).encode("utf-8", "surrogatepass") for pieces in names)
        for path, found in self._everyone(told):
            for lookup in found.by_name:
                if (lookup.is_loose and path is not None) or (lookup.is_inner and not is_inside):
                    continue
                if any(re.fullmatch(pattern, lookup.name or "") for pattern in patterns):
                    refers = "refers" if lookup.name in certain else "may refer"
                    what = f"{refers} by name to a layer that the repair changes"
                    raise RuledOut(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    def _check_given_names(self, move: Move, calls: Sequence[LayerCall]) -> None:
        """See that nobody reads a layer by the name that Keras gives it: a new layer takes the next number."""
        classes = {call.layer for call in calls if call.constructed and _name_node(self._syntax, call) is None}
        patterns = {_given_pattern(name) for name in classes | (_NEW_LAYERS if move.splits else set())}
        for path, found in self._makers():
            for lookup in found.by_name:
                if lookup.is_loose or (path is not None and _BY_NAME not in lookup.code):
                    continue  # elsewhere, what is compared with a name may be anything that has one
                name = (lookup.name or "").lower().replace("_", "")
                if any(re.fullmatch(pattern, name) for pattern in patterns):
                    what = "refers to a layer by the name that Keras gives it, and the repair may give it to another"
                    raise RuledOut(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    def _makers(self) -> Iterator[tuple[str | None, Lookups]]:
        """What this file reads, and what those read that may take the model from it."""
        return self._everyone(frozenset([os.fsencode(self._stem)]))

    def _check_places(self, move: Move) -> None:
        everyone = self._makers()
        readers = [(path, found) for path, found in everyone if found.by_place]
        if not readers:  # most files: to find out what a layer's place is takes as long as the model is
            return
        lines = [self._line(call) for call in (*move.linears, *move.calls)]
        changed = {line for line in lines if line is not None}
        counts = counts_of(self._syntax, self._obstacles, move)
        # A layer that only loses its activation keeps its place.
        kept = counts.is_row and len(move.linears) == 1 and not _may_have_weights(move.linears[0])
        holders = Holders(self.own, changed)
        for path, found in readers:
            there = holders
            if path is not None:
                there = Holders(found, makers=holders.makers & found.imported.get(self._stem, set()))
            for lookup in found.by_place:
                before = counts.before + (kept and lookup.is_inner)
                if any(_is_moved(index, before, counts.behind) for index in lookup.indices) and there.holds(lookup):
                    what = "reads layers by index, and the repair may change which layer that is"
                    raise RuledOut(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    @property
    def _stem(self) -> str:
        return Path(self._syntax.file.path).stem

    def _line(self, call: LayerCall) -> Line | None:
        spot = self._syntax.spot(call.place)
        if spot is None:
            return None
        return spot.tree.cell.number, call.place.location().line

    def _everyone(self, texts: frozenset[bytes]) -> Iterator[tuple[str | None, Lookups]]:
        """What this file reads (its path is `None`), then what those others of its project read that hold a text."""
        yield None, self.own
        for other in self._around.mentioning(texts):
            yield other.shown, other.lookups()


def _changed(move: Move) -> list[LayerCall]:
    """The layers whose values change: what a dropout passes gives the same predictions."""
    moved = move.calls[-1] if move.up else move.calls[0]
    if (move.up or move.down) and not move.splits and moved.roles == (Role.DROPOUT,):
        return [moved]
    return [*move.linears, *move.calls]


def _may_have_weights(linear: LayerCall) -> bool:
    """Whether the inline activation of a layer may be one that learns: nothing or little is known of it."""
    return linear.facts.get("activation") in (None, "prelu")


def _is_moved(index: int, before: int, behind: int) -> bool:
    return index >= before if index >= 0 else -index > behind


def _described(lookup: Lookup, path: str | None) -> str:
    where = f"line {lookup.line}" + (f" of cell {lookup.cell}" if lookup.cell is not None else "")
    return f"`{lookup.code}` in {where}" + (f" of {path}" if path is not None else "")


# -- names of layers ----------------------------------------------------------------------------------------------


def name_of(syntax: Syntax, call: LayerCall) -> str | None:
    """The name that a layer is given where it is constructed, as written there."""
    node = _name_node(syntax, call)
    return node[0] if node is not None else None


def name_pattern(syntax: Syntax, call: LayerCall) -> str | None:
    """A regular expression for the names that a layer is given; `None` if it is given none, or one of any form."""
    pieces = _name_pieces(syntax, call)
    return _pattern(pieces) if pieces else None


def _name_pieces(syntax: Syntax, call: LayerCall) -> list[str]:
    """The texts in a layer's names, with anything between one and the next; none if they tell nothing."""
    node = _name_node(syntax, call)
    pieces = _pieces(node[1]) if node is not None else _ANYTHING
    return pieces if "".join(pieces).strip("_-") else []


def _name_node(syntax: Syntax, call: LayerCall) -> tuple[str, cst.BaseExpression] | None:
    spot = syntax.spot(call.constructed)
    given = keyword(spot.node, "name") if spot is not None and isinstance(spot.node, cst.Call) else None
    return (spot.tree.code(given.value), given.value) if spot is not None and given is not None else None


def _given_pattern(layer: str) -> str:
    """A regular expression for the names that Keras gives layers of a class, in small letters without underscores."""
    return rf"{re.escape(layer.lower())}\d*"


def _pattern(pieces: Sequence[str]) -> str:
    return ".*".join(map(re.escape, pieces))


def _pieces(node: cst.BaseExpression) -> list[str]:
    if isinstance(node, cst.SimpleString):
        value = string(node.value)
        return [value] if value is not None else _ANYTHING
    if isinstance(node, cst.FormattedString):
        parts = ([one.value] if isinstance(one, cst.FormattedStringText) else _ANYTHING for one in node.parts)
        return reduce(_joined, parts, [""])
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return _joined(_pieces(node.left), _pieces(node.right))
    return _ANYTHING


def _joined(left: list[str], right: list[str]) -> list[str]:
    return [*left[:-1], left[-1] + right[0], *right[1:]]
