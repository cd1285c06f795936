"""Suspects: possible findings that need an analysis to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Suspect"]


@dataclass(frozen=True, slots=True, order=True)
class Suspect:
    """A possible finding: a rule and a place.

    Attributes:
        code: The rule.
        path: The absolute path of the file that it would be in.
        line: From 1.
        column: From 1, in code points.
    """

    code: str
    path: str
    line: int
    column: int
