"""Collects the edits of a repair."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from orderlint.diagnostics import Edit
from orderlint.graph import Location
from orderlint.repair.text.syntax import Tree

__all__ = ["Draft", "Hopeless", "Refused", "RuledOut", "Taken", "apply_edits", "described"]


def described(location: Location) -> str:
    """A location in reasons: `line 3`, `line 3 of cell 2`."""
    return f"line {location.line}" + (f" of cell {location.cell}" if location.cell is not None else "")


class Refused(Exception):
    """A repair that is not made.

    Attributes:
        reason: The reason, as a clause that a user can act on.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Hopeless(Refused):
    """A repair for which no other way will work either."""


class RuledOut(Hopeless):
    """A repair that would be wrong for the model or for readers of its layers, however it is made."""


class Draft:
    """The edits of one repair.

    Attributes:
        edits: Its own edits.
        shared: Edits that several repairs may have in common and that are made once: imports.
        leaves_loop: Whether they move what the last iteration of a loop does out of the loop.
    """

    def __init__(self) -> None:
        self.leaves_loop = False
        self.edits: list[Edit] = []
        self.shared: list[Edit] = []

    def replace(self, tree: Tree, start: int, end: int, text: str) -> None:
        """Replace the characters `start:end` of a cell."""
        if tree.text[start:end] != text:
            self.edits.append(Edit(start, end, text, tree.cell.number))

    def insert(self, tree: Tree, offset: int, text: str) -> None:
        self.edits.append(Edit(offset, offset, text, tree.cell.number))

    def share(self, tree: Tree, offset: int, text: str) -> None:
        """Insert a text that other repairs may also insert."""
        edit = Edit(offset, offset, text, tree.cell.number)
        if edit not in self.shared:
            self.shared.append(edit)

    def applied(self, tree: Tree, start: int, end: int) -> str:
        """The characters `start:end` of a cell after the edits, all of which are in this range."""
        return apply_edits(tree.text[:end], self.edits)[start:]

    def finished(self) -> tuple[Edit, ...]:
        """All edits, sorted.

        Raises:
            Refused: There are none, or two of them conflict.
        """
        edits = sorted({*self.edits, *self.shared}, key=_place)
        if not edits:
            raise Refused(
                "one expression applies both layers; put them into one list, or apply each in its own statement"
            )
        if any(_collide(one, other) for one, other in pairwise(edits)):
            raise Refused("the layers are too close together to be moved automatically; change their order by hand")
        return tuple(edits)


def _place(edit: Edit) -> tuple[int, int, int]:
    return (edit.cell or 0, edit.start, edit.end)


def _collide(one: Edit, other: Edit) -> bool:
    """Whether two edits, the first one first, change the same characters or insert at the same place."""
    if one.cell != other.cell:
        return False
    return other.start < one.end or (one.start == other.start)


class Taken:
    """Edits that will be made, to detect conflicts with others.

    The characters that they change are stored as sorted, separate spans: a file may have thousands of findings.
    """

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._edits: set[Edit] = set()
        self._spans: dict[int | None, list[tuple[int, int]]] = {}
        self.add(edits)

    def add(self, edits: Iterable[Edit]) -> None:
        """Add edits, even if they conflict."""
        for edit in edits:
            self._edits.add(edit)
            spans = self._spans.setdefault(edit.cell, [])
            first, last = _met(spans, edit)
            covered = [*spans[first:last], (edit.start, edit.end)]
            spans[first:last] = [(min(start for start, _ in covered), max(end for _, end in covered))]

    def meets(self, edits: Iterable[Edit]) -> bool:
        """Whether edits overlap or touch these. An insertion that is among these does not count."""
        for edit in edits:
            if edit.start == edit.end and edit in self._edits:
                continue
            first, last = _met(self._spans.get(edit.cell, []), edit)
            if first < last:
                return True
        return False


def _met(spans: Sequence[tuple[int, int]], edit: Edit) -> tuple[int, int]:
    """The range of spans that an edit overlaps or touches: the index of the first, and the one after the last."""
    return bisect_left(spans, edit.start, key=_end), bisect_right(spans, edit.end, key=_start)


def _start(span: tuple[int, int]) -> int:
    return span[0]


def _end(span: tuple[int, int]) -> int:
    return span[1]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits, which must not overlap."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=_place):
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)
