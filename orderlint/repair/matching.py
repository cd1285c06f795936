"""Which finding of a repaired text is which of the text before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from orderlint.diagnostics import Edit
from orderlint.judging import Violation
from orderlint.text.files import NodeSite

__all__ = ["matched"]


def matched(old: Sequence[Violation], new: Sequence[Violation], edits: Iterable[Edit]) -> dict[Violation, Violation]:
    """For each violation of a new text, which one of the old text it is, as far as one is found."""
    pairs: dict[Violation, Violation] = {}
    open_ = list(old)
    for same in (_same_place(edits), _same_layer):
        for violation in new:
            if violation in pairs:
                continue
            found = next((one for one in open_ if same(one, violation)), None)
            if found is not None:
                pairs[violation] = found
                open_.remove(found)
    return pairs


def _same_place(edits: Iterable[Edit]) -> Callable[[Violation, Violation], bool]:
    every = list(edits)

    def test(old: Violation, new: Violation) -> bool:
        one, other = old.at.place, new.at.place
        if old.rule is not new.rule or not isinstance(one, NodeSite) or not isinstance(other, NodeSite):
            return False
        number = one.cell.number
        start = one.cell.span(one.node)[0]
        moved = start + sum(
            len(edit.text) - (edit.end - edit.start) for edit in every if edit.cell == number and edit.end <= start
        )
        return number == other.cell.number and moved == other.cell.span(other.node)[0]

    return test


def _same_layer(old: Violation, new: Violation) -> bool:
    return old.rule is new.rule and old.at.layer == new.at.layer
