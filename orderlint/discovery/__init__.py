"""Which files to check: those that are named, and those found in the folders that are named."""

from __future__ import annotations

from orderlint.discovery.finding import Discovery, FoundFile, discover, shown_path
from orderlint.discovery.patterns import PatternList

__all__ = ["Discovery", "FoundFile", "PatternList", "discover", "shown_path"]
