"""Removes or adds an argument of a call, without changing the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.lines import lead_start
from orderlint.repair.text.syntax import Tree

__all__ = ["NO_COMMENTS", "Comments", "add_keyword", "keyword", "remove"]

_AFTER = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?P<comment>#[^\r\n]*)?(?=[\r\n]|\Z)")


@record(frozen=True, slots=True)
class Comments:
    """The comments of code that moves: on the lines above it, and behind it."""

    above: tuple[str, ...] = ()
    behind: str = ""

    @property
    def every(self) -> tuple[str, ...]:
        return (*self.above, self.behind) if self.behind else self.above


NO_COMMENTS = Comments()


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """The keyword argument with a name; `None` if there is none."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


Part = cst.Arg | cst.BaseDictElement


def remove(draft: Draft, tree: Tree, call: cst.Call | cst.Dict, index: int) -> Comments:
    """Remove an argument (or an entry of a dictionary) with its comma, and return its comments."""
    parts: Sequence[Part] = call.args if isinstance(call, cst.Call) else call.elements
    part = parts[index]
    start, end = _extent(tree, part)
    is_last = index == len(parts) - 1
    after = _AFTER.match(tree.text, end)
    first = tree.line_start(start)
    starts_line = not tree.text[first:start].strip()
    if starts_line and after is not None:
        above = _lines_above(tree, first, index, parts, call)
        comments = tuple(line.strip() for line in tree.text[above:first].splitlines())
        draft.replace(tree, above, tree.next_line(end), "")
        if is_last and not after["comma"] and index:
            _drop_comma(draft, tree, parts[index - 1], above)
        return Comments(comments, after["comment"] or "")
    if not is_last:
        following = _extent(tree, parts[index + 1])[0]
        gap = tree.text[end:following]
        if "\n" not in gap and "\r" not in gap:
            _remove_between(draft, tree, start, end, following)
        else:  # it is the last argument on its line
            comma = end + gap.index(",") + 1
            draft.replace(tree, _before_blanks(tree, start), comma, "")
        return Comments()
    _remove_last(draft, tree, parts, start, end)
    return Comments()


def _remove_between(draft: Draft, tree: Tree, start: int, end: int, following: int) -> None:
    """Remove an argument between two others. Of the two gaps, the one with a blank stays."""
    before = _before_blanks(tree, start)
    if before == start and tree.text[start - 1] == ",":
        draft.replace(tree, start - 1, end, "")
    else:
        draft.replace(tree, start, following, "")


def _remove_last(draft: Draft, tree: Tree, parts: Sequence[Part], start: int, end: int) -> None:
    comma = re.compile(r"[ \t]*,").match(tree.text, end)
    if len(parts) == 1:
        draft.replace(tree, start, comma.end() if comma else end, "")
        return
    before = _extent(tree, parts[-2])[1]
    gap = tree.text[before:start]
    if "#" in gap:
        _remove_behind_comment(draft, tree, parts[-2], before, start, comma.end() if comma else end)
    else:  # a comma after it stays
        draft.replace(tree, before, end, "")


def _remove_behind_comment(draft: Draft, tree: Tree, last: Part, before: int, start: int, end: int) -> None:
    """Remove the last argument if there is a comment between it and the one before. The comment stays."""
    lines = [line.strip() for line in tree.text[before:start].splitlines()]
    comment = lines[0].lstrip(",").strip()
    line_end = tree.line_end(end)
    if comment.startswith("#") and not any(lines[1:]) and "#" not in tree.text[end:line_end]:
        draft.replace(tree, before, end, "")
        draft.insert(tree, line_end, f"  {comment}")
        return
    _drop_comma(draft, tree, last, start)
    draft.replace(tree, _before_blanks(tree, start), end, "")


def _extent(tree: Tree, part: Part) -> tuple[int, int]:
    """The start and end of an argument with its keyword, without its comma."""
    start = tree.span(part)[0]
    return start, tree.full_span(part.value)[1]


def _before_blanks(tree: Tree, offset: int) -> int:
    return len(tree.text[:offset].rstrip(" \t"))


def _lines_above(tree: Tree, first: int, index: int, parts: Sequence[Part], call: cst.CSTNode) -> int:
    """The start of the comment lines directly above an argument."""
    before = _extent(tree, parts[index - 1])[1] if index else tree.span(call)[0]
    return max(lead_start(tree, first, before, in_brackets=True), tree.next_line(before)) if before < first else first


def _drop_comma(draft: Draft, tree: Tree, part: Part, limit: int) -> None:
    """Remove the comma after an argument that has become the last."""
    end = _extent(tree, part)[1]
    comma = tree.text.find(",", end, limit)
    if comma >= 0 and not tree.text[end:comma].strip():
        draft.replace(tree, end, comma + 1, "")


def add_keyword(draft: Draft, tree: Tree, call: cst.Call, text: str) -> None:
    """Add an argument to a call, after the others."""
    if not call.args:
        opening = tree.text.index("(", tree.full_span(call.func)[1])
        draft.insert(tree, opening + 1, text)
        return
    last = call.args[-1]
    start, end = _extent(tree, last)
    after = _AFTER.match(tree.text, end)
    starts_line = not tree.text[tree.line_start(start) : start].strip()
    if starts_line and after is not None:
        line = f"{tree.newline_at(end)}{tree.indent(start)}{text}"
        if after["comma"]:
            draft.insert(tree, tree.line_end(end), f"{line},")
        else:
            draft.replace(tree, end, tree.line_end(end), f",{tree.text[end : tree.line_end(end)]}{line}")
        return
    draft.insert(tree, end, f", {text}")
