"""The source code of findings, for reports that show it or need its position in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from orderlint.engine.places import project_path
from orderlint.engine.targets import Target
from orderlint.graph import Location
from orderlint.text.files import FileKind, SourceError, SourceFile, read_source

if TYPE_CHECKING:
    from orderlint.text.notebook_lines import NotebookLines

__all__ = ["Sources"]

_NEWLINE = re.compile(r"\r\n?|\n")


class Sources:
    """The files of a run. Each is read when it is first needed.

    Args:
        targets: The files of the run. Some may be texts in memory.
    """

    def __init__(self, targets: Iterable[Target] = ()) -> None:
        self._targets = {target.shown: target for target in targets}
        self._files: dict[str, SourceFile | None] = {}
        self._paths: dict[str, str] = {}
        self._lines: dict[tuple[str, int | None], Sequence[str] | None] = {}
        self._notebooks: dict[str, NotebookLines] = {}

    def lines(self, location: Location) -> Sequence[str] | None:
        """The lines of the file or cell of a location; `None` if it cannot be read."""
        key = location.path, location.cell
        if key not in self._lines:
            self._lines[key] = self._split(*key)
        return self._lines[key]

    def text(self, location: Location) -> str | None:
        """The text of the file or cell of a location; `None` if it cannot be read."""
        return self._raw(location.path, location.cell)

    def _split(self, path: str, cell: int | None) -> Sequence[str] | None:
        raw = self._raw(path, cell)
        return None if raw is None else _NEWLINE.split(raw)

    def _raw(self, path: str, cell: int | None) -> str | None:
        file = self._file(path)
        try:
            return None if file is None else file.cell(cell).raw
        except KeyError:  # the notebook has changed since it was checked
            return None

    def in_file(self, location: Location) -> Location:
        """The location in the file, for other tools.

        The path is relative to the root of the repository. In a notebook, the lines are those of the `.ipynb` file that
        contain the lines of the cell, without columns.
        """
        if location.path not in self._paths:
            self._paths[location.path] = project_path(location.path)
        at = replace(location, path=self._paths[location.path])
        file = self._file(location.path) if location.cell is not None else None
        if location.cell is None or file is None or file.kind is not FileKind.NOTEBOOK:
            return at
        from orderlint.text.notebook_lines import NotebookLines

        if location.path not in self._notebooks:
            self._notebooks[location.path] = NotebookLines(file.text)
        lines = self._notebooks[location.path]
        first, last = lines.of(location.cell, location.line), lines.of(location.cell, location.end_line)
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
