"""Code actions: the repair of a finding, a comment that suppresses it, and all repairs of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from lsprotocol import types

from orderlint.diagnostics import Finding, Fix, RepairKind, TextChange
from orderlint.lsp.analysis import Analysis
from orderlint.lsp.diagnostics import diagnostic_of
from orderlint.lsp.documents import Part, Snapshot

__all__ = ["FIX_ALL", "KINDS", "fix_all", "quick_fixes"]

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.orderlint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
_EFFECTS = {
    RepairKind.EQUIVALENT: "the same function",
    RepairKind.SAME_INFERENCE: "the same predictions",
    RepairKind.CHANGES_MODEL: "changes the model: train again",
}


def quick_fixes(analysis: Analysis, part: Part, wanted: types.Range) -> Iterator[types.CodeAction]:
    """The repairs of the findings that touch a range, and comments that suppress them.

    Args:
        analysis: The analysis of the current document.
        part: The text that contains the range.
        wanted: The range.
    """
    for finding in analysis.findings:
        if finding.location.cell == part.number and _touches(part.text.range_of(finding.location), wanted):
            diagnostic = diagnostic_of(finding, analysis.snapshot, part)
            if finding.fix is not None and (edits := _edits(finding.fix, analysis.snapshot)) is not None:
                yield types.CodeAction(
                    title=_title(finding.fix),
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[diagnostic],
                    is_preferred=finding.fix.kind is not RepairKind.CHANGES_MODEL,
                    edit=edits,
                )
            if (suppression := _suppression(finding, part)) is not None:
                yield types.CodeAction(
                    title=f"Ignore {finding.code} here",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[diagnostic],
                    edit=_workspace_edit([(part, [suppression])]),
                )


def fix_all(snapshot: Snapshot, changes: Sequence[TextChange]) -> types.CodeAction | None:
    """All repairs of a document at once; `None` if there are none, or if its text has changed."""
    texts = []
    for change in changes:
        part = snapshot.part(change.cell)
        if part is None or part.text.source != change.old:
            return None
        texts.append((part, list(_differences(part, change.new))))
    if not texts:
        return None
    return types.CodeAction(title="Repair the order of layers", kind=FIX_ALL, edit=_workspace_edit(texts))


def _title(fix: Fix) -> str:
    title = fix.title.replace("`", "")
    return f"{title[:1].upper()}{title[1:]} ({_EFFECTS[fix.kind]})"


def _edits(fix: Fix, snapshot: Snapshot) -> types.WorkspaceEdit | None:
    texts: dict[int | None, tuple[Part, list[types.TextEdit]]] = {}
    for edit in fix.edits:
        part = snapshot.part(edit.cell)
        if part is None:
            return None
        place = part.text.range(edit.start, edit.end)
        texts.setdefault(edit.cell, (part, []))[1].append(types.TextEdit(place, edit.text))
    return _workspace_edit(texts.values())


def _workspace_edit(texts: Iterable[tuple[Part, Sequence[types.TextEdit]]]) -> types.WorkspaceEdit:
    """Edits with the versions of their texts, so that a client does not apply them to changed texts."""
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), list(edits))
            for part, edits in texts
        ]
    )


def _differences(part: Part, new: str) -> Iterator[types.TextEdit]:
    """The edits of the lines that differ. Other lines stay, and so do the cursor, folds and breakpoints in them."""
    before, after = part.text.source.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    for tag, first, last, low, high in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield types.TextEdit(part.text.range(starts[first], starts[last]), "".join(after[low:high]))


def _suppression(finding: Finding, part: Part) -> types.TextEdit | None:
    """A comment at the end of the finding's last line; `None` if it cannot have one."""
    if not finding.chain:
        return None
    source = part.text.source
    start = part.text.offset(types.Position(finding.location.end_line - 1, 0))
    end = part.text.offset(types.Position(finding.location.end_line - 1, 2**31 - 1))
    line = source[start:end]
    if line.endswith("\\") or line.count('"""') % 2 or line.count("'''") % 2:
        return None
    at = part.text.range(start + len(line.rstrip()), end)
    return types.TextEdit(at, f"  # orderlint: ignore[{finding.code}]")


def _touches(one: types.Range, other: types.Range) -> bool:
    def key(position: types.Position) -> tuple[int, int]:
        return position.line, position.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)
