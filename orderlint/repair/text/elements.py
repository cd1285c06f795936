"""Elements of a list or tuple as pieces of text that can be moved, each with its comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.arguments import Comments
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.lines import lead_start
from orderlint.repair.text.syntax import Tree

__all__ = ["Slot", "permute_slots", "slots_of"]

Added = tuple[str, Comments]
"""A new element: its expression and its comments."""
_REST = re.compile(r"(?P<gap>[ \t]*)(?P<comma>,?)(?P<blank>[ \t]*)(?P<comment>#[^\r\n]*)?(?=[\r\n]|\Z)")


@record(frozen=True, slots=True)
class Slot:
    """An element of a list, with its position.

    Attributes:
        tree: The cell.
        core: The start and the end of the expression.
        start: The start of its comment lines, if it starts its line; otherwise, the start of the expression.
        end: The end of its line, if it ends its line; otherwise, the end of the expression.
        starts_line: Whether there are only blanks before it on its line.
        ends_line: Whether only its comma and a comment follow on its line.
        comment: The comment at the end of its line, if it ends its line.
        comma: The comma and the blanks before it, if it ends its line.
        rewritten: The new expression, if it changes.
    """

    tree: Tree
    core: tuple[int, int]
    start: int
    end: int
    starts_line: bool
    ends_line: bool
    comment: str = ""
    comma: str = ""
    rewritten: str | None = None

    @property
    def code(self) -> str:
        return self.tree.text[slice(*self.core)] if self.rewritten is None else self.rewritten

    @property
    def newline(self) -> str:
        """The newline for a line below it."""
        return self.tree.newline_at(self.core[1])

    @property
    def lead(self) -> list[str]:
        """The comment lines above, without indentation."""
        return [line.strip() for line in self.tree.text[self.start : self.core[0]].splitlines() if line.strip()]

    @property
    def lead_lines(self) -> list[str]:
        """The comment lines above, without indentation, with their newlines."""
        lines = self.tree.text[self.start : self.core[0]].splitlines(keepends=True)
        return [line.lstrip(" \t\f") for line in lines if line.strip()]

    @property
    def indent(self) -> str:
        return self.tree.indent(self.core[0])

    @property
    def column(self) -> str:
        """The blanks before it in its line."""
        line = self.tree.line_start(self.core[0])
        return self.indent if self.starts_line else " " * (self.core[0] - line)

    @property
    def separator(self) -> str:
        """The text between it and a new element after it."""
        text = self.tree.text
        opens = text[: self.core[0]].rstrip(" \t")[-1:] in ("[", "(", "{")
        closes = text[self.core[1] :].lstrip(" \t")[:1] in ("]", ")", "}")
        if (self.starts_line and closes) or (opens and self.ends_line):
            return f",{self.newline}{self.column}"
        return ", "

    def with_comma(self) -> str:
        return self.comma or ","


def slots_of(
    tree: Tree, elements: Sequence[cst.BaseElement | cst.Arg], opening: int, first: int = 0, last: int = -1
) -> list[Slot]:
    """The elements of a list, or a range of them, since a list may have thousands of elements and findings.

    Args:
        tree: The cell.
        elements: All elements of the list.
        opening: The start of the list.
        first: The index of the first element of the range.
        last: The index of the last element of the range; by default, the last one of the list.
    """
    slots = []
    before = opening
    if first:
        start, end = tree.full_span(elements[first - 1].value)
        before = _slot(tree, start, end, start).end
    for element in elements[first : last + 1 or None]:
        start, end = tree.full_span(element.value)
        if isinstance(element, cst.StarredElement) or (isinstance(element, cst.Arg) and element.star):
            start = tree.span(element)[0]
        slot = _slot(tree, start, end, before)
        slots.append(slot)
        before = slot.end
    return slots


def _slot(tree: Tree, start: int, end: int, before: int) -> Slot:
    starts_line = not tree.text[tree.line_start(start) : start].strip()
    rest = _REST.match(tree.text, end)
    first = lead_start(tree, start, before, in_brackets=True) if starts_line else start
    if rest is None:
        return Slot(tree, (start, end), first, end, starts_line, ends_line=False)
    comma = rest["gap"] + rest["comma"] if rest["comma"] else ""
    blanks = rest["blank"] if rest["comma"] else rest["gap"]
    comment = blanks + rest["comment"] if rest["comment"] else ""
    return Slot(tree, (start, end), first, rest.end(), starts_line, True, comment, comma)


def permute_slots(
    draft: Draft,
    slots: Sequence[Slot],
    order: Sequence[int],
    added: Mapping[int, Added] | None = None,
    codes: Mapping[int, str] | None = None,
) -> None:
    """Move elements to new places. The commas stay where they are.

    Args:
        draft: Takes the edits.
        slots: The elements, in order.
        order: For each place, the index of the element that comes there.
        added: New elements, by the place after which they come.
        codes: The expressions of elements that change as they move.
    """
    for place, payload in enumerate(order):
        new = (added or {}).get(place)
        code = (codes or {}).get(payload)
        if place != payload or new is not None:
            item = slots[payload] if code is None else replace(slots[payload], rewritten=code)
            _put(draft, slots[place], item, new)


def _put(draft: Draft, slot: Slot, item: Slot, new: Added | None) -> None:
    if slot.starts_line and slot.ends_line:
        _put_on_line(draft, slot, item, new)
    elif slot is item:
        assert new is not None
        if slot.ends_line:
            draft.replace(slot.tree, slot.core[1], slot.end, _to_line_end(slot, item, new))
        else:
            draft.insert(slot.tree, slot.core[1], _behind(slot, new))
    else:
        _put_inside(draft, slot, item, new)


def _put_on_line(draft: Draft, slot: Slot, item: Slot, new: Added | None) -> None:
    """Put an element on a line of its own."""
    tree, indent, newline = slot.tree, slot.indent, slot.newline
    comma = slot.comma if new is None else slot.with_comma()
    line = f"{item.code}{comma}{item.comment if item.ends_line else ''}"
    if new is not None:
        expression, comments = new[0].replace("\n", f"\n{indent}"), new[1]
        above = "".join(f"{indent}{comment}{newline}" for comment in comments.above)
        behind = f"  {comments.behind}" if comments.behind else ""
        line += f"{newline}{above}{indent}{expression}{slot.comma}{behind}"
    if slot is item:
        draft.replace(tree, slot.core[1], slot.end, line[len(item.code) :])
        return
    lead = "".join(f"{indent}{comment}" for comment in item.lead_lines) if item.starts_line else ""
    text, end = f"{lead}{indent}{line}", slot.end
    ending = item.tree.ending(item.end) if item.ends_line else ""
    if ending and tree.ending(end) not in ("", ending):  # mixed newlines: a line keeps its own
        end, text = tree.next_line(end), text + ending
    draft.replace(tree, slot.start, end, text)


def _put_inside(draft: Draft, slot: Slot, item: Slot, new: Added | None) -> None:
    """Put an element on a line that it shares with others, or with a bracket."""
    tree = slot.tree
    above = list(item.lead) if item.starts_line else []
    below = item.comment.strip() if item.ends_line else ""
    code = item.code if new is None else f"{item.code}{_behind(slot, new)}"
    if below and not slot.ends_line:
        above.append(below)  # no comment fits before a bracket or another element
    lead = "".join(f"{text}{slot.newline}{slot.column}" for text in above)
    if slot.starts_line:
        draft.replace(tree, slot.start, slot.core[1], f"{slot.column}{lead}{code}")
    elif slot.ends_line:
        draft.replace(tree, slot.core[0], slot.end, f"{lead}{item.code}{_to_line_end(slot, item, new)}")
    else:
        draft.replace(tree, *slot.core, f"{lead}{code}")


def _to_line_end(slot: Slot, item: Slot, new: Added | None) -> str:
    """The text after an element at the end of a line. Its comment stays on its line, even if a new element follows."""
    behind = "" if new is None else _behind(slot, new)
    if behind.startswith(f",{slot.newline}"):
        return f",{item.comment}{behind[1:]}{slot.comma}"
    return f"{behind}{slot.comma}{item.comment}"


def _behind(slot: Slot, new: Added) -> str:
    """The text of a new element after one that shares its line."""
    expression, comments = new
    if not comments.every:
        return f"{slot.separator}{expression}"
    start = f"{slot.newline}{slot.column}"
    return "," + "".join(f"{start}{comment}" for comment in comments.every) + f"{start}{expression}"
