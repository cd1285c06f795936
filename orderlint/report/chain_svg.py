"""Draws the two chains of a finding.

The first row has the current layers, with an arrow from each misplaced one to its place. The second row has the
recommended order. A layer that should be replaced is marked in both rows. The colors and fonts are those of the page
(`STYLE`), so that a drawing fits its light or dark theme. It also has a description for screen readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from orderlint.records import record

__all__ = ["STYLE", "Move", "draw", "moves"]

STYLE = """\
.ol-chain { display: block; max-width: 100%; height: auto; font: 13px/1 ui-monospace, Menlo, Consolas, monospace; }
.ol-chain rect { fill: var(--ol-box, #f4f6f8); stroke: var(--ol-line, #75828e); }
.ol-chain text { fill: var(--ol-ink, #1c2329); text-anchor: middle; dominant-baseline: central; }
.ol-chain .word { fill: var(--ol-dim, #5a6670); text-anchor: start; font-family: system-ui, sans-serif; }
.ol-chain path { fill: none; stroke: var(--ol-line, #75828e); stroke-width: 1.2; }
.ol-chain .wrong rect { fill: var(--ol-wrong-box, #fdeceb); stroke: var(--ol-wrong, #b3261e); stroke-width: 2; }
.ol-chain .right rect { fill: var(--ol-right-box, #e7f4ea); stroke: var(--ol-right, #1b7a3a); stroke-width: 2; }
.ol-chain .move { stroke: var(--ol-wrong, #b3261e); stroke-width: 1.8; stroke-dasharray: 5 3; }
"""
_MOST = 9  # layers of a row; in a longer one, layers in the middle that do not move are folded
_KEPT = 10_000  # the weight of a layer without the name `mover`: more than that of all layers with it
_LETTER, _PAD, _GAP, _HIGH, _LEFT = 7.9, 22, 26, 28, 108


@record(frozen=True, slots=True)
class Move:
    """A layer that changes its place.

    Attributes:
        source: Its index in the current chain.
        target: Its index in the recommended chain.
        before: The index, in the current chain, of the layer that it moves before; the length of the chain for its end.
    """

    source: int
    target: int
    before: int


def moves(found: Sequence[str], better: Sequence[str], mover: str | None = None) -> list[Move]:
    """The fewest moves that convert one chain to the other. Layers called `mover` move first, and then later layers.

    >>> moves(("Dense", "ReLU", "BatchNormalization"), ("Dense", "BatchNormalization", "ReLU"))
    [Move(source=2, target=1, before=1)]
    >>> moves(("Dense", "ReLU", "BatchNormalization"), ("Dense", "BatchNormalization", "ReLU"), "ReLU")
    [Move(source=1, target=2, before=3)]
    >>> twice = ("Dense", "Norm", "Norm", "ReLU")
    >>> [move.source for move in moves(("Dense", "ReLU", "Norm", "Norm"), twice, "Norm")]
    [2, 3]
    """
    kept = _common(found, better, mover)
    stays, taken = dict(kept), {target for _, target in kept}
    free = [index for index in range(len(better)) if index not in taken]
    result = []
    for source, name in enumerate(found):
        target = next((index for index in free if better[index] == name), None)
        if source in stays or target is None:
            continue
        free.remove(target)
        result.append(Move(source, target, min((s for s, t in kept if t > target), default=len(found))))
    return result


def _common(one: Sequence[str], other: Sequence[str], mover: str | None) -> list[tuple[int, int]]:
    """The common subsequence with the largest weight, as pairs of indices; of equal ones, that with the first layers.

    Layers called `mover` have a small weight: several of them move rather than one other layer.
    """
    worth = [1 if name == mover else _KEPT for name in one]
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            longer = max(best[i + 1][j], best[i][j + 1])
            best[i][j] = max(longer, best[i + 1][j + 1] + worth[i]) if one[i] == other[j] else longer
    pairs, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j] and best[i][j] == best[i + 1][j + 1] + worth[i]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j + 1] >= best[i + 1][j]:
            j += 1
        else:
            i += 1
    return pairs


def draw(found: Sequence[str], better: Sequence[str], mover: str | None = None) -> str:
    """The drawing as an `svg` element. It has one row if there is no recommended chain.

    Args:
        found: The current chain.
        better: The recommended chain; empty if there is none.
        mover: The name of the layer to mark if either of two may move.
    """
    moving = moves(found, better, mover)
    pairs = () if moving else enumerate(zip(found, better, strict=False))
    replaced = {place for place, (before, after) in pairs if before != after}
    top = 34 if moving else 6  # an arrow goes above the first row
    rows = [_Row(found, replaced | {move.source for move in moving}, "found", top, "wrong")]
    if better:
        rows.append(_Row(better, replaced | {move.target for move in moving}, "recommended", top + 62, "right"))
    width = max([row.end for row in rows] + [rows[0].gap_before(move.before) for move in moving]) + 8
    height = rows[-1].top + _HIGH + 6
    words = escape(_words(found, better), quote=True)
    parts = [
        (
            f'<svg class="ol-chain" role="img" aria-label="{words}" viewBox="0 0 {width:.0f} {height}" '
            f'width="{width:.0f}" height="{height}">'
        ),
        f"<title>{words}</title>",
        '<g aria-hidden="true">',  # the label describes it
        *(part for row in rows for part in row.drawn()),
        *(_arrow(rows[0], move) for move in moving),
        "</g></svg>",
    ]
    return "".join(parts)


def _words(found: Sequence[str], better: Sequence[str]) -> str:
    said = f"As it is: {', '.join(found)}."
    return f"{said} Recommended: {', '.join(better)}." if better else said


class _Row:
    """A chain in a row of boxes."""

    def __init__(self, names: Sequence[str], marked: set[int], label: str, top: int, style: str) -> None:
        self._names = names
        self._marked = marked
        self._label = label
        self._style = style
        self.top = top
        self._places: dict[int, tuple[float, float]] = {}
        at: float = _LEFT
        for index, text in self._shown():
            wide = len(text) * _LETTER + _PAD
            self._places[index] = (at, at + wide)
            at += wide + _GAP
        self.end = at - _GAP

    def _shown(self) -> Iterator[tuple[int, str]]:
        """The boxes with their indices. A box with a count replaces folded ones, at the index of the first."""
        kept = set(range(len(self._names)))
        if len(kept) > _MOST:
            near = {index + step for index in self._marked for step in (-2, -1, 0, 1, 2)}
            kept &= {0, 1, len(self._names) - 1} | near
        folded = 0
        for index, name in enumerate(self._names):
            if index in kept:
                yield index, name
                folded = 0
            elif not folded:
                folded = next(i for i in [*sorted(kept), len(self._names)] if i > index) - index
                yield index, f"… {folded} more"

    def drawn(self) -> Iterator[str]:
        middle = self.top + _HIGH / 2
        yield f'<text class="word" x="4" y="{middle}">{self._label}</text>'
        last = None
        for index, text in self._shown():
            start, end = self._places[index]
            if last is not None:
                yield f'<path d="M{last:.1f} {middle}H{start - 1:.1f}m-5 -4l5 4l-5 4"/>'
            style = f' class="{self._style}"' if index in self._marked else ""
            yield (
                f'<g{style}><rect x="{start:.1f}" y="{self.top}" width="{end - start:.1f}" height="{_HIGH}" rx="5"/>'
                f'<text x="{(start + end) / 2:.1f}" y="{middle}">{escape(text)}</text></g>'
            )
            last = end

    def middle_of(self, index: int) -> float:
        start, end = self._places[index]
        return (start + end) / 2

    def gap_before(self, index: int) -> float:
        """The middle of the gap before a box, or of the gap after the last one."""
        known = [at for at in sorted(self._places) if at >= index]
        return self._places[known[0]][0] - _GAP / 2 if known else self.end + _GAP / 2


def _arrow(row: _Row, move: Move) -> str:
    """An arrow from the misplaced layer to the gap where it belongs, which may be after the last box."""
    start, end, top = row.middle_of(move.source), row.gap_before(move.before), row.top
    lift = 8
    return (
        f'<path class="move" d="M{start:.1f} {top}C{start:.1f} {lift} {end:.1f} {lift} {end:.1f} {top + 4}"/>'
        f'<path class="move" style="stroke-dasharray:none" d="M{end - 4:.1f} {top - 3}L{end:.1f} {top + 5}'
        f'L{end + 4:.1f} {top - 3}"/>'
    )
