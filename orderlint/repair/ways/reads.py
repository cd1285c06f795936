"""Finds code that reads the values between the layers of a chain. The text shows more of it than the graph."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator

import libcst as cst

from orderlint.graph import LayerCall, Role
from orderlint.judging.moves import IDENTITIES
from orderlint.repair.net.readers import FACTS, SHOWING
from orderlint.repair.text.drafts import Hopeless, Refused, described
from orderlint.repair.text.lines import Item
from orderlint.repair.text.names import bound_names, is_binding, names_in, uses_after
from orderlint.repair.text.syntax import Spot, Syntax, Tree
from orderlint.repair.ways.places import Kind, Lines, Place, common_lines
from orderlint.repair.ways.task import Task

__all__ = ["check_block", "check_readers"]

_NOWHERE = sys.maxsize


def check_readers(task: Task) -> None:
    """Check that only the chain reads the values that change.

    Raises:
        Refused: Another path leaves the chain before its end.
        Hopeless: Other code reads a value.
    """
    lines = common_lines([place.spot for place in task.ends])
    _check_exits(task, lines)
    inside = task.places_in_function()
    places = [*task.linears, *inside]
    chain = {place.spot.node for place in places} | set(_handing_on(task, lines))
    if len(inside) < len(task.move.calls):
        chain |= set(_passing_through(lines))
    for place in places[:-1]:
        if place.kind is Kind.APPLIED:
            _check_value(task, lines, place, chain)


def _passing_through(lines: Lines) -> Iterator[cst.CSTNode]:
    """The calls between the layers that the value passes through (`x = scale(x)`), with layers in other functions."""
    for item in lines.items[lines.places[-2] + 1 : lines.places[-1]]:
        for statement in getattr(item.node, "body", ()) if isinstance(item.node, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.Assign) and isinstance(statement.value, cst.Call):
                yield statement.value


def _handing_on(task: Task, lines: Lines) -> Iterator[cst.CSTNode]:
    """The nodes of other layers that may read the values, such as an `Identity` in the other arm."""
    for call in [*task.move.linears, *task.move.calls]:
        for other in task.obstacles.consumers(call):
            spot = task.syntax.spot(other.place)
            if spot is not None and (other.layer in IDENTITIES or _is_on_the_way(task, lines, call, other)):
                yield spot.node


def _check_exits(task: Task, lines: Lines) -> None:
    """Check that a value that takes another path under some condition does so after the chain.

    Raises:
        Refused: It does so before the end of the chain.
    """
    path = [*task.move.linears, *task.move.calls]
    inside = {call.place for call in path}
    for call in path[:-1]:
        for other in task.obstacles.consumers(call):
            spot = task.syntax.spot(other.place)
            if other.place in inside or spot is None or other.layer in IDENTITIES:
                continue
            if _is_on_the_way(task, lines, call, other):
                continue
            for index, item in enumerate(lines.items[: lines.places[-1] + 1]):
                if index >= lines.places[0] and item.tree is spot.tree and item.tree.holds(item.node, spot.node):
                    at, there = described(call.place.location()), described(other.place.location())
                    raise Refused(
                        f"the output of `{call.layer}` in {at} is used differently in {there}, under a condition; "
                        "give each use its own layer"
                    )


def _is_on_the_way(task: Task, lines: Lines, call: LayerCall, other: LayerCall) -> bool:
    """Whether a layer beside the path, which a layer of the path feeds, is not an obstacle.

    It also leads to the last layer of the path (`if norm: x = bn(x)`), or takes its place in another arm.
    """
    path = [*task.move.linears, *task.move.calls]
    if other.place == path[-1].place:
        return False
    return task.obstacles.always_leads_to(other, path[-1].place) or (
        call is path[-2] and _is_in_other_arm(task, lines, other)
    )


def _is_in_other_arm(task: Task, lines: Lines, other: LayerCall) -> bool:
    """Whether a layer is the norm or activation of another arm, so that both get the same value.

    `if sync: x = SyncBN(x)` and `else: x = BN(x)` are such arms, or `if leaky: x = LeakyReLU()(x)` with `else`.
    """
    item = lines.items[lines.places[-1]]
    spot = task.syntax.spot(other.place)
    return (
        spot is not None
        and other.roles == task.last.call.roles
        and other.roles in ((Role.NORM,), (Role.ACTIVATION,))
        and spot.tree is item.tree
        and item.tree.holds(item.node, spot.node)
        and _OtherArms(item.tree, task.last.spot.node).hold(spot.node)
    )


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
            end = lines.items[lines.places[-1]] if _is_named(replaced, name.value) else None
            for reader in _readers(task.syntax, Spot(tree, statement), name.value, chain, end):
                raise _also_read(name.value, reader)
        elif replaced is None or last.tree.code(replaced) != tree.code(name):
            raise Hopeless(f"`{tree.code(name)}` would have a different value; change the order by hand")


def check_block(item: Item, layer: Spot | None, values: Collection[str]) -> None:
    """Check that no other statement in a block that moves with a layer reads the value.

    Args:
        item: The block, for example `if flag: log(x); x = drop(x)`.
        layer: The layer in it.
        values: The names of the value.

    Raises:
        Refused: One does, and would get another value.
    """
    if not item.is_compound or layer is None:
        return
    for name, parent in names_in(item.node):
        is_read = name.value in values and not is_binding(name, parent)
        if is_read and _is_apart(item.tree, name, layer, values) and not _is_harmless(item.tree, name):
            raise Refused(_also_read(name.value, Spot(item.tree, name)).reason)


def _is_apart(tree: Tree, use: cst.Name, layer: Spot, values: Collection[str]) -> bool:
    """Whether a use of a value is not in the layer's statement, nor in one that binds the value, nor in a test."""
    statement = tree.small_statement(use)
    if statement is None:
        return tree.around(use, cst.NamedExpr) is not None
    return not tree.holds(statement, layer.node) and bound_names(statement).isdisjoint(values)


