"""The order of a row of items after one has moved to the other end."""

from __future__ import annotations

__all__ = ["rotated"]


def rotated(count: int, up: bool, down: bool) -> list[int]:
    """For each place of a row, the index of the item that comes there if the last (`up`) or first (`down`) moves."""
    places = list(range(count))
    if up:
        return [*places[-1:], *places[:-1]]
    return [*places[1:], *places[:1]] if down else places
