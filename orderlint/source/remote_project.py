"""A project on another machine: questions about its files were answered in advance, or are recorded as missing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from orderlint.source.project import Module, Project, let_go
from orderlint.source.queries import Answer, Query, digest

__all__ = ["RemoteProject"]

Parsed = OrderedDict[tuple[str, str], Module]


class RemoteProject(Project):
    """Answers from given data.

    Args:
        answers: What is known of the disk.
        texts: The contents of files, by absolute path.
        parsed: Modules that were parsed before, by path and digest. New ones are added.

    Attributes:
        missing: The questions without a known answer. An analysis that asked one has no valid result.
    """

    def __init__(self, answers: Mapping[Query, Answer], texts: Mapping[str, bytes], parsed: Parsed) -> None:
        super().__init__(texts=texts)
        self._answers.update(answers)
        self._parsed = parsed
        self.missing: set[Query] = set()

    def _query(self, query: Query) -> Answer:
        if query[0] == "text" and query[1] in self._texts:
            return self._module(query[1]).digest
        self.missing.add(query)
        return None

    def _read(self, path: str, known: Module | None) -> Module:
        data = self._texts.get(path)
        if data is None:
            return Module(path, None, None, None, self._run)
        key = (path, digest(data))
        module = self._parsed.get(key)
        if module is None:
            module = self._parsed[key] = Module(path, data, key[1], None, self._run)
            let_go(self._parsed)
        self._parsed.move_to_end(key)
        return module
