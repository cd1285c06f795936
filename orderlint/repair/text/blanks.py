"""Blank lines around moved statements. They stay between statements that remain neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import libcst as cst

from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.rows import rotated
from orderlint.repair.text.syntax import Tree

__all__ = ["blanks_before", "is_apart_above", "span_without"]


class Piece(Protocol):
    """A statement on its own lines. `lines.Item` is one, but `lines.py` imports this module."""

    @property
    def tree(self) -> Tree: ...
    @property
    def node(self) -> cst.CSTNode: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def blanks_before(draft: Draft, items: Sequence[Piece], order: Sequence[int]) -> Sequence[str]:
    """The blank lines to add above each of some statements, of which one moves to the other end of the row.

    It leaves no gap at its old place and gets none at its new one, as if a line is cut and pasted. In rows in which all
    statements are separated by blank lines, they stay so.

    Args:
        draft: Takes the edits that remove blank lines.
        items: The statements. Each is also a place.
        order: For each place, the index of the statement that comes there.

    Returns: A text for each place; empty if its blank lines do not change.
    """
    nothing = [""] * len(items)
    old = _between(items)
    up = order[0] == len(items) - 1
    if old is None or not any(old) or list(order) != rotated(len(items), up, not up):
        return nothing
    above, below = is_apart_above(items[0]), _is_apart_below(items[-1])
    if above and below and all(old):
        return nothing
    new, cut = (["", *old[:-1]], old[-1]) if up else ([*old[1:], ""], old[0])
    tree = items[0].tree
    before = [cut if not (up or above) else ""]
    for (first, second), was, now in zip(pairwise(items), old, new, strict=True):
        before.append(now if now != was else "")
        if now != was and was:
            draft.replace(tree, tree.next_line(first.end), second.start, "")
    if up and not below:
        draft.insert(tree, tree.next_line(items[-1].end), cut)
    return before


def _between(items: Sequence[Piece]) -> list[str] | None:
    """The blank lines between statements that follow each other; `None` if there is anything else between them."""
    if any(one.tree is not other.tree or one.end >= other.start for one, other in pairwise(items)):
        return None
    found = [one.tree.text[one.tree.next_line(one.end) : other.start] for one, other in pairwise(items)]
    return None if any(gap.strip() for gap in found) else found


def is_apart_above(item: Piece) -> bool:
    """Whether a statement has a blank line above, or starts its block."""
    return _neighbors(item)[0] is item.node or _blank_above(item.tree, item.start) < item.start


def _is_apart_below(item: Piece) -> bool:
    """Whether a statement has a blank line below, or ends its block."""
    after = item.tree.next_line(item.end)
    return _neighbors(item)[-1] is item.node or _blank_below(item.tree, after) > after


def _neighbors(item: Piece) -> Sequence[cst.CSTNode]:
    """The statements of the block that contains a statement."""
    body: Sequence[cst.CSTNode] = getattr(item.tree.parent(item.node), "body", None) or (item.node,)
    return body


def _blank_above(tree: Tree, start: int) -> int:
    """The start of the blank lines above a line."""
    while start:
        line = tree.line_start(start - 1 - tree.text.startswith("\r\n", start - 2))
        if tree.text[line:start].strip():
            break
        start = line
    return start


def _blank_below(tree: Tree, after: int) -> int:
    """The end of the blank lines from the start of a line on."""
    while after < len(tree.text):
        following = tree.next_line(after)
        if tree.text[after:following].strip() or following == after:
            break
        after = following
    return after


def span_without(item: Piece) -> tuple[int, int]:
    """The span to remove with a statement: its lines, and, if there are blank lines on both sides, the fewer ones.

    At the start of a block, the blank lines below are removed, too; at its end, those above.
    """
    tree = item.tree
    start, end = item.start, tree.next_line(item.end)
    above, below = _blank_above(tree, start), _blank_below(tree, end)
    if _neighbors(item)[0] is item.node:
        return start, below if _neighbors(item)[-1] is not item.node else end
    if _neighbors(item)[-1] is item.node:
        return above, end
    if above == start or below == end:
        return start, end
    return (above, end) if start - above <= below - end else (start, below)
