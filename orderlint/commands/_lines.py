"""The code that findings stand in, for reports that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orderlint.engine.checking import Target
from orderlint.graph import Location
from orderlint.text.files import SourceError, SourceFile, read_source

__all__ = ["SourceLines"]

_NEWLINE = re.compile(r"\r\n?|\n")


class SourceLines:
    """The lines of a file or notebook cell by location; each file is read when it is first asked for.

    Args:
        targets: The files of the run, of which some may be texts in memory.
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets = {target.shown: target for target in targets}
        self._files: dict[str, SourceFile | None] = {}

    def __call__(self, location: Location) -> Sequence[str] | None:
        file = self._file(location.path)
        if file is None:
            return None
        try:
            return _NEWLINE.split(file.cell(location.cell).raw)
        except KeyError:  # the notebook has changed since it was checked
            return None

    def _file(self, shown: str) -> SourceFile | None:
        if shown not in self._files:
            self._files[shown] = self._read(shown)
        return self._files[shown]

    def _read(self, shown: str) -> SourceFile | None:
        try:
            return self._targets[shown].read() if shown in self._targets else read_source(shown)
        except SourceError:
            return None
