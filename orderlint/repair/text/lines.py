"""Statements as pieces of text that can change places: each with its comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from orderlint.repair.text.blanks import blanks_before
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.reasons import SHARED_LINE
from orderlint.repair.text.syntax import Tree

__all__ = ["Added", "Item", "Render", "items_of", "lead_start", "permute"]

# Comments that belong to the place and not to the statement below them.
_FIXED_COMMENT = re.compile(
    r"#\s*(?:%%|In\s*\[|region\b|endregion\b|fmt:|yapf:|isort:|pylint:|ruff:|orderlint:\s*(?:disable|enable|skip)|!|-\*-)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """A statement of a block.

    Attributes:
        node: The statement; one of several on a line is a small statement.
        start: Where its comment lines start, or the line itself.
        core: Where the statement itself starts and ends.
        end: Where its last line ends, with what follows on it.
        is_shared: Whether other statements stand on its line. It has no comments of its own then.
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
        """What follows on the last line."""
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


def items_of(tree: Tree, block: cst.CSTNode) -> list[Item]:
    """The statements of a block, in order."""
    items: list[Item] = []
    before = _opening(tree, block)
    body = [block] if isinstance(block, cst.SimpleStatementSuite) else getattr(block, "body", ())
    for statement in body:
        if isinstance(statement, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            items += _simple(tree, statement, before)
        elif isinstance(statement, cst.BaseCompoundStatement):
            items.append(_whole(tree, statement, before, _footer_end(tree, statement)))
        if items:
            before = items[-1].end
    return items


def _opening(tree: Tree, block: cst.CSTNode) -> int:
    """Where the first statement of a block may have its comments."""
    if isinstance(block, cst.Module):
        return 0
    owner = tree.parent(block)
    return tree.next_line(tree.span(owner)[0]) if owner is not None else 0


def _simple(tree: Tree, statement: cst.SimpleStatementLine | cst.SimpleStatementSuite, before: int) -> list[Item]:
    if len(statement.body) == 1 and isinstance(statement, cst.SimpleStatementLine):
        return [_whole(tree, statement, before, tree.line_end(tree.span(statement)[1]))]
    items = []
    for small in statement.body:
        start, end = tree.span(small)
        end = start + len(tree.text[start:end].rstrip("; \t"))
        items.append(Item(tree, small, start, (start, end), end, is_shared=True))
    return items


def _whole(tree: Tree, statement: cst.CSTNode, before: int, end: int) -> Item:
    start, core_end = tree.span(statement)
    return Item(tree, statement, lead_start(tree, start, before), (start, core_end), end)


def lead_start(tree: Tree, start: int, before: int, *, in_brackets: bool = False) -> int:
    """Where the comment lines directly above a line start, or the line itself; not above `before`."""
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
    """Where a block ends, with the comments that are indented like its body."""
    start, end = tree.span(statement)
    end = tree.line_end(end)
    indent = len(tree.indent(start))
    while True:
        following = tree.next_line(end)
        line = tree.text[following : tree.line_end(following)]
        if following <= end or not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= indent:
            return end
        end = following + len(line)


Render = Callable[[int, int], str]
Added = Callable[[Item], str]


def permute(
    draft: Draft,
    items: Sequence[Item],
    order: Sequence[int],
    render: Render | None = None,
    added: Mapping[int, Added] | None = None,
) -> None:
    """Give statements new places.

    Args:
        draft: Takes the edits.
        items: The statements, in order; each is a place too.
        order: For each place, which statement is to stand there.
        render: The text of a statement at a place, if it differs from the present one.
        added: For a place, the new statement to stand after it.
    """
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
