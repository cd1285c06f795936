"""Matches the findings of a repaired text with those of the text before."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import accumulate

from orderlint.diagnostics import Edit
from orderlint.judging import Violation
from orderlint.text.files import NodeSite

__all__ = ["matched"]

Key = Callable[[Violation], "Hashable | None"]
"""Returns a key that is equal for the same violation in both texts; `None` if there is none."""


def matched(old: Sequence[Violation], new: Sequence[Violation], edits: Iterable[Edit]) -> dict[Violation, Violation]:
    """For each violation of a new text, the same one in the old text; those without a match are missing."""
    pairs: dict[Violation, Violation] = {}
    taken: set[int] = set()
    for old_key, new_key in ((_moved(edits), _place), (_layer, _layer)):
        open_: dict[Hashable, deque[Violation]] = {}
        for violation in old:
            if id(violation) not in taken and (key := old_key(violation)) is not None:
                open_.setdefault(key, deque()).append(violation)
        for violation in new:
            if violation not in pairs and (same := open_.get(new_key(violation))):
                pairs[violation] = same.popleft()
                taken.add(id(pairs[violation]))
    return pairs


def _place(violation: Violation) -> Hashable | None:
    """The rule and the position of a violation."""
    place = violation.at.place
    return (violation.rule.code, *_start(place)) if isinstance(place, NodeSite) else None


def _moved(edits: Iterable[Edit]) -> Key:
    """The same after edits: the position that it then has."""
    by_cell: dict[int | None, list[Edit]] = {}
    for edit in sorted(edits, key=lambda edit: edit.end):
        by_cell.setdefault(edit.cell, []).append(edit)
    ends = {cell: [edit.end for edit in some] for cell, some in by_cell.items()}
    grown = {cell: [0, *accumulate(map(_growth, some))] for cell, some in by_cell.items()}

    def key(violation: Violation) -> Hashable | None:
        place = violation.at.place
        if not isinstance(place, NodeSite):
            return None
        cell, start = _start(place)
        before = bisect_right(ends.get(cell, ()), start)
        return violation.rule.code, cell, start + (grown[cell][before] if before else 0)

    return key


def _growth(edit: Edit) -> int:
    return len(edit.text) - (edit.end - edit.start)


def _start(place: NodeSite) -> tuple[int | None, int]:
    return place.cell.number, place.cell.span(place.node)[0]


def _layer(violation: Violation) -> Hashable:
    """The rule and the layer of a violation."""
    return violation.rule.code, violation.at.layer
