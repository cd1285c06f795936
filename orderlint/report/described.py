"""Descriptions of findings that several formats share."""

from __future__ import annotations

import re
from itertools import pairwise

from orderlint.diagnostics import Edit, Finding, RepairKind
from orderlint.graph import Location
from orderlint.records import record
from orderlint.report.terminal import UNICODE
from orderlint.report.view import View

__all__ = ["KIND_WORDS", "JoinedEdit", "in_words", "joined_edit", "mover", "part_in_words", "repair_in_words"]

KIND_WORDS = {
    RepairKind.EQUIVALENT: "the model computes the same function",
    RepairKind.SAME_INFERENCE: "old weights give the same predictions; only training differs",
    RepairKind.CHANGES_MODEL: "the model computes a different function and must be trained again; old weights may load "
    "without an error and give wrong outputs",
}


_NAMED = re.compile(r"`([^`]+)`")


def mover(finding: Finding) -> str | None:
    """The name of the layer that the repair moves or, without a repair, of the layer in the message, if there is one.

    If two neighbors change places, either may move. A drawing marks the one in the text.
    """
    title = finding.repair.title if finding.repair is not None else None
    named = _NAMED.search(title or finding.message)
    return named[1] if named else None


def in_words(finding: Finding) -> str:
    """The chains and the repair, each on a line."""
    lines = []
    if finding.chain:
        lines.append(f"found: {UNICODE.chain(finding.chain)}")
    if finding.recommended:
        lines.append(f"recommended: {UNICODE.chain(finding.recommended)}")
    if (repair := repair_in_words(finding)) is not None:
        lines.append(repair)
    return "\n".join(lines)


def repair_in_words(finding: Finding) -> str | None:
    """`repair: move … (changes-model: …)`, or `no repair: …` with the reason; `None` if the rule has no repairs."""
    repair = finding.repair
    if repair is None:
        return None
    if not repair.available:
        return f"no repair: {repair.reason}" if repair.reason else "no repair"
    kind = f"{repair.kind.value}: {KIND_WORDS[repair.kind]}" if repair.kind is not None else ""
    return f"repair: {repair.title} ({kind})" if repair.title else f"repair: {kind}"


def part_in_words(at: Location) -> str:
    """The part of a file, for the end of a message in formats with only files and lines; empty if the line is enough.

    It is the cell of a notebook with the line in the cell, or the layer of a saved model.

    >>> part_in_words(Location("net.ipynb", 2, 1, cell=3)), part_in_words(Location("net.keras", layer="encoder/bn"))
    (' (cell 3, line 2)', ' (layer encoder/bn)')
    """
    if at.cell is not None:
        return f" (cell {at.cell}, line {at.line})"
    return f" (layer {at.layer})" if at.layer is not None and not at.line else ""


@record(frozen=True, slots=True)
class JoinedEdit:
    """All edits of a repair as one, for formats whose suggestions have only one part."""

    location: Location
    text: str


def joined_edit(finding: Finding, view: View) -> JoinedEdit | None:
    """The edits of a finding as one; `None` without edits, in notebooks, and if the source code is not known."""
    if finding.fix is None or finding.location.cell is not None:
        return None
    edits, whole = finding.fix.edits, view.text(finding.location)
    if whole is None or any(edit.location is None for edit in edits):
        return None
    first, last = _at(edits[0]), _at(edits[-1])
    between = [whole[before.end : after.start] for before, after in pairwise(edits)]
    text = "".join(edit.text + gap for edit, gap in zip(edits, [*between, ""], strict=True))
    return JoinedEdit(Location(first.path, first.line, first.column, last.end_line, last.end_column), text)


def _at(edit: Edit) -> Location:
    assert edit.location is not None
    return edit.location
