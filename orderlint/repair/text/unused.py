"""Removes imports of layers that repairs have left unused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

import libcst as cst

from orderlint.diagnostics import Edit, Fix
from orderlint.repair.text.drafts import Taken
from orderlint.repair.text.syntax import Syntax, Tree, bare_name, dotted_name
from orderlint.text.files import SourceFile

__all__ = ["unused_imports", "without_unused"]

_WORD = re.compile(r"\w+")


def unused_imports(old: SourceFile, new: SourceFile) -> tuple[set[str], set[Edit]]:
    """The imported names that a text, unlike the one before, does not use, and the edits that remove their imports.

    A name in a string or a comment counts as used, and so does every name in an `__init__.py`, which may re-export it.
    """
    if PurePath(new.path).name == "__init__.py":
        return set(), set()
    syntax = Syntax(new)
    imported = {bound for tree in syntax.trees for node in tree.imports for bound in map(_bound, _aliases(node))}
    used, before = _names_in(_without_imports(syntax, new)), _names_in(_without_imports(Syntax(old), old))
    names = (imported & before) - used
    edits = {edit for tree in syntax.trees for node in tree.imports for edit in _edits(tree, node, names)}
    return names, edits


def without_unused(
    old: SourceFile, fix: Fix, new: SourceFile, others: Iterable[Edit], keeps: Callable[[str], bool]
) -> Fix:
    """The edits of a repair, and those that remove the imports that it leaves unused.

    Args:
        old: The file.
        fix: The edits of the repair.
        new: The file after the repair.
        others: The edits of other repairs, which may need a name.
        keeps: Whether another file needs a name.
    """
    if not _may_leave_unused(old, fix, new):
        return fix
    texts = [edit.text for edit in others]
    found, _ = unused_imports(old, new)
    names = {name for name in found if not any(name in text for text in texts) and not keeps(name)}
    syntax = Syntax(old) if names else None
    more = [
        one for tree in (syntax.trees if syntax else ()) for node in tree.imports for one in _edits(tree, node, names)
    ]
    if not more or Taken(fix.edits).meets(more):
        return fix
    located = (replace(one, location=old.cell(one.cell).location(one.start, one.end)) for one in more)
    return replace(
        fix, edits=tuple(sorted((*fix.edits, *located), key=lambda one: (one.cell or 0, one.start, one.end)))
    )


def _may_leave_unused(old: SourceFile, fix: Fix, new: SourceFile) -> bool:
    """Whether a replaced word occurs only once in the new text, as in its import. This is faster than parsing."""
    replaced = {word for edit in fix.edits for word in _WORD.findall(old.cell(edit.cell).text[edit.start : edit.end])}
    counts = Counter(word for cell in new.cells for word in _WORD.findall(cell.text)) if replaced else Counter()
    return any(counts[word] == 1 for word in replaced)


def _without_imports(syntax: Syntax, file: SourceFile) -> str:
    """All code without the imports, which use nothing."""
    spans = {tree.cell.number: [tree.span(node) for node in tree.imports if _aliases(node)] for tree in syntax.trees}
    return "\n".join(_cut(cell.text, spans.get(cell.number, ())) for cell in file.cells)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces = []
    position = 0
    for start, end in spans:
        pieces.append(text[position:start])
        position = end
    return " ".join([*pieces, text[position:]])


def _names_in(text: str) -> set[str]:
    """The words of a text without attributes. One search is enough, even if a file imports thousands of names."""
    return set(re.findall(r"(?<![\w.])\w+", text))


def _aliases(node: cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    return () if isinstance(node.names, cst.ImportStar) else node.names


def _bound(alias: cst.ImportAlias) -> str:
    return (bare_name(alias.asname.name) if alias.asname is not None else dotted_name(alias.name)) or ""


def _edits(tree: Tree, node: cst.ImportFrom, names: Collection[str]) -> Iterator[Edit]:
    """The edits that remove names from an import; none if they would leave an empty block, or remove a comment."""
    aliases = _aliases(node)
    kept = [alias for alias in aliases if _bound(alias) not in names]
    if len(kept) == len(aliases):
        return
    spans = list(_spans(tree, aliases, kept)) if kept else [_line(tree, node)]
    if all(span is not None and "#" not in tree.text[slice(*span)] for span in spans):
        yield from (Edit(*span, "", tree.cell.number) for span in spans if span is not None)


def _spans(
    tree: Tree, aliases: Sequence[cst.ImportAlias], kept: Sequence[cst.ImportAlias]
) -> Iterator[tuple[int, int]]:
    """The spans to remove: each name up to the next one, or from the last name that stays to the end."""
    last = max(at for at, alias in enumerate(aliases) if alias in kept)
    for at, alias in enumerate(aliases[:last]):
        if alias not in kept:
            yield tree.span(alias)[0], tree.span(aliases[at + 1])[0]
    if last < len(aliases) - 1:
        yield _end(tree, aliases[last]), _end(tree, aliases[-1])


def _end(tree: Tree, alias: cst.ImportAlias) -> int:
    return tree.span(alias.asname.name if alias.asname is not None else alias.name)[1]


def _line(tree: Tree, node: cst.ImportFrom) -> tuple[int, int] | None:
    """The lines of an import; `None` if it shares them, or is the only statement of its block."""
    statement = tree.parent(node)
    block = tree.parent(statement) if statement is not None else None
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    if len(getattr(block, "body", ())) == 1:
        return None
    start, end = tree.span(statement)
    return tree.line_start(start), tree.next_line(end)
