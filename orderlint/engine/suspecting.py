"""Decides which files must be analyzed, because other files do not show the same findings."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.engine.targets import Outcome
from orderlint.judging.suspects import Suspect

__all__ = ["Shown"]


class Shown:
    """The findings that files show on their own, as far as they have been checked."""

    def __init__(self) -> None:
        self._by_path: dict[str, set[Suspect]] = {}

    def note(self, path: str, outcome: Outcome) -> None:
        """Add the outcome of the file with an absolute path."""
        places = ((one.code, one.location) for one in outcome.findings if one.location.path == outcome.shown)
        self._by_path[path] = {Suspect(code, path, at.line, at.column) for code, at in places}

    def has(self, suspect: Suspect) -> bool:
        """Whether the file of a suspect shows it on its own."""
        return suspect in self._by_path.get(suspect.path, ())

    def lacks_any(self, suspects: Iterable[Suspect]) -> bool:
        """Whether a checked file does not show one of these."""
        return any(one.path in self._by_path and not self.has(one) for one in suspects)
