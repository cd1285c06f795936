"""A drawing in SVG. Data flows downwards. It is self-contained, has a light and a dark theme, and is accessible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from orderlint.report.picture import Box, Picture

__all__ = ["render"]

_STYLE = """\
svg { color-scheme: light dark; background: #fff; font: 13px ui-monospace, Menlo, Consolas, monospace; }
rect { fill: #fff; stroke: #75828e; } text { fill: #1c2329; text-anchor: middle; } path { fill: none; stroke: #75828e; }
.title { text-anchor: start; font-weight: bold; } .note { fill: #5a6670; font-size: 11px; }
.linear rect { fill: #dbe9f6; } .norm rect { fill: #e3f1e3; } .activation rect { fill: #fdf0d5; }
.dropout rect { fill: #eee5f5; } .merge rect { fill: #e8e8e8; } .folded rect { stroke-dasharray: 4 4; }
.marked rect { stroke: #b3261e; stroke-width: 3; } .mark { fill: #b3261e; font-weight: bold; font-size: 11px; }
@media (prefers-color-scheme: dark) { svg { background: #14181c; } rect { fill: #14181c; } text { fill: #e8edf1; }
  .note { fill: #a9b4be; } .linear rect { fill: #1d3347; } .norm rect { fill: #1f3d29; }
  .activation rect { fill: #463a1b; } .dropout rect { fill: #38294a; } .merge rect { fill: #2e3338; }
  .marked rect { stroke: #ff8a80; } .mark { fill: #ff8a80; } }
"""
_LETTER, _SMALL, _PAD, _ROW, _DOWN, _ASIDE = 7.9, 6.8, 20, 16, 34, 26
_LANE = 14  # the distance between arrows that lead past boxes, and between these and the boxes
_ROUNDS = 4  # passes that move boxes below those that feed them


def render(pictures: Sequence[Picture]) -> str:
    """The pictures below each other."""
    layouts = [_Layout(picture) for picture in pictures]
    width = max((layout.width for layout in layouts), default=200.0)
    parts: list[str] = []
    top = 0.0
    if not layouts:
        parts, top = ['<text class="title" x="20" y="22">no layers</text>'], 36.0
    for layout in layouts:
        parts += layout.drawn(top)
        top += layout.height
    words = escape("; ".join(map(_said, pictures)) or "no layers", quote=True)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {top:.0f}" width="{width:.0f}" '
        f'height="{top:.0f}" role="img" aria-label="{words}">'
    )
    title = f"<title>{words}</title>"
    drawn = ['<g aria-hidden="true">', *parts, "</g>"]
    return "\n".join([head, title, f"<style>{_STYLE}</style>", *drawn, "</svg>"]) + "\n"


def _said(picture: Picture) -> str:
    """A picture in words: the model and the marks."""
    marks = [f"{mark} at {box.note or box.title}" for box in picture.boxes for mark in box.marks]
    return f"{picture.title}: {', '.join(marks)}" if marks else picture.title


class _Layout:
    """The positions of the boxes of a picture. Each box is in the row below the lowest box that feeds it.

    An arrow that would lead through boxes, such as a skip connection, leads past them on the right, in a lane.
    """

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._feeds: dict[int, list[int]] = {number: [] for number in range(len(picture.boxes))}
        for source, target in picture.arrows:
            self._feeds[target].append(source)
        rows: list[list[int]] = []
        level: dict[int, int] = {}
        for number in range(len(picture.boxes)):
            level[number] = max((level[source] + 1 for source in self._feeds[number]), default=0)
            if level[number] == len(rows):
                rows.append([])
            rows[level[number]].append(number)
        self._rows = rows
        self._level = level
        self._centers: dict[int, float] = {}
        self._place()
        self.width = max([*(self._centers[n] + _width(b) / 2 for n, b in enumerate(picture.boxes)), 200.0]) + 20
        self.width = max(self.width, len(picture.title) * _LETTER + 40)
        self._lanes = self._led_past()
        self.width = max([self.width, *(lane + 20 for lane in self._lanes.values())])
        self._tops = self._heights()
        self.height = self._tops[-1] + 10

    def _place(self) -> None:
        for _ in range(_ROUNDS):
            for row in self._rows:
                row.sort(key=self._wanted)
                at = 20.0
                for number in row:
                    half = _width(self._picture.boxes[number]) / 2
                    center = max(at + half, self._wanted(number))
                    self._centers[number] = center
                    at = center + half + _ASIDE
        for row in reversed(self._rows):  # a box that is alone in its row is above what it feeds
            fed = [self._centers[target] for source, target in self._picture.arrows if source == row[0]]
            if len(row) == 1 and fed:
                half = _width(self._picture.boxes[row[0]]) / 2
                self._centers[row[0]] = max(sum(fed) / len(fed), half + 20.0)

    def _wanted(self, number: int) -> float:
        known = [self._centers[source] for source in self._feeds[number] if source in self._centers]
        return sum(known) / len(known) if known else self._centers.get(number, 0.0)

    def _led_past(self) -> dict[tuple[int, int], float]:
        """The lanes of arrows that lead past boxes. Short arrows are nearest to the boxes. Arrows do not overlap."""
        lanes: dict[tuple[int, int], float] = {}
        for arrow in sorted(self._picture.arrows, key=lambda arrow: self._level[arrow[1]] - self._level[arrow[0]]):
            between = [number for row in self._rows[slice(*self._span(arrow))] for number in row]
            if any(self._is_in_the_way(number, arrow) for number in between):
                lane = max(map(self._right, between)) + _LANE
                taken = [x for other, x in lanes.items() if self._overlap(arrow, other)]
                while any(abs(lane - x) < _LANE for x in taken):
                    lane += _LANE
                lanes[arrow] = lane
        return lanes

    def _span(self, arrow: tuple[int, int]) -> tuple[int, int]:
        """The first row that an arrow passes, and the row after the last one."""
        return self._level[arrow[0]] + 1, self._level[arrow[1]]

    def _overlap(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        (top, bottom), (other_top, other_bottom) = self._span(one), self._span(other)
        return top < other_bottom and other_top < bottom

    def _right(self, number: int) -> float:
        return self._centers[number] + _width(self._picture.boxes[number]) / 2

    def _is_in_the_way(self, number: int, arrow: tuple[int, int]) -> bool:
        """Whether a box is within the columns that an arrow crosses."""
        ends = [self._centers[end] for end in arrow]
        half = _width(self._picture.boxes[number]) / 2 + _PAD / 4
        return self._centers[number] - half < max(ends) and min(ends) < self._centers[number] + half

    def _heights(self) -> list[float]:
        """The top of each row, and the end of the last one."""
        tops = [36.0]
        for row in self._rows:
            tops.append(tops[-1] + max(_height(self._picture.boxes[number]) for number in row) + _DOWN)
        return tops

    def drawn(self, top: float) -> Iterator[str]:
        title = escape(self._picture.title)
        yield f'<g transform="translate(0 {top:.0f})"><text class="title" x="20" y="22">{title}</text>'
        places = {number: self._tops[level] for level, row in enumerate(self._rows) for number in row}
        for source, target in self._picture.arrows:
            start = places[source] + _height(self._picture.boxes[source])
            ends = self._centers[source], start, self._centers[target], places[target]
            lane = self._lanes.get((source, target))
            below = self._tops[self._level[source] + 1] - _DOWN  # the end of the row of the source
            yield _arrow(*ends) if lane is None else _arrow_past(*ends, lane, below)
        for number, box in enumerate(self._picture.boxes):
            yield _drawn(box, self._centers[number], places[number])
        yield "</g>"


def _lines(box: Box) -> list[tuple[str, str]]:
    return [("", box.title), *([("note", box.note)] if box.note else []), *(("mark", mark) for mark in box.marks)]


def _width(box: Box) -> float:
    return max(len(text) * (_SMALL if style else _LETTER) for style, text in _lines(box)) + _PAD


def _height(box: Box) -> float:
    return len(_lines(box)) * _ROW + 10


def _drawn(box: Box, center: float, top: float) -> str:
    wide = _width(box)
    style = f"{box.style} marked" if box.marks else box.style
    texts = "".join(
        f'<text class="{kind}" x="{center:.1f}" y="{top + 18 + line * _ROW:.1f}">{escape(text)}</text>'
        for line, (kind, text) in enumerate(_lines(box))
    )
    shape = f'<rect x="{center - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{_height(box):.1f}" rx="5"/>'
    return f'<g class="{style}">{shape}{texts}</g>'


def _arrow(start: float, top: float, end: float, bottom: float) -> str:
    bend = min((bottom - top) / 2, 40)
    return (
        f'<path d="M{start:.1f} {top:.1f}C{start:.1f} {top + bend:.1f} {end:.1f} {bottom - bend:.1f} '
        f'{end:.1f} {bottom:.1f}m-4 -6l4 6l4 -6"/>'
    )


def _arrow_past(start: float, top: float, end: float, bottom: float, lane: float, below: float) -> str:
    """An arrow that goes down in a lane, from the end of the row of its source to the row of its target."""
    half = _DOWN / 2
    return (
        f'<path d="M{start:.1f} {top:.1f}V{below:.1f}C{start:.1f} {below + half:.1f} {lane:.1f} {below + half:.1f} '
        f"{lane:.1f} {below + _DOWN:.1f}V{bottom - _DOWN:.1f}C{lane:.1f} {bottom - half:.1f} {end:.1f} "
        f'{bottom - half:.1f} {end:.1f} {bottom:.1f}m-4 -6l4 6l4 -6"/>'
    )
