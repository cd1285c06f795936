"""The code that findings stand in, for reports that show it or have to name its place in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from orderlint.engine.places import project_path
from orderlint.engine.targets import Target
from orderlint.graph import Location
from orderlint.text.files import FileKind, SourceError, SourceFile, read_source

__all__ = ["Sources"]

_NEWLINE = re.compile(r"\r\n?|\n")


class Sources:
    """The files of a run; each is read when it is first asked for.

    Args:
        targets: The files of the run, of which some may be texts in memory.
    """

    def __init__(self, targets: Iterable[Target] = ()) -> None:
        self._targets = {target.shown: target for target in targets}
        self._files: dict[str, SourceFile | None] = {}
        self._paths: dict[str, str] = {}

    def lines(self, location: Location) -> Sequence[str] | None:
        """The lines of the text a location stands in (of its cell, in a notebook); `None` if it cannot be read."""
        file = self._file(location.path)
        if file is None:
            return None
        try:
            return _NEWLINE.split(file.cell(location.cell).raw)
        except KeyError:  # the notebook has changed since it was checked
            return None

    def in_file(self, location: Location) -> Location:
        """The location as other tools know it.

        The path is from the root of the repository, and in a notebook the lines are those of the `.ipynb` file that
        hold the lines of the cell, without columns.
        """
        if location.path not in self._paths:
            self._paths[location.path] = project_path(location.path)
        at = replace(location, path=self._paths[location.path])
        file = self._file(location.path) if location.cell is not None else None
        if location.cell is None or file is None or file.kind is not FileKind.NOTEBOOK:
            return at
        from orderlint.text.notebook_lines import line_in_file

        first = line_in_file(file.text, location.cell, location.line)
        last = line_in_file(file.text, location.cell, location.end_line)
        return replace(at, line=first, column=0, end_line=max(first, last), end_column=0)

    def _file(self, shown: str) -> SourceFile | None:
        if shown not in self._files:
            self._files[shown] = self._read(shown)
        return self._files[shown]

    def _read(self, shown: str) -> SourceFile | None:
        try:
            return self._targets[shown].read() if shown in self._targets else read_source(shown)
        except SourceError:
            return None
