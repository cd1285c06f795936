"""Statements as pieces of text that can be moved, each with its comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.blanks import blanks_before, is_apart_above, span_without
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.reasons import SHARED_LINE
from orderlint.repair.text.rows import rotated
from orderlint.repair.text.syntax import Tree

__all__ = ["Added", "Item", "Render", "below_heading", "items_of", "lead_start", "permute"]

# Comments that belong to their place and not to the statement below them.
_FIXED_COMMENT = re.compile(
    r"#\s*(?:%%|In\s*\[|region\b|endregion\b|fmt:|yapf:|isort:|pylint:|ruff:|orderlint:\s*(?:disable|enable|skip)|!|-\*-)"
)

_WORD = re.compile(r"[A-Z][a-z]+")
_CLASS = re.compile(r"\b[A-Z]\w*[a-z]\w*")


@record(frozen=True, slots=True)
class Item:
    """A statement of a block.

    Attributes:
        tree: The cell.
        node: The statement. One of several on a line is a small statement.
        start: The start of its comment lines, or of its line.
        core: The start and the end of the statement itself.
        end: The end of its last line.
        is_shared: Whether there are other statements on its line. Then it has no comments of its own.
    """

    tree: Tree
    node: cst.CSTNode
    start: int
    core: tuple[int, int]
    end: int
    is_shared: bool = False

    @property
    def lead(self) -> str:
        """The comment lines and the indentation."""
        return self.tree.text[self.start : self.core[0]]

    @property
    def code(self) -> str:
        return self.tree.text[slice(*self.core)]

    @property
    def trail(self) -> str:
        """The rest of the last line."""
        return self.tree.text[self.core[1] : self.end]

    @property
    def has_comments(self) -> bool:
        return bool(self.lead.strip() or "#" in self.trail)

    @property
    def is_compound(self) -> bool:
        return isinstance(self.node, cst.BaseCompoundStatement)

    @property
    def indent(self) -> str:
        return self.tree.indent(self.core[0])

    @property
    def newline(self) -> str:
        """The newline for a line below it."""
        return self.tree.newline_at(self.end)


def items_of(tree: Tree, block: cst.CSTNode) -> Sequence[Item]:
    """The statements of a block, in order. They are cached: a hundred repairs may need those of a long block."""
    return tree.once(("items", block), lambda: tuple(_items(tree, block)))


def _items(tree: Tree, block: cst.CSTNode) -> list[Item]:
    items: list[Item] = []
    before = _opening(tree, block)
    body = [block] if isinstance(block, cst.SimpleStatementSuite) else getattr(block, "body", ())
    for number, statement in enumerate(body):
        following = body[number + 1] if number + 1 < len(body) else None
        if isinstance(statement, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            items += _simple(tree, statement, before, following)
        elif isinstance(statement, cst.BaseCompoundStatement):
            items.append(_whole(tree, statement, before, _footer_end(tree, statement), following))
        if items:
            before = items[-1].end
    return items


def _opening(tree: Tree, block: cst.CSTNode) -> int:
    """The position from which on the first statement of a block may have comments."""
    if isinstance(block, cst.Module):
        return 0
    owner = tree.parent(block)
    return tree.next_line(tree.span(owner)[0]) if owner is not None else 0


def _simple(
    tree: Tree,
    statement: cst.SimpleStatementLine | cst.SimpleStatementSuite,
    before: int,
    following: cst.CSTNode | None,
) -> list[Item]:
    if len(statement.body) == 1 and isinstance(statement, cst.SimpleStatementLine):
        return [_whole(tree, statement, before, tree.line_end(tree.span(statement)[1]), following)]
    items = []
    for small in statement.body:
        start, end = tree.span(small)
        end = start + len(tree.text[start:end].rstrip("; \t"))
        items.append(Item(tree, small, start, (start, end), end, is_shared=True))
    return items


def _whole(tree: Tree, statement: cst.CSTNode, before: int, end: int, following: cst.CSTNode | None = None) -> Item:
    start, core_end = tree.span(statement)
    first = lead_start(tree, start, before)
    if following is not None and _is_of_next(tree, tree.text[first:start], statement, following):
        first = tree.line_start(start)
    return Item(tree, statement, first, (start, core_end), end)


def _is_of_next(tree: Tree, comment: str, statement: cst.CSTNode, following: cst.CSTNode) -> bool:
    """Whether a comment above a statement names a class in the next statement, and none in its own.

    Then it belongs to the next one, and stays.
    """
    named = set(_CLASS.findall(comment)) if "#" in comment else set()
    own, others = (set(_CLASS.findall(tree.code(one))) if named else set() for one in (statement, following))
    return bool(named & others) and not named & own


def lead_start(tree: Tree, start: int, before: int, *, in_brackets: bool = False) -> int:
    """The start of the comment lines directly above a line, or of the line itself. It is not above `before`."""
    first = tree.line_start(start)
    indent = tree.text[first:start]
    while first > before:
        above = tree.line_start(first - 1 - tree.text.startswith("\r\n", first - 2))
        line = tree.text[above : tree.line_end(above)]
        comment = line.strip()
        if above < before or not comment.startswith("#") or _FIXED_COMMENT.match(comment):
            break
        if len(line) - len(line.lstrip()) > len(indent) and not in_brackets:
            break  # it belongs to the block before
        first = above
    return first


def _footer_end(tree: Tree, statement: cst.BaseCompoundStatement) -> int:
    """The end of a compound statement, including comments that are indented like its body."""
    start, end = tree.span(statement)
    end = tree.line_end(end)
    indent = len(tree.indent(start))
    while True:
        following = tree.next_line(end)
        line = tree.text[following : tree.line_end(following)]
        if following <= end or not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= indent:
            return end
        end = following + len(line)


def below_heading(items: Sequence[Item], layer: str) -> list[Item]:
    """Statements without the comment above the first one, if it is a heading for all of them: it stays at the top.

    It is a heading if they form one paragraph, and if it does not name the first one's layer.

    Args:
        items: The statements.
        layer: The class of the layer that the first one applies.
    """
    first, *others = items
    gaps = [one.tree.text[one.tree.next_line(one.end) : other.start] for one, other in pairwise(items)]
    if not first.lead.strip() or first.is_shared or any(gaps) or others[-1].lead.strip() or not is_apart_above(first):
        return list(items)
    kind = _WORD.match(layer)
    if kind is None or kind[0].lower() in first.lead.lower():
        return list(items)
    start = first.tree.line_start(first.core[0])
    return [Item(first.tree, first.node, start, first.core, first.end), *others]


Render = Callable[[int, int], str]
Added = Callable[[Item], str]


def permute(
    draft: Draft,
    items: Sequence[Item],
    order: Sequence[int],
    render: Render | None = None,
    added: Mapping[int, Added] | None = None,
) -> None:
    """Move statements to new places.

    Args:
        draft: Takes the edits.
        items: The statements, in order. Each is also a place.
        order: For each place, the index of the statement that comes there.
        render: Returns the new text of a statement at a place; `None` if no text changes.
        added: New statements, by the place after which they come.
    """
    if render is None and (whole := _as_lines(items, order)) is not None:
        ends = {0: 0, len(items) - 1: len(whole[0]) - 1}
        if set(added or ()) <= set(ends):
            permute(draft, *whole, added={ends[place]: text for place, text in (added or {}).items()})
            return
    if len(items) > 1 and _has_to_split(items, order) and _split(draft, items, order, render, added or {}):
        return
    if _has_notes(items) and _pasted(draft, items, order, render, added or {}):
        return
    blanks = blanks_before(draft, items, order) if not any(item.is_shared for item in items) else [""] * len(items)
    for place, payload in enumerate(order):
        slot, item = items[place], items[payload]
        code = render(payload, place) if render is not None else item.code
        text = (added or {}).get(place)
        new = text(slot) if text is not None else None
        if place == payload and code == slot.code and new is None:
            continue
        if slot.is_shared:
            _put_shared(draft, slot, item, code, new)
        else:
            _put(draft, slot, item, code, new, blanks[place])


def _as_lines(items: Sequence[Item], order: Sequence[int]) -> tuple[list[Item], list[int]] | None:
    """Replace statements that share lines by whole lines, if a statement with its own lines passes all of them.

    Returns: The lines and their order; `None` if it is not such a move, or only passes part of a line.
    """
    up = order[0] == len(items) - 1
    moved, crossed = (items[-1], items[:-1]) if up else (items[0], items[1:])
    if moved.is_shared or list(order) != rotated(len(items), up, not up) or not any(item.is_shared for item in crossed):
        return None
    lines: list[Item] = []
    rest = list(crossed)
    while rest:
        first = rest.pop(0)
        line = first.tree.parent(first.node) if first.is_shared else None
        if line is None:
            lines.append(first)
            continue
        body = line.body if isinstance(line, cst.SimpleStatementLine) else ()
        if [first.node, *(item.node for item in rest[: len(body) - 1])] != list(body):
            return None
        rest = rest[len(body) - 1 :]
        lines.append(_whole(first.tree, line, first.start, first.tree.line_end(first.tree.span(line)[1])))
    every = [*lines, moved] if up else [moved, *lines]
    return every, [len(lines), *range(len(lines))] if up else [*range(1, len(every)), 0]


def _has_to_split(items: Sequence[Item], order: Sequence[int]) -> bool:
    """Whether a statement with comments or a block would move to a line that others share, or the reverse."""
    return any(
        item.is_compound or item.has_comments or slot.has_comments  # nothing on a shared line can be or have these
        for slot, item in zip(items, (items[payload] for payload in order), strict=True)
        if slot.is_shared is not item.is_shared
    )


def _split(
    draft: Draft, items: Sequence[Item], order: Sequence[int], render: Render | None, added: Mapping[int, Added]
) -> bool:
    """Move statements to new places, each on lines of its own. Return whether that was possible."""
    wholes = [_on_own_lines(item) for item in items]
    tree = items[0].tree
    if any(whole is None or whole[2].tree is not tree for whole in wholes):
        return False
    pieces = [whole for whole in wholes if whole is not None]
    gaps = []
    for (_, _, one), (_, _, other) in pairwise(pieces):
        gap = "" if one.node is other.node else tree.text[tree.next_line(one.end) : other.start]
        if gap.strip():
            return False
        gaps.append(gap)
    newline, text = items[0].newline, []
    for place, payload in enumerate(order):
        lead, trail, _ = pieces[payload]
        text.append(f"{lead}{render(payload, place) if render is not None else items[payload].code}{trail}")
        if place in added:
            text.append(f"{items[place].indent}{added[place](items[place])}")
        if place < len(gaps) and gaps[place]:
            text.append(gaps[place].removesuffix(newline))
    start, before = _opened(items[0], pieces[0][2])
    end, behind = _closed(items[-1], pieces[-1][2])
    draft.replace(tree, start, end, f"{before}{newline.join(text)}{behind}")
    return True


def _has_notes(items: Sequence[Item]) -> bool:
    """Whether comments of no statement stand between statements, such as layers that are commented out.

    False if other statements stand there, too: they may read the results of these statements.
    """
    tree = items[0].tree
    if any(item.is_shared or item.tree is not tree for item in items):
        return False
    gaps = (tree.text[tree.next_line(one.end) : other.start] for one, other in pairwise(items))
    lines = [line.strip() for gap in gaps for line in gap.splitlines() if line.strip()]
    return bool(lines) and all(line.startswith("#") for line in lines)


def _pasted(
    draft: Draft, items: Sequence[Item], order: Sequence[int], render: Render | None, added: Mapping[int, Added]
) -> bool:
    """Cut out the first or the last statement and insert it at the other end, so that all others stay in place.

    Returns:
        False, without any edit, if `order` is another move, or the last line of the file has no newline.
    """
    up = order[0] == len(items) - 1
    if list(order) != rotated(len(items), up, not up) or not items[-1].tree.ending(items[-1].end):
        return False
    tree, moved, end = items[0].tree, items[-1 if up else 0], items[0 if up else -1]
    pasted, below = "", ""
    for place, payload in enumerate(order):
        item = items[payload]
        code = render(payload, place) if render is not None else item.code
        new = f"{item.newline}{item.indent}{added[place](item)}" if place in added else ""
        if item is moved:
            pasted = f"{item.lead}{code}{item.trail}{new}"
            continue
        if item is not end or not up:
            draft.replace(tree, *item.core, code)
        elif code == item.code:
            draft.insert(tree, item.start, f"{pasted}{moved.newline}")
        else:
            draft.replace(tree, item.start, item.core[1], f"{pasted}{moved.newline}{item.lead}{code}")
        if item is end and not up:
            below = new
        elif new:
            draft.insert(tree, item.end, new)
    draft.replace(tree, *span_without(moved), "")
    if not up:
        draft.insert(tree, end.end, f"{below}{end.newline}{pasted}")
    return True


def _on_own_lines(item: Item) -> tuple[str, str, Item] | None:
    """The texts before and behind a statement when it gets its own lines, and its whole line.

    Returns: `None` if it is in a block on one line (`if deep: x = f(x); y = g(x)`).
    """
    if not item.is_shared:
        return item.lead, item.trail, item
    line = item.tree.parent(item.node)
    if not isinstance(line, cst.SimpleStatementLine):
        return None
    whole = _whole(item.tree, line, 0, item.tree.line_end(item.tree.span(line)[1]))
    lead = whole.lead if item.node is line.body[0] else whole.indent
    trail = item.tree.text[item.end : whole.end].lstrip("; \t") if item.node is line.body[-1] else ""
    return lead, f"  {trail}" if trail else "", whole


def _opened(item: Item, line: Item) -> tuple[int, str]:
    """The position where the new text starts (behind another statement, or at the line), and what to put before it."""
    text = item.tree.text
    before = text[line.core[0] : item.core[0]].rstrip("; \t")
    return (line.core[0] + len(before), item.newline) if before else (line.start, "")


def _closed(item: Item, line: Item) -> tuple[int, str]:
    """The position where the new text ends (at another statement, or with the line), and what to put behind it."""
    rest = item.tree.text[item.end : line.core[1]]
    following = len(rest) - len(rest.lstrip("; \t"))
    if following == len(rest):
        return line.end, ""
    return item.end + following, f"{item.newline}{line.indent}"


def _put_shared(draft: Draft, slot: Item, item: Item, code: str, new: str | None) -> None:
    if item is not slot and (item.is_compound or item.has_comments):
        raise Refused(SHARED_LINE)
    if new is not None and "\n" in new:
        raise Refused(SHARED_LINE)
    draft.replace(slot.tree, *slot.core, code if new is None else f"{code}; {new}")


def _put(draft: Draft, slot: Item, item: Item, code: str, new: str | None, blanks: str) -> None:
    lead, trail = item.lead, item.trail
    if item.is_shared:
        lead, trail = slot.indent, ""
        if slot.has_comments and slot.trail.strip():
            raise Refused(SHARED_LINE)
    if slot is item:  # the smallest edit
        draft.replace(slot.tree, *slot.core, code)
        if new is not None:
            draft.insert(slot.tree, slot.end, f"{slot.newline}{slot.indent}{new}")
        return
    text = f"{blanks}{lead}{code}{trail}"
    if new is not None:
        text += f"{slot.newline}{slot.indent}{new}"
    end, ending = slot.end, "" if item.is_shared else item.tree.ending(item.end)
    if ending and slot.tree.ending(end) not in ("", ending):  # mixed newlines: a line keeps its own
        end, text = slot.tree.next_line(end), text + ending
    draft.replace(slot.tree, slot.start, end, text)
