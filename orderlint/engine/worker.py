"""What is sent to another machine to check a file there, and what comes back: texts and results, but no paths.

The worker cannot read the files of this machine. If it needs a text that was not sent, it returns the question, and the
file is sent again with the answer. So the findings are the same as here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from orderlint.diagnostics import FileError
from orderlint.engine.file_check import check_file
from orderlint.engine.plugins import Plugins, load_plugins
from orderlint.engine.session import Session
from orderlint.engine.targets import Basis, Outcome
from orderlint.records import record
from orderlint.source.queries import Answer, Query, digest
from orderlint.source.remote_project import RemoteProject
from orderlint.text.files import SourceError, source_from_bytes
from orderlint.version import __version__

if TYPE_CHECKING:
    from orderlint.judging import Standards
    from orderlint.source.remote_project import Parsed

__all__ = ["Mismatch", "Piece", "Reply", "Request", "worked_on"]


@record(frozen=True, slots=True)
class Piece:
    """A file to check.

    Attributes:
        path: Its absolute path on the sending machine. It is not read from there.
        data: Its content.
        standards: The rules, the roles and the order that apply to it.
        in_full: Whether it is analyzed even if a glance finds nothing.
    """

    path: str
    data: bytes
    standards: Standards
    in_full: bool = False


@record(frozen=True, slots=True)
class Request:
    """Files to check, with the known answers about their project.

    Attributes:
        pieces: The files.
        answers: Queries, with their answers.
        texts: The contents of the modules that the files may follow, by absolute path.
        packages: The packages that provide rules or roles.
        version: The version of orderlint.
    """

    pieces: tuple[Piece, ...]
    answers: Mapping[Query, Answer]
    texts: Mapping[str, bytes]
    packages: tuple[str, ...]
    version: str = __version__


@record(frozen=True, slots=True)
class Reply:
    """The result for a piece.

    Attributes:
        outcome: The outcome, with the absolute path of the file instead of the shown one.
        missing: The queries that have to be answered first. If there are any, the outcome is not valid.
    """

    outcome: Outcome
    missing: frozenset[Query] = field(default_factory=frozenset)


class Mismatch(Exception):
    """Raised if a worker has another version of orderlint or of its packages. The message says which."""


def worked_on(request: Request) -> list[Reply]:
    """Check the pieces of a request, in order. This is called on another machine, in any thread.

    Raises:
        Mismatch: This version of orderlint would find something else.
    """
    plugins = _plugins()
    if (request.version, request.packages) != (__version__, plugins.packages):
        here = ", ".join((f"orderlint {__version__}", *plugins.packages))
        there = ", ".join((f"orderlint {request.version}", *request.packages))
        raise Mismatch(f"a worker has {here}, expected {there}: install the same there")
    with _ONE_AT_A_TIME:
        return [_checked(piece, request, plugins) for piece in request.pieces]


def _checked(piece: Piece, request: Request, plugins: Plugins) -> Reply:
    project = RemoteProject(request.answers, request.texts, _PARSED)
    try:
        file = source_from_bytes(piece.data, piece.path)
    except SourceError as error:
        return Reply(Outcome(piece.path, errors=[FileError(piece.path, error.message)]))
    with project.recording() as queries:
        outcome = check_file(file, piece.standards, _Away(project, plugins), plans=False, in_full=piece.in_full)
    outcome.basis = Basis(None, digest(piece.data), dict(queries), {})
    return Reply(outcome, frozenset(project.missing))


class _Away(Session):
    """A session without a disk."""

    def __init__(self, project: RemoteProject, plugins: Plugins) -> None:
        super().__init__(plugins=plugins)
        self._project = project


@lru_cache(maxsize=1)
def _plugins() -> Plugins:
    return load_plugins()


_ONE_AT_A_TIME = threading.Lock()  # a worker may have several threads, but they save no time here
_PARSED: Parsed = OrderedDict()  # a worker lives long, and many requests follow the same modules
