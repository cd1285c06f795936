"""Rows of statements, of which one moves to the other end."""

from __future__ import annotations

__all__ = ["rotated"]


def rotated(count: int, up: bool, down: bool) -> list[int]:
    """The places of a row after its last (`up`) or first (`down`) one went to the other end."""
    places = list(range(count))
    if up:
        return [*places[-1:], *places[:-1]]
    return [*places[1:], *places[:1]] if down else places
