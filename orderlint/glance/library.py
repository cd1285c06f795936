"""The modules around a file, as syntax trees of Python's own parser."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

from orderlint.glance.orders import Unsure
from orderlint.text.decoding import SourceError, decode
from orderlint.text.marks import LONGEST_PLAIN_MODULE, mentions_keras
from orderlint.text.parsing import python_tree

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["Library", "parsed"]

MOST_KEPT = 200  # trees


class Library:
    """Reads modules of a project.

    Args:
        project: Finds and reads them.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._trees: dict[str, tuple[str, ast.Module | None]] = {}

    def find(self, name: str, importer: str) -> str | None:
        """The file or folder of an absolute module."""
        return _text(self._project.find(name, Path(importer)))

    def relative(self, importer: str, level: int, name: str) -> str | None:
        """The file or folder of a relative one."""
        return _text(self._project.relative(Path(importer), level, name))

    def submodule(self, package: str, name: str) -> str | None:
        """The file or folder of a module in a package."""
        return _text(self._project.submodule(Path(package), name))

    def name_of(self, path: str) -> str:
        """The dotted name of a file."""
        return self._project.module_name(Path(path))

    def tree(self, path: str) -> ast.Module | None:
        """The tree of a module; `None` if it cannot be read, or is one that the analysis does not run.

        Raises:
            Unsure: It is one that the analysis reads and Python does not.
        """
        if self._project.is_folder(Path(path)):
            return None
        place = os.path.abspath(path)
        digest = self._project.answer(("text", place))
        if digest is None:
            return None
        known = self._trees.get(place)
        if known is None or known[0] != digest:
            known = self._trees[place] = digest, _tree(self._project.bytes_of(place) or b"")
            if len(self._trees) > MOST_KEPT:
                del self._trees[next(iter(self._trees))]
        return known[1]


def _tree(data: bytes) -> ast.Module | None:
    if len(data) > LONGEST_PLAIN_MODULE and not mentions_keras(data):
        return None
    try:
        return parsed(decode(data).text)
    except SourceError:
        return None


def parsed(text: str) -> ast.Module:
    """The tree of a text.

    Raises:
        Unsure: Python does not parse it.
    """
    tree = python_tree(text)
    if tree is None:
        raise Unsure("a text that Python does not parse")
    return tree


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
