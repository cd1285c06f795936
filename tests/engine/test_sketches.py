"""Sketches estimate the share of lines that two texts have in common."""

from __future__ import annotations

import pytest

from orderlint.engine.sketches import resemblance, sketch_of

LINES = [f"x = layers.Dense({number})(x)\n" for number in range(200)]


def share(one: list[str], other: list[str]) -> float:
    return resemblance(sketch_of("".join(one).encode()), sketch_of("".join(other).encode()))


def test_layout_does_not_count() -> None:
    """Nor do blank lines, newlines, indentation and order."""
    assert share(LINES, ["\n", *(f"    {line.strip()}\r\n" for line in reversed(LINES))]) == 1


@pytest.mark.parametrize("kept", [20, 100, 180])
def test_the_share_is_about_right(kept: int) -> None:
    """The share of the lines of both texts, estimated from 24 of them."""
    other = [*LINES[:kept], *(f"y = {number}\n" for number in range(200 - kept))]
    assert share(LINES, other) == pytest.approx(kept / (400 - kept), abs=0.15)


def test_a_few_lines_are_compared_exactly() -> None:
    """A short text is compared completely; two empty ones have nothing in common."""
    assert share(LINES[:4], LINES[1:4]) == 0.75
    assert share([], []) == 0
