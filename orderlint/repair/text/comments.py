"""Removes suppression comments that suppress nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from orderlint.diagnostics import Edit
from orderlint.repair.text.drafts import apply_edits
from orderlint.text.cells import Cell
from orderlint.text.files import FileKind, SourceFile
from orderlint.text.suppression import CommentProblem

__all__ = ["without_comments"]

_CODES = re.compile(r"\[(?P<ours>[^\]]*)\]|:\s*(?P<noqa>[A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,]+")


def without_comments(file: SourceFile, problems: Iterable[CommentProblem], rules: Mapping[str, str]) -> str:
    """The text of a file without the suppression comments, or the codes in them, that suppress nothing.

    Args:
        file: The file.
        problems: The comments, as reported by `Suppressions.unused`.
        rules: The name of every rule, by its code.
    """
    edits: dict[int | None, list[Edit]] = {}
    for problem in problems:
        cell = file.cell(problem.location.cell)
        edits.setdefault(cell.number, []).append(_edit(cell, problem, rules))
    if file.kind is FileKind.PYTHON:
        return apply_edits(file.text, edits.get(None, ()))
    from orderlint.text.notebook import replace_sources

    sources = {number: apply_edits(file.cell(number).raw, some) for number, some in edits.items() if number is not None}
    return replace_sources(file.text, sources)


def _edit(cell: Cell, problem: CommentProblem, rules: Mapping[str, str]) -> Edit:
    at = problem.location
    start, end = cell.lines.offset(at.line, at.column), cell.lines.offset(at.end_line, at.end_column)
    kept = _kept(cell.text[start:end], problem.codes, rules) if problem.codes else ""
    if kept:
        return Edit(start, end, kept, cell.number)
    return _removal(cell, start, end)


def _kept(comment: str, idle: Collection[str], rules: Mapping[str, str]) -> str:
    """A directive without some of its codes; empty if none is left."""
    found = _CODES.search(comment)
    if found is None:
        return ""
    group = "ours" if found["ours"] is not None else "noqa"
    codes = {name: code for code, name in rules.items()}
    words = [word for word in _SPLIT.split(found[group]) if word]
    left = [word for word in words if codes.get(word.lower(), word.upper()) not in idle]
    if not left:
        return ""
    return comment[: found.start(group)] + ", ".join(left) + comment[found.end(group) :]


def _removal(cell: Cell, start: int, end: int) -> Edit:
    """Remove a directive, and the spaces before it or the line if nothing else is there."""
    text = cell.text
    line_end = min(at for at in (text.find("\n", end), text.find("\r", end), len(text)) if at >= 0)
    rest = text[end:line_end].strip()
    if rest:
        return Edit(start, line_end, rest if rest.startswith("#") else f"# {rest}", cell.number)
    before = text[:start].rstrip(" \t")
    if before and not before.endswith(("\n", "\r")):
        return Edit(len(before), line_end, "", cell.number)
    following = line_end + (2 if text.startswith("\r\n", line_end) else 1)
    return Edit(len(before), min(following, len(text)), "", cell.number)
