"""Remembers the analysis of the text that was repaired last, so that the next check need not repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orderlint.records import record

if TYPE_CHECKING:
    from orderlint.catalog import RoleTable
    from orderlint.source import Analysis, Project
    from orderlint.source.queries import Answer, Query
    from orderlint.text.files import SourceFile

__all__ = ["LastAnalysis"]


@record(frozen=True, slots=True)
class LastAnalysis:
    """An analysis, with its dependencies.

    Attributes:
        file: The text that was analyzed.
        graphs: The result of the analysis.
        roles: The roles of names that were used.
        queries: The questions about other files that were asked, with their answers.
    """

    file: SourceFile
    graphs: Analysis
    roles: RoleTable
    queries: Mapping[Query, Answer]

    def holds(self, file: SourceFile, roles: RoleTable, project: Project) -> bool:
        """Whether an analysis of the file would have the same result now.

        Args:
            file: The file, as it was read.
            roles: The roles of names.
            project: The project in which imports are resolved.
        """
        own = self.file
        if (own.path, own.kind, own.text) != (file.path, file.kind, file.text) or self.roles != roles:
            return False
        return all(project.answer(query) == answer for query, answer in self.queries.items())
