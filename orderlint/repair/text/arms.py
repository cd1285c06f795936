"""The blocks around a statement: the conditions of their arms, and moving a statement out of a block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.blanks import span_without
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.names import read_names
from orderlint.repair.text.reasons import IN_A_LOOP, SHARED_LINE
from orderlint.repair.text.syntax import Spot, Tree

__all__ = ["Arm", "Inner", "conjunction", "inner_item", "siblings", "take_away"]

_LOOSE = (cst.IfExp, cst.Lambda, cst.NamedExpr)
_BRANCHES = "the layers are in a block that may not run exactly once; put them into one block"


@record(frozen=True, slots=True)
class Arm:
    """An arm of an `if` around a node.

    Attributes:
        tree: The cell.
        test: The condition.
        holds: Whether the arm runs if the condition holds; otherwise, it runs if the condition does not hold.
    """

    tree: Tree
    test: cst.BaseExpression
    holds: bool

    @property
    def names(self) -> set[str]:
        """The names that the condition reads."""
        return read_names(self.test)

    @property
    def code(self) -> str:
        """The condition under which the arm runs, in a form that can be joined to others by `and`."""
        if self.holds:
            loose = isinstance(self.test, (*_LOOSE, cst.BooleanOperation)) and not self.test.lpar
            is_and = isinstance(self.test, cst.BooleanOperation) and isinstance(self.test.operator, cst.And)
            return f"({self.tree.code(self.test)})" if loose and not is_and else self.tree.code(self.test)
        if isinstance(self.test, cst.UnaryOperation) and isinstance(self.test.operator, cst.Not):
            return self.tree.code(self.test.expression)
        plain = isinstance(self.test, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) or self.test.lpar
        return f"not {self.tree.code(self.test)}" if plain else f"not ({self.tree.code(self.test)})"


def conjunction(arms: Sequence[Arm]) -> str:
    """The condition under which some nested arms run, the outermost first."""
    needed = [arm for arm in arms if arm.holds or not any(_excludes(other, arm) for other in arms if other.holds)]
    if len(needed) == 1 and needed[0].holds:
        return needed[0].tree.code(needed[0].test)
    return " and ".join(arm.code for arm in needed)


def _excludes(arm: Arm, other: Arm) -> bool:
    """Whether two conditions exclude each other: they compare the same value with different constants."""
    one, against = _compared(arm), _compared(other)
    return one is not None and against is not None and one[0] == against[0] and one[1] != against[1]


def _compared(arm: Arm) -> tuple[str, str] | None:
    """The value and the constant that a condition compares (`kind == "a"`); `None` for other conditions."""
    test = arm.test
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    (target,) = test.comparisons
    if isinstance(target.operator, cst.Equal) and isinstance(target.comparator, (cst.SimpleString, cst.Integer)):
        return arm.tree.code(test.left), arm.tree.code(target.comparator)
    return None


@record(frozen=True, slots=True)
class Inner:
    """A statement in the blocks of another one.

    Attributes:
        items: The statements around it in each block, from the outermost block to its own; itself is the last.
        blocks: The statements of each block.
        arms: The arms around it, the outermost first. Those inside a loop do not count: they are conditions of its
            iterations.
        loop: The index of the outermost loop among the items, if there is one.
    """

    items: tuple[Item, ...]
    blocks: tuple[Sequence[Item], ...]
    arms: tuple[Arm, ...] = ()
    loop: int | None = None

    @property
    def item(self) -> Item:
        """The statement itself."""
        return self.items[-1]

    @property
    def later_in_iteration(self) -> Iterator[Item]:
        """The statements that come after it in an iteration of the loop around it."""
        if self.loop is None:
            return
        for item, block in zip(self.items[self.loop + 1 :], self.blocks[self.loop + 1 :], strict=True):
            yield from block[block.index(item) + 1 :]


def inner_item(spot: Spot, outer: Sequence[Item], *, through_loops: bool = False) -> Inner:
    """The innermost statement around a node, as a statement in a block.

    Args:
        spot: The node.
        outer: The statements of the block.
        through_loops: Whether there may be a loop between the two.

    Raises:
        Refused: A loop, a `try` or a definition is between the two.
    """
    items: list[Item] = []
    blocks: list[Sequence[Item]] = []
    arms: list[Arm] = []
    loop: int | None = None
    block = outer
    while True:
        item = next(one for one in block if one.tree is spot.tree and one.tree.holds(one.node, spot.node))
        items.append(item)
        blocks.append(block)
        is_loop = through_loops and isinstance(item.node, (cst.For, cst.While)) and item.node.orelse is None
        if is_loop and loop is None:
            loop = len(items) - 1
        body = None
        if item.is_compound:
            body = _loop_body(item, spot) if is_loop else _body(item, spot, arms if loop is None else [])
        if body is None:  # it is the statement itself, or in the head of it
            return Inner(tuple(items), tuple(blocks), tuple(arms), loop)
        block = items_of(spot.tree, body)


def _loop_body(item: Item, spot: Spot) -> cst.CSTNode | None:
    """The block of a loop; `None` if a node is not in it."""
    assert isinstance(item.node, (cst.For, cst.While))
    return item.node.body if spot.tree.holds(item.node.body, spot.node) else None


def _body(item: Item, spot: Spot, arms: list[Arm]) -> cst.CSTNode | None:
    """The block of a compound statement that contains a node. Its arms are added to `arms`."""
    node: cst.CSTNode | None = item.node
    tree = spot.tree
    if isinstance(node, cst.With):
        return node.body if tree.holds(node.body, spot.node) else None
    while isinstance(node, cst.If):
        if tree.holds(node.test, spot.node):
            return None
        if tree.holds(node.body, spot.node):
            arms.append(Arm(tree, node.test, holds=True))
            return node.body
        arms.append(Arm(tree, node.test, holds=False))
        node = node.orelse
    if isinstance(node, cst.Else):
        return node.body
    raise Refused(_BRANCHES)


def siblings(inner: Inner) -> list[Inner]:
    """The last statements of all arms of the innermost `if` around a statement, if they have the same code as it.

    The result is empty if an arm ends differently, or if there is no `else`.
    """
    if not inner.arms or inner.loop is not None:
        return []
    depth = len(inner.items) - 2
    node: cst.CSTNode | None = inner.items[depth].node
    tree, code = inner.item.tree, inner.item.code
    found: list[Inner] = []
    arms = inner.arms[: len(inner.arms) - _arms_of(inner.items[depth].node, inner)]
    while node is not None:
        if not isinstance(node, (cst.If, cst.Else)):
            return []
        block = items_of(tree, node.body)
        if not block or block[-1].code != code or block[-1].is_shared:
            return []
        items, blocks = (*inner.items[: depth + 1], block[-1]), (*inner.blocks[: depth + 1], block)
        found.append(Inner(items, blocks, arms))
        if isinstance(node, cst.Else):
            return found
        node = node.orelse
    return []


def _arms_of(node: cst.CSTNode, inner: Inner) -> int:
    """How many of the conditions around a statement come from one `if` with its `elif`s."""
    tests: list[cst.BaseExpression] = []
    while isinstance(node, cst.If):
        tests.append(node.test)
        if node.orelse is None:
            break
        node = node.orelse
    return sum(any(arm.test is test for test in tests) for arm in inner.arms)


def take_away(draft: Draft, inner: Inner) -> int:
    """Remove a statement, and the blocks that would be empty without it.

    Returns: How many blocks around it are removed.

    Raises:
        Refused: A block would be empty and cannot be removed, or the statement shares its line.
    """
    depth = len(inner.items) - 1
    while depth and len(inner.blocks[depth]) == 1:
        node = inner.items[depth - 1].node
        if isinstance(node, cst.If) and node.orelse is not None:
            raise Refused("a branch of an `if` would be empty; change the order by hand")
        if isinstance(node, (cst.For, cst.While)):
            raise Refused(IN_A_LOOP)
        depth -= 1
    item = inner.items[depth]
    if item.is_shared:
        raise Refused(SHARED_LINE)
    draft.replace(item.tree, *span_without(item), "")
    return len(inner.items) - 1 - depth
