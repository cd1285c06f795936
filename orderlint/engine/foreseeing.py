"""Guesses from the imports of a file what its analysis will read, so that it can be sent with the file."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from orderlint.source import Project
from orderlint.source.queries import Answer, Query
from orderlint.text.files import SourceError, source_from_bytes
from orderlint.text.parsing import python_tree

__all__ = ["Knowledge"]

MOST_TEXT = 2_000_000
"""The most bytes of modules that are sent with one file. More is sent on request."""


class Knowledge:
    """The known answers about files. A wrong guess costs a question, but never changes an answer.

    Args:
        project: Answers the questions.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._asked: dict[str, tuple[Query, ...]] = {}

    def about(self, path: str, data: bytes) -> tuple[dict[Query, Answer], dict[str, bytes]]:
        """The likely questions about a file, with their answers, and the texts of the modules that may be followed."""
        answers: dict[Query, Answer] = {}
        texts: dict[str, bytes] = {}
        waiting = [(path, data)]
        seen = {path}
        room = MOST_TEXT
        while waiting and room > 0:
            for query in self._queries(*waiting.pop(0)):
                answer = answers[query] = self._project.answer(query)
                if query[0] in ("find", "relative", "submodule") and answer is not None and answer not in seen:
                    seen.add(answer)
                    self.add_module(answer, answers, texts)
                    room -= len(texts.get(answer, b""))
                    if answer in texts:
                        waiting.append((answer, texts[answer]))
        return answers, texts

    def add(self, query: Query, answers: dict[Query, Answer], texts: dict[str, bytes]) -> None:
        """Answer a question from a worker."""
        answers[query] = self._project.answer(query)
        if query[0] == "text":
            self.add_module(query[1], answers, texts)

    def add_module(self, path: str, answers: dict[Query, Answer], texts: dict[str, bytes]) -> None:
        """Add the answers about a module: its name, whether it is a folder, and its text."""
        for query in (("folder", path), ("name", path)):
            answers[query] = self._project.answer(query)
        if answers["folder", path] is None:
            data = self._project.bytes_of(path)
            if data is None:
                answers["text", path] = self._project.answer(("text", path))
            else:
                texts[path] = data

    def _queries(self, path: str, data: bytes) -> tuple[Query, ...]:
        if path not in self._asked:
            self._asked[path] = tuple(dict.fromkeys(_queries_of(path, data)))
        return self._asked[path]


def _queries_of(path: str, data: bytes) -> Iterator[Query]:
    yield ("name", path)
    folder = os.path.split(path)[0]
    try:
        source = source_from_bytes(data, path)
    except SourceError:
        return
    for cell in source.cells:
        tree = python_tree(cell.text)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from (("find", folder, name) for name in {alias.name, alias.name.partition(".")[0]})
            elif isinstance(node, ast.ImportFrom):
                yield from _of_import_from(node, folder)


def _of_import_from(node: ast.ImportFrom, folder: str) -> Iterator[Query]:
    module = node.module or ""
    yield ("relative", folder, str(node.level), module) if node.level else ("find", folder, module)
