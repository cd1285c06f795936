"""Layers that are read by name or by place: the file itself, and those around it that import what it makes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import libcst as cst

from orderlint.graph import LayerCall, LayerGraph, Role, Site
from orderlint.repair.net.holders import Holders, Line
from orderlint.repair.net.lookups import Lookup, Lookups, lookups_in
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.arguments import keyword
from orderlint.repair.text.drafts import Hopeless
from orderlint.repair.text.syntax import Syntax
from orderlint.text.files import SourceError, SourceFile, read_source
from orderlint.text.regular import read_regular

__all__ = ["Readers", "name_of", "name_pattern"]

_ROOT_MARKS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})
_READING = re.compile(rb"get_layer|\.layers\s*\[|\.name\b")
_BY_HAND = "change both by hand"
MOST_FILES = 2_000  # of a project, that are asked; looking at the times of so many takes 20 ms


class Readers:
    """Who reads layers of a file by name or by place.

    Args:
        syntax: The file.
        obstacles: The graphs of the file, which tell at what place a layer stands in its model.
    """

    def __init__(self, syntax: Syntax, obstacles: Obstacles) -> None:
        self._syntax = syntax
        self._obstacles = obstacles
        self._own: Lookups | None = None

    def check(self, move: Move) -> None:
        """See that nobody reads a layer by name or place that a move changes.

        Raises:
            Hopeless: Somebody does.
        """
        calls = _changed(move)
        self._check_names(calls)
        self._check_places(move)

    @property
    def own(self) -> Lookups:
        if self._own is None:
            self._own = lookups_in((tree.cell.number, tree.cell.text) for tree in self._syntax.trees)
        return self._own

    def _check_names(self, calls: Sequence[LayerCall]) -> None:
        patterns = {pattern for call in calls if (pattern := name_pattern(self._syntax, call)) is not None}
        if not patterns:
            return
        for path, found in self._everyone():
            for lookup in found.by_name:
                if lookup.is_loose and path is not None:
                    continue
                if any(re.fullmatch(pattern, lookup.name or "") for pattern in patterns):
                    raise Hopeless(
                        f"{_described(lookup, path)} reads by name a layer that the repair changes; {_BY_HAND}"
                    )

    def _check_places(self, move: Move) -> None:
        lines = [self._line(call) for call in (*move.linears, *move.calls)]
        changed = {line for line in lines if line is not None}
        before, behind = self._counts(move)
        holders = Holders(self.own, changed)
        for path, found in self._everyone():
            there = holders
            if path is not None:
                there = Holders(found, makers=holders.makers & found.imported.get(self._stem, set()))
            for lookup in found.by_place:
                if any(_is_moved(index, before, behind) for index in lookup.indices) and there.holds(lookup):
                    what = "reads layers by place, and the repair changes what stands there"
                    raise Hopeless(f"{_described(lookup, path)} {what}; {_BY_HAND}")

    @property
    def _stem(self) -> str:
        return Path(self._syntax.file.path).stem

    def _line(self, call: LayerCall) -> Line | None:
        spot = self._syntax.spot(call.place)
        if spot is None:
            return None
        return spot.tree.cell.number, call.place.location().line

    def _counts(self, move: Move) -> tuple[int, int]:
        """How many layers stand before those of a move in any model, and how many behind, at least."""
        own = {call.place for call in (*move.linears, *move.calls)}
        counts = [count for graph in self._obstacles.graphs if (count := _around(graph, own)) is not None]
        return min(before for before, _ in counts), min(behind for _, behind in counts)

    def _everyone(self) -> Iterator[tuple[str | None, Lookups]]:
        """What this file reads (its path is `None`), then what the others of its project read."""
        yield None, self.own
        path = os.path.abspath(self._syntax.file.path)
        if not Path(path).is_file():
            return
        for other, stamp in _files_around(path):
            if other != path:
                found = _lookups_of(other, stamp)
                if found is not None:
                    yield os.path.relpath(other, _root_of(path)[0]).replace(os.sep, "/"), found


def _changed(move: Move) -> list[LayerCall]:
    """The layers whose values change: what a dropout passes gives the same predictions."""
    moved = move.calls[-1] if move.up else move.calls[0]
    if (move.up or move.down) and not move.splits and moved.roles == (Role.DROPOUT,):
        return [moved]
    return [*move.linears, *move.calls]


def _around(graph: LayerGraph, own: set[Site]) -> tuple[int, int] | None:
    """How many layer objects some calls get their data from in a graph, and how many get theirs from them."""
    at = [call for call in graph.calls if call.place in own]
    if not at:
        return None
    before = _reached(at[:1], lambda call: [graph.calls[edge.source] for edge in graph.producers(call)])
    behind = _reached(at[-1:], lambda call: [graph.calls[edge.target] for edge in graph.consumers(call)])
    return len(before), len(behind)


def _reached(start: Sequence[LayerCall], following: Callable[[LayerCall], list[LayerCall]]) -> set[Hashable]:
    """The layer objects on the ways from a call."""
    stack = list(start)
    seen = {call.id for call in stack}
    layers: set[Hashable] = set()
    while stack:
        for call in following(stack.pop()):
            if call.id not in seen:
                seen.add(call.id)
                stack.append(call)
                layers |= {call.layer_id} - {None}
    return layers


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
    node = _name_node(syntax, call)
    pattern = _pattern(node[1]) if node is not None else None
    return pattern if pattern is not None and re.sub(r"\\?\.\*|\\", "", pattern).strip("_-") else None


def _name_node(syntax: Syntax, call: LayerCall) -> tuple[str, cst.BaseExpression] | None:
    spot = syntax.spot(call.constructed)
    given = keyword(spot.node, "name") if spot is not None and isinstance(spot.node, cst.Call) else None
    return (spot.tree.code(given.value), given.value) if spot is not None and given is not None else None


def _pattern(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return re.escape(value) if isinstance(value, str) else None
    if isinstance(node, cst.FormattedString):
        parts = [re.escape(one.value) if isinstance(one, cst.FormattedStringText) else ".*" for one in node.parts]
        return "".join(parts)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return (_pattern(node.left) or ".*") + (_pattern(node.right) or ".*")
    return None


# -- the files of the project -------------------------------------------------------------------------------------


def _root_of(path: str) -> tuple[str, bool]:
    """The folder of the project that a file belongs to, with its folders; its own alone if nothing marks one."""
    for folder in Path(path).parents:
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return str(folder), True
    return str(Path(path).parent), False


def _files_around(path: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The Python files and notebooks of a project, each with its time and size."""
    left = MOST_FILES
    root, is_deep = _root_of(path)
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if is_deep and name[0] != "." and name not in _SKIPPED)
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")):
                left -= 1
                if left < 0:
                    return
                file = Path(folder, name)
                try:
                    status = file.stat()
                except OSError:
                    continue
                yield str(file), (status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2 * MOST_FILES)
def _lookups_of(path: str, stamp: tuple[int, int]) -> Lookups | None:
    """What a file reads, as of a time and size; `None` if nothing."""
    try:
        if not _READING.search(read_regular(path)):
            return None
        source: SourceFile = read_source(Path(path))
    except (OSError, SourceError):
        return None
    found = lookups_in((cell.number, cell.text) for cell in source.cells)
    return found if found.by_name or found.by_place else None
