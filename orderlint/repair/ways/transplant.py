"""Moves a statement into a `with`, or out of an arm of an `if`, whose condition it keeps.

A statement that moves out of a loop needs no condition: only its last iteration matters, if every path runs it.
"""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.repair.text.arms import Inner, conjunction, inner_item, siblings, take_away
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item
from orderlint.repair.text.names import bound_names, is_movable, read_names
from orderlint.repair.text.reasons import BOUND_BETWEEN, IN_A_BLOCK, IN_A_LOOP, SHARED_LINE, TOO_TANGLED
from orderlint.repair.ways.flow import application
from orderlint.repair.ways.places import Kind, Place, common_lines
from orderlint.repair.ways.task import Idiom, Ranked, Task
from orderlint.source.python.syntax import is_pure, leaves_iteration

__all__ = ["WAYS", "out_of_loop", "transplanted"]


def transplanted(task: Task, draft: Draft) -> None:
    """Move the statement of a layer next to that of another layer in another block."""
    _transplanted(task, draft)


def out_of_loop(task: Task, draft: Draft) -> None:
    """Move the statement of a layer that the last iteration of a loop applies to after a layer below the loop."""
    if not task.move.down:
        raise Refused(TOO_TANGLED)
    _transplanted(task, draft, through_loops=True)


def _transplanted(task: Task, draft: Draft, *, through_loops: bool = False) -> None:
    move = task.move
    if move.splits or not (move.up or move.down):
        raise Refused(TOO_TANGLED)
    places = (task.last, task.first) if move.up else (task.first, task.last)
    moved, anchor = places
    lines = common_lines([moved.spot, anchor.spot], is_lifted=False)
    source = inner_item(moved.spot, lines.items, through_loops=through_loops)
    draft.leaves_loop = source.loop is not None
    target = inner_item(anchor.spot, lines.items)
    if target.arms:
        raise Refused(IN_A_BLOCK)
    kept = _kept_name(moved, anchor) if move.down and not source.arms else None
    is_alike = kept is not None or _is_whole(moved, anchor, move.up)
    if source.item.is_compound or target.item.is_compound or not is_alike:
        raise Refused(TOO_TANGLED)
    _check_crossed(task, lines.items, source, target)
    alike = siblings(source) if move.down else []
    if source.item.node in [one.item.node for one in alike]:
        source = alike[0]  # if every arm ends with it, it is written once, without their conditions
    if kept is not None:
        _put_around(draft, source.item, moved, anchor, target.item)
    else:
        _put(draft, source, target.item, [one.item for one in alike], after=move.down)
    for one in alike or [source]:
        take_away(draft, one)


def _is_whole(moved: Place, anchor: Place, up: bool) -> bool:
    """Whether two statements contain one layer each, and pass one value on under the same name."""
    if Kind.APPLIED not in (moved.kind, anchor.kind):
        return moved.kind is anchor.kind is Kind.ADDED
    one, other = application(moved.spot), application(anchor.spot)
    value = one.target.value if one.target is not None else None
    given = other.source if up else other.target.value if other.target is not None else None
    return one.is_whole and value is not None and value == one.source == given


def _kept_name(moved: Place, anchor: Place) -> str | None:
    """The name of a layer's output, if another is applied to it in a statement that does not bind the name again."""
    if not moved.kind is anchor.kind is Kind.APPLIED:
        return None
    one, other = application(moved.spot), application(anchor.spot)
    value = one.target.value if one.target is not None else None
    is_rebound = other.target is not None and other.target.value == value
    return value if one.is_whole and value == one.source == other.source and not is_rebound else None


def _put_around(draft: Draft, item: Item, moved: Place, anchor: Place, at: Item) -> None:
    """Apply a layer around the expression of another one."""
    app = application(moved.spot)
    head, tail = (app.tree.text[slice(*span)] for span in (app.head, app.tail))
    start, end = anchor.spot.span
    draft.insert(anchor.spot.tree, start, head)
    draft.insert(anchor.spot.tree, end, tail)
    behind = item.trail.strip()
    for line in [*_comments(item, [item]), *([behind] if behind.startswith("#") else [])]:
        draft.insert(at.tree, at.core[0], f"{line}{at.newline}{at.indent}")


