"""Who else reads the values between the layers of a chain, as far as the text tells more than the graph."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from orderlint.repair.drafts import Hopeless, Refused
from orderlint.repair.names import is_binding, names_in
from orderlint.repair.places import Kind, Lines, Place, common_lines
from orderlint.repair.syntax import Tree
from orderlint.repair.task import SOME_PATHS, Task

__all__ = ["check_readers"]

_FACTS = frozenset({"dtype", "get_shape", "name", "ndim", "rank", "shape"})
_SHOWING = frozenset({"display", "print"})


def check_readers(task: Task) -> None:
    """See that the values that change are read by the chain alone.

    Raises:
        Refused: Another path leaves the chain before its end.
        Hopeless: A value is read elsewhere.
    """
    lines = common_lines([place.spot for place in task.ends])
    _check_exits(task, lines)
    places = [*task.linears, *task.every_place()]
    chain = {place.spot.node for place in places}
    for place in places[:-1]:
        if place.kind is Kind.APPLIED:
            _check_value(task, lines, place, chain)


def _check_exits(task: Task, lines: Lines) -> None:
    """Where a value goes another way under another condition, it must do so after the chain."""
    path = [*task.move.linears, *task.move.calls]
    inside = {call.place for call in path}
    for call in path[:-1]:
        for other in task.obstacles.consumers(call):
            spot = task.syntax.spot(other.place)
            if other.place in inside or spot is None:
                continue
            for index, item in enumerate(lines.items[: lines.places[-1] + 1]):
                if index >= lines.places[0] and item.tree is spot.tree and item.tree.holds(item.node, spot.node):
                    raise Refused(SOME_PATHS)


def _check_value(task: Task, lines: Lines, place: Place, chain: set[cst.CSTNode]) -> None:
    tree, node = place.spot.tree, place.spot.node
    statement = tree.small_statement(node)
    if not isinstance(statement, cst.Assign) or statement.value is not node:
        return
    last = task.last.spot
    following = last.tree.small_statement(last.node)
    replaced = following.targets[0].target if isinstance(following, cst.Assign) else None
    for target in statement.targets:
        name = target.target
        if isinstance(name, cst.Name):
            end = lines.items[lines.places[-1]].core if _is_named(replaced, name.value) else None
            for reader in _readers(tree, statement, name.value, chain, end[1] if end else None):
                line, _ = tree.cell.lines.position(tree.span(reader)[0])
                raise Hopeless(f"`{name.value}` is also read in line {line}, and would hold another value there")
        elif replaced is None or last.tree.code(replaced) != tree.code(name):
            raise Hopeless(f"`{tree.code(name)}` would hold another value; change the order by hand")


def _is_named(node: cst.CSTNode | None, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _readers(
    tree: Tree, statement: cst.Assign, name: str, chain: set[cst.CSTNode], end: int | None
) -> Iterator[cst.Name]:
    """Where a value is read by others than the chain, up to where its name is bound anew, or to an offset."""
    function = tree.function(statement)
    scope = function.body if function is not None else tree.cell.module
    start = tree.span(statement)[1]
    uses = [(use, is_binding(use, parent)) for use, parent in names_in(scope) if use.value == name]
    stop: cst.CSTNode | None = None
    for use, binds in sorted(uses, key=lambda pair: tree.span(pair[0])):
        if tree.span(use)[0] < start or _is_other_arm(tree, statement, use):
            continue
        if end is not None and tree.span(use)[0] >= end:
            return
        if stop is not None and not tree.holds(stop, use):
            return
        if binds:
            if stop is None and _is_straight(tree, use, statement):
                stop = tree.around(use, cst.SimpleStatementLine)
        elif not _is_harmless(tree, use) and not _is_taken_by(tree, use, chain):
            yield use


def _is_other_arm(tree: Tree, statement: cst.CSTNode, use: cst.CSTNode) -> bool:
    """Whether a place is only reached where a statement is not."""
    branch = next(
        (above for above in tree.ancestors(use) if isinstance(above, cst.If) and tree.holds(above, statement)), None
    )
    return branch is not None and tree.holds(branch.body, statement) != tree.holds(branch.body, use)


def _is_straight(tree: Tree, use: cst.Name, statement: cst.CSTNode) -> bool:
    """Whether a statement is surely run after another: it stands in a block around that."""
    line = tree.around(use, cst.SimpleStatementLine)
    block = tree.parent(line) if line is not None else None
    return block is not None and tree.holds(block, statement)


def _is_harmless(tree: Tree, use: cst.Name) -> bool:
    """Whether only facts of a value are read, or it is shown."""
    parent = tree.parent(use)
    if isinstance(parent, cst.Attribute) and parent.value is use and parent.attr.value in _FACTS:
        return True
    call = tree.around(use, cst.Call)
    return call is not None and isinstance(call.func, cst.Name) and call.func.value in _SHOWING


def _is_taken_by(tree: Tree, use: cst.Name, chain: set[cst.CSTNode]) -> bool:
    """Whether a layer of the chain is applied to the value."""
    argument = tree.parent(use)
    return isinstance(argument, cst.Arg) and tree.parent(argument) in chain
