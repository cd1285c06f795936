"""Adds a name to a `from ... import` statement, in the statement's own layout."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.syntax import Tree, bare_name

__all__ = ["add_name"]


def add_name(draft: Draft, tree: Tree, node: cst.ImportFrom, name: str, *, new_module: str | None = None) -> None:
    """Import one more name.

    Args:
        new_module: The module to import it from, in a new line; `None` for the module of `node`.
    """
    if new_module is not None:
        line = tree.line_end(tree.span(node)[1])
        indent = tree.indent(tree.span(node)[0])
        draft.share(tree, line, f"{tree.newline_at(line)}{indent}from {new_module} import {name}")
        return
    if isinstance(node.names, cst.ImportStar):
        return
    aliases = node.names
    place = _place(aliases, name)
    if place < len(aliases) and _starts_line(tree, aliases[place]):
        start = tree.span(aliases[place])[0]
        draft.share(tree, start, f"{name},{tree.newline_at(start)}{tree.indent(start)}")
    elif place < len(aliases):
        draft.share(tree, tree.span(aliases[place])[0], f"{name}, ")
    else:
        _append(draft, tree, node, aliases[-1], name)


def _place(aliases: Sequence[cst.ImportAlias], name: str) -> int:
    """The position of a new name: in its place if the names are sorted, or else at the end."""
    names = [bare_name(alias.name) or "" for alias in aliases]
    for key in (str, str.lower):
        if len(names) > 1 and names == sorted(names, key=key):
            return sum(key(other) < key(name) for other in names)
    return len(names)


def _append(draft: Draft, tree: Tree, node: cst.ImportFrom, last: cst.ImportAlias, name: str) -> None:
    start = tree.span(last)[0]
    inner = last.asname.name if last.asname is not None else last.name
    end = tree.span(inner)[1]
    closed = node.rpar is not None
    line_end = tree.line_end(end)
    rest = tree.text[end:line_end].split("#")[0].strip()
    if closed and _starts_line(tree, last) and rest in ("", ","):
        line = f"{tree.newline_at(start)}{tree.indent(start)}{name}"
        if rest:
            draft.share(tree, line_end, f"{line},")
        elif "#" not in tree.text[end:line_end]:
            draft.share(tree, end, f",{line}")
        else:
            draft.share(tree, end, f", {name}")
    else:
        draft.share(tree, end, f", {name}")


def _starts_line(tree: Tree, alias: cst.ImportAlias) -> bool:
    start = tree.span(alias)[0]
    return not tree.text[tree.line_start(start) : start].strip()