def _check_crossed(task: Task, items: Sequence[Item], source: Inner, target: Inner) -> None:
    """Check that nothing between the two places binds a name that the statement or its conditions read.

    Raises:
        Refused: Something does, or a condition cannot be evaluated again.
    """
    moved = application(task.last.spot if task.move.up else task.first.spot) if _is_applied(task) else None
    values = {moved.source} if moved is not None and moved.source is not None else set()
    between = _between(items, source, target)
    if source.loop is not None:
        if any(values & read_names(item.node) for item in between if item is not target.item):
            raise Refused(IN_A_LOOP)
        between.append(source.items[source.loop])  # names that its iterations bind may have changed at its end
    leaving = target.item if source.loop is not None else None  # if it leaves, the layer is applied in its expression
    if not is_movable(source.item, between, values, leaving=leaving):
        raise Refused(IN_A_LOOP if any(leaves_iteration(item.node) for item in between) else BOUND_BETWEEN)
    bound = {name for item in between for name in bound_names(item.node)} | values
    for arm in source.arms:
        if not is_pure(arm.test):
            raise Refused(f"`{arm.tree.code(arm.test)}` cannot safely be evaluated twice; change the order by hand")
        if arm.names & bound:
            raise Refused(BOUND_BETWEEN)


def _is_applied(task: Task) -> bool:
    return task.first.kind is Kind.APPLIED


def _between(items: Sequence[Item], source: Inner, target: Inner) -> list[Item]:
    """The statements that a moved statement passes, in its own blocks and in those of the other place."""
    up = items.index(source.items[0]) > items.index(target.items[0])
    low, high = sorted((items.index(source.items[0]), items.index(target.items[0])))
    passed = list(items[low + 1 : high])
    for inner, before in ((source, up), (target, not up)):
        for depth, item in enumerate(inner.items[1:], 1):
            block = inner.blocks[depth]
            at = block.index(item)
            passed += block[:at] if before else block[at + 1 :]
    return [*passed, target.item]


def _put(draft: Draft, source: Inner, at: Item, alike: Sequence[Item], *, after: bool) -> None:
    """Insert a statement next to another one, under the conditions of its arms.

    Args:
        draft: Takes the edits.
        source: The statement.
        at: The other one.
        alike: All statements that it replaces. The comments of each are kept.
        after: Whether it goes behind the other one.
    """
    item, tree = source.item, at.tree
    newline, indent = at.newline, at.indent
    lines = _comments(item, alike)
    code = [*lines, *_dedented(item)]
    if source.arms:
        step = _step(item, source)
        code = [f"if {conjunction(source.arms)}:", *(f"{step}{line}" if line else line for line in code)]
    text = newline.join(f"{indent}{line}" if line else line for line in code)
    if at.is_shared:
        raise Refused(SHARED_LINE)
    if after:
        draft.insert(tree, at.end, f"{newline}{text}")
    else:
        draft.insert(tree, at.start, f"{text}{newline}")


def _comments(item: Item, alike: Sequence[Item]) -> list[str]:
    """The comments above a statement, and those of the statements that it replaces, each once."""
    lines = [line.strip() for one in (alike or [item]) for line in one.lead.splitlines() if line.strip()]
    lines += [one.trail.strip() for one in alike if one is not item and one.trail.strip() != item.trail.strip()]
    return [line for line in dict.fromkeys(lines) if line]


def _dedented(item: Item) -> list[str]:
    """The lines of a statement without its indentation, with the rest of its last line."""
    first, *others = f"{item.code}{item.trail}".splitlines()
    return [first, *(line.removeprefix(item.indent) for line in others)]


def _step(item: Item, source: Inner) -> str:
    """The additional indentation of the statement's block."""
    outer = source.items[-2].indent
    return item.indent.removeprefix(outer) or "    "


WAYS: Ranked = dict.fromkeys((Idiom.ADDED, Idiom.APPLIED), ((80, transplanted),))