def _also_read(name: str, reader: Spot) -> Hopeless:
    """The reason that other code reads a value that would change."""
    at = described(reader.tree.cell.locate(reader.node))
    return Hopeless(
        f"`{name}` is also read in {at} and would have a different value there; give that value its own name"
    )


def _is_named(node: cst.CSTNode | None, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _readers(
    syntax: Syntax, statement: Spot, name: str, chain: set[cst.CSTNode], end: Item | None = None
) -> Iterator[Spot]:
    """The reads of a value outside the chain, up to where its name is bound again, or to the end of a statement."""
    stop: cst.CSTNode | None = None
    arms = _OtherArms(statement.tree, statement.node)
    shadowed: dict[cst.CSTNode, int] = {}  # the blocks in which the name is bound again, and from which offset on
    for spot, binds in uses_after(syntax, statement, (name,)):
        if spot.tree is statement.tree and arms.hold(spot.node):
            continue
        if end is not None and spot.order >= (end.tree.number, end.core[1]):
            return
        if stop is not None and not spot.tree.holds(stop, spot.node):
            return
        if shadowed and any(shadowed.get(above, _NOWHERE) <= spot.span[0] for above in spot.tree.ancestors(spot.node)):
            continue
        if binds:
            if stop is None and _is_straight(spot, statement):
                stop = spot.tree.around(spot.node, cst.SimpleStatementLine)
            elif (block := _block_of(spot)) is not None:
                shadowed.setdefault(*block)
        elif not _is_harmless(spot.tree, spot.node) and not _is_taken_by(spot.tree, spot.node, chain):
            yield spot


class _OtherArms:
    """Finds nodes that can only run if a statement does not.

    The answers are cached: each of a thousand `elif`s is nested in the one before.
    """

    def __init__(self, tree: Tree, statement: cst.CSTNode) -> None:
        self._tree = tree
        self._around = {statement, *tree.ancestors(statement)}
        self._known: dict[cst.CSTNode, bool] = {}

    def hold(self, use: cst.CSTNode) -> bool:
        """Whether a node can only run if the statement does not."""
        passed: list[cst.CSTNode] = []
        node: cst.CSTNode | None = use
        while node is not None and node not in self._known:
            above = self._tree.parent(node)
            if above in self._around:  # the innermost node around both
                self._known[node] = self._parts(above, use, node)
                break
            passed.append(node)
            node = above
        result = node is not None and self._known[node]
        self._known.update(dict.fromkeys(passed, result))
        return result

    def _parts(self, common: cst.CSTNode, use: cst.CSTNode, below: cst.CSTNode) -> bool:
        """Whether a branch separates the statement and a use.

        Args:
            common: The innermost node around both.
            use: The use.
            below: The child of `common` that contains the use.
        """
        branches = (cst.If, cst.IfExp, cst.Match)
        branch = common if isinstance(common, branches) else self._tree.around(common, branches)
        if isinstance(branch, cst.Match):
            return any((case.body in self._around) != self._tree.holds(case.body, use) for case in branch.cases)
        if not isinstance(branch, (cst.If, cst.IfExp)) or branch is not common:
            return False
        return (branch.body in self._around) != (branch.body is below)


def _block_of(spot: Spot) -> tuple[cst.CSTNode, int] | None:
    """The block in which a name is bound, and the end of the statement that binds it; `None` if there is no block."""
    line = spot.tree.around(spot.node, cst.SimpleStatementLine)
    block = spot.tree.parent(line) if line is not None else None
    return (block, spot.tree.span(line)[1]) if line is not None and block is not None else None


def _is_straight(spot: Spot, statement: Spot) -> bool:
    """Whether a binding certainly runs after a statement: it is in a block around the statement."""
    line = spot.tree.around(spot.node, cst.SimpleStatementLine)
    block = spot.tree.parent(line) if line is not None else None
    while block is not None and isinstance(outer := spot.tree.parent(block), cst.With):
        block = spot.tree.parent(outer)  # a `with` always runs its block
    if spot.tree is not statement.tree:
        return isinstance(block, cst.Module)
    return block is not None and spot.tree.holds(block, statement.node)


def _is_harmless(tree: Tree, use: cst.CSTNode) -> bool:
    """Whether a use only shows a value, or only reads its facts."""
    parent = tree.parent(use)
    if isinstance(parent, cst.Attribute) and parent.value is use and parent.attr.value in FACTS:
        return True
    if isinstance(parent, cst.Expr):
        return True
    call = tree.around(use, cst.Call)
    return call is not None and isinstance(call.func, cst.Name) and call.func.value in SHOWING


def _is_taken_by(tree: Tree, use: cst.CSTNode, chain: set[cst.CSTNode]) -> bool:
    """Whether a layer of the chain is applied to the value."""
    above = tree.parent(use)
    if isinstance(above, cst.IfExp):  # `layer(x) if flag else x`
        return above.body in chain and above.orelse is use
    return isinstance(above, cst.Arg) and tree.parent(above) in chain
