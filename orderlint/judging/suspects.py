"""Suspects: possible findings that need an analysis to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Suspect"]


@dataclass(frozen=True, slots=True, order=True)
class Suspect:
    """A finding that a rule may have, and no other place.

    Attributes:
        code: The rule.
        path: The file that it would stand in, absolute.
        line: From 1.
        column: From 1, in code points.
    """

    code: str
    path: str
    line: int
    column: int
