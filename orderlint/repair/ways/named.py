"""Layers that are looked up by name or index, in the file itself and in other files of the project."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
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
"""The classes that an inline activation may become."""
_ANYTHING = ["", ""]
"""The pieces of an unknown name: two empty texts, with anything between them."""


class Readers:
    """The code that looks up layers of a file by name or index.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs, to determine the index of a layer in its model.
        around: The files around it, if they are already known.
    """

    def __init__(self, syntax: Syntax, obstacles: Obstacles, around: Around | None = None) -> None:
        self._around = around or Around(syntax.file.path, syntax.project)
        self._syntax = syntax
        self._obstacles = obstacles

    def check(self, move: Move) -> None:
        """Check that no code looks up a layer that a move changes.

        Raises:
            RuledOut: Some code may do so.
        """
        calls = _changed(move)
        self._check_names(calls, is_inside=any(_may_have_weights(call) for call in move.linears))
        self._check_given_names(move, calls)
        if not move.is_merged:  # otherwise, no index changes
            self._check_places(move)

    @cached_property
    def own(self) -> Lookups:
        """The lookups in this file."""
        return lookups_in((tree.cell.number, tree.cell.code) for tree in self._syntax.trees)

    def _check_names(self, calls: Sequence[LayerCall], *, is_inside: bool) -> None:
        """Check that no code looks up some layers by their names.

        Args:
            calls: The layers.
            is_inside: Whether the weights of one may change, because its activation may have weights.
        """
        names = [pieces for call in calls if (pieces := _name_pieces(self._syntax, call))]
        if not names:
            return
        patterns = set(map(_pattern, names))
        certain = {pieces[0] for pieces in names if len(pieces) == 1}
        # A file without these texts cannot contain the names.
        texts = frozenset(max(pieces, key=len).encode("utf-8", "surrogatepass") for pieces in names)
        for path, found in self._everyone(texts):
            for lookup in found.by_name:
                if (lookup.is_loose and path is not None) or (lookup.is_inner and not is_inside):
                    continue
                if _matches(patterns, lookup.name or ""):
                    refers = "refers" if lookup.name in certain else "may refer"
                    what = f"{refers} by name to a layer that the repair changes"
                    raise RuledOut(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    def _check_given_names(self, move: Move, calls: Sequence[LayerCall]) -> None:
        """Check that no code looks up a layer by the name that Keras generates, in which a new layer takes a number."""
        classes = {call.layer for call in calls if call.constructed and _name_node(self._syntax, call) is None}
        changed = {_given_pattern(name) for name in classes}
        added = {_given_pattern(name) for name in _NEW_LAYERS} if move.splits else set()
        for path, found in self._makers():
            for lookup in found.by_name:
                if lookup.is_loose or (path is not None and _BY_NAME not in lookup.code):
                    continue  # in other files, anything with a name may be compared
                name = (lookup.name or "").lower().replace("_", "")
                if _matches(changed, name):
                    what = "may refer to a layer that the repair changes, by the name that Keras gives it"
                elif _matches(added, name):
                    what = "refers to a layer by the name that Keras gives it, and the repair may give it to another"
                else:
                    continue
                raise RuledOut(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    def _makers(self) -> Iterator[tuple[str | None, Lookups]]:
        """The lookups of this file (its path is `None`), and of the files that may get the model from it."""
        return self._everyone(frozenset([os.fsencode(self._stem)]))

    def _check_places(self, move: Move) -> None:
        everyone = self._makers()
        readers = [(path, found) for path, found in everyone if found.by_place]
        if not readers:  # as for most files: determining the index of a layer takes time for the whole model
            return
        lines = [self._line(call) for call in (*move.linears, *move.calls)]
        changed = {line for line in lines if line is not None}
        counts = counts_of(self._syntax, self._obstacles, move)
        # A layer that only loses its activation keeps its index.
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
        """The lookups of this file (its path is `None`), and of files of its project that contain one of the texts."""
        yield None, self.own
        for other in self._around.mentioning(texts):
            yield other.shown, other.lookups()


def _changed(move: Move) -> list[LayerCall]:
    """The layers whose values change. For a dropout that moves, only it counts: the predictions stay the same."""
    moved = move.calls[-1] if move.up else move.calls[0]
    if (move.up or move.down) and not move.splits and moved.roles == (Role.DROPOUT,):
        return [moved]
    return [*move.linears, *move.calls]


def _may_have_weights(linear: LayerCall) -> bool:
    """Whether the inline activation of a layer may have weights: it is a PReLU, or not known."""
    return linear.facts.get("activation") in (None, "prelu")


def _is_moved(index: int, before: int, behind: int) -> bool:
    return index >= before if index >= 0 else -index > behind


def _described(lookup: Lookup, path: str | None) -> str:
    where = f"line {lookup.line}" + (f" of cell {lookup.cell}" if lookup.cell is not None else "")
    return f"`{lookup.code}` in {where}" + (f" of {path}" if path is not None else "")


# -- names of layers ----------------------------------------------------------------------------------------------


def name_of(syntax: Syntax, call: LayerCall) -> str | None:
    """The `name` argument of a layer's constructor, as written; `None` if there is none."""
    node = _name_node(syntax, call)
    return node[0] if node is not None else None


def name_pattern(syntax: Syntax, call: LayerCall) -> str | None:
    """A regular expression for the names that a layer may have; `None` if no part of them is known."""
    pieces = _name_pieces(syntax, call)
    return _pattern(pieces) if pieces else None


def _name_pieces(syntax: Syntax, call: LayerCall) -> list[str]:
    """The known pieces of a layer's name, with anything between two of them; none if no letter is known."""
    node = _name_node(syntax, call)
    pieces = _pieces(node[1]) if node is not None else _ANYTHING
    return pieces if "".join(pieces).strip("_-") else []


def _name_node(syntax: Syntax, call: LayerCall) -> tuple[str, cst.BaseExpression] | None:
    spot = syntax.spot(call.constructed)
    given = keyword(spot.node, "name") if spot is not None and isinstance(spot.node, cst.Call) else None
    return (spot.tree.code(given.value), given.value) if spot is not None and given is not None else None


def _given_pattern(layer: str) -> str:
    """A regular expression for the names that Keras generates for a class, in lower case without underscores."""
    return rf"{re.escape(layer.lower())}\d*"


def _matches(patterns: Collection[str], text: str) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in patterns)


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
