"""Sketches tell texts that have most of their lines in common from others."""

from __future__ import annotations

import pytest

from orderlint.engine.sketches import resemblance, sketch_of

LINES = [f"x = layers.Dense({number})(x)\n" for number in range(200)]


def share(one: list[str], other: list[str]) -> float:
    return resemblance(sketch_of("".join(one).encode()), sketch_of("".join(other).encode()))


def test_layout_does_not_count() -> None:
    """Neither do blank lines, line ends, the indentation and the order."""
    assert share(LINES, ["\n", *(f"    {line.strip()}\r\n" for line in reversed(LINES))]) == 1


@pytest.mark.parametrize("kept", [20, 100, 180])
def test_the_share_is_about_right(kept: int) -> None:
    """Of the lines of both, as far as 24 of them can tell."""
    other = [*LINES[:kept], *(f"y = {number}\n" for number in range(200 - kept))]
    assert share(LINES, other) == pytest.approx(kept / (400 - kept), abs=0.15)


def test_a_few_lines_are_compared_exactly() -> None:
    """A short text is its own sample; two empty ones have nothing in common."""
    assert share(LINES[:4], LINES[1:4]) == 0.75
    assert share([], []) == 0
