"""Answers of earlier runs, repeated if the same question is asked about files that have not changed.

The cache of outcomes saves the analysis. The rest of such a run is the import of click, rich and the rules, which takes
six times as long as everything else. So the output of a run is stored as well, with its exit status and everything that
it depends on. The fast path checks these dependencies and needs none of the imports.

Little is imported here: an answer is stored as fields between NUL characters, which no path or argument can contain,
because `json` imports `re`.
"""

from __future__ import annotations

import os
import sys
import zlib

from orderlint.engine.places import ANSWER, MOST_KEPT, is_own, project_path
from orderlint.source.queries import FileQueries, digest, stamp_of
from orderlint.text.regular import read_regular
from orderlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderlint.engine.targets import Basis

__all__ = ["Answer", "Question", "own_state"]

_FOLDER = "answers"
_LONGEST = 1_000_000  # characters of an answer: longer reports are rendered again
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "COLUMNS", "LINES", "PYTHONUTF8", "PYTHONIOENCODING")


class Answer:
    """The answer of a run.

    Args:
        status: The exit status.
        said: Everything that was written to standard output.
        said_aside: Everything that was written to standard error.
    """

    def __init__(self, status: int, said: str, said_aside: str) -> None:
        self.status = status
        self.said = said
        self.said_aside = said_aside


class Question:
    """The question of a command line, about files that may have findings.

    Args:
        args: The arguments.
        kept: The files that have to be analyzed.
        num_others: The number of other files that were checked, and that were passed over.
        cache: The folder of the cache.
    """

    def __init__(self, args: list[str], kept: list[str], num_others: tuple[int, int], cache: str) -> None:
        self._kept = kept
        self._cache = cache
        parts = [*_surroundings(), *map(str, num_others), *args, "", *kept]
        self._text = "\0".join(parts)

    def answer(self) -> Answer | None:
        """The earlier answer, if nothing that it depends on has changed."""
        if not self._is_own():
            return None
        try:
            text = read_regular(self._file, MOST_KEPT).decode("utf-8", "surrogateescape")
            if not text.startswith(self._text + "\0\0"):
                return None
            fields = iter(text[len(self._text) + 2 :].split("\0"))
            answer = Answer(int(next(fields)), next(fields), next(fields))
            return answer if _holds(fields) else None
        except (OSError, ValueError, StopIteration):  # missing, damaged, or written by someone else
            return None

    def keep(self, answer: Answer, bases: Mapping[str, Basis]) -> None:
        """Store an answer, if the dependencies of all its files are known.

        Args:
            answer: The answer.
            bases: By absolute path, the dependencies of the outcome of a file.
        """
        known = [(path, bases[path]) for path in self._kept if path in bases]
        said = answer.said + answer.said_aside
        if len(known) != len(self._kept) or "\0" in said or len(said) > _LONGEST:
            return
        if not (os.path.isdir(self._cache) and self._is_own()):
            return
        fields = [self._text, "", str(answer.status), answer.said, answer.said_aside, *_fields_of(known)]
        from orderlint.engine.store import put_whole  # only loaded if there is something to store

        try:
            os.makedirs(os.path.dirname(self._file), exist_ok=True)
            put_whole(self._file, "\0".join(fields).encode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            return  # a read-only folder, a full disk, a path that is not text: the next run works without it

    def _is_own(self) -> bool:
        """Whether no other user can write there, and no link leads elsewhere."""
        return is_own(self._cache) and is_own(os.path.dirname(self._file))

    @property
    def _file(self) -> str:
        named = zlib.crc32(self._text.encode("utf-8", "surrogateescape"))
        return os.path.join(self._cache, _FOLDER, f"{named:08x}{ANSWER}")


def _surroundings() -> Iterator[str]:
    """What an answer depends on, in addition to the arguments and the files."""
    yield from (__version__, sys.version, os.getcwd())
    for stream in (sys.stdout, sys.stderr):
        yield from (str(stream.encoding), str(os.get_terminal_size(stream.fileno())) if stream.isatty() else "")
    yield from (f"{name}={os.environ.get(name)}" for name in _ENVIRONMENT)
    for folder in sys.path:
        if folder.endswith("-packages"):  # the installed packages: the parser, other rules
            yield f"{folder}={os.stat(folder).st_mtime_ns}"
    yield from own_state()


def own_state() -> Iterator[str]:
    """The state of orderlint's own files in a development install. A release is identified by its version."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if os.path.isfile(os.path.join(os.path.dirname(package), "pyproject.toml")):
        for place, folders, names in os.walk(package):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".py"):
                    status = os.stat(os.path.join(place, name))
                    yield f"{name}{status.st_mtime_ns},{status.st_size}"


def _fields_of(known: Iterable[tuple[str, Basis]]) -> Iterator[str]:
    """The dependencies of an answer, as fields: files with their digests, queries with their answers, and roots."""
    queries: dict[tuple[str, ...], str | None] = {}
    for path, basis in known:
        yield from ("file", path, str(basis.stamp), basis.digest)
        yield from (part for place in basis.places.items() for part in ("root", *place))
        queries.update(basis.queries)
    for query, answer in queries.items():
        yield from ("query", str(len(query)), *query, _spelled(answer))
    yield "end"


def _holds(fields: Iterator[str]) -> bool:
    """Whether nothing has changed."""
    queries = FileQueries()
    while (kind := next(fields)) != "end":
        if kind == "file":
            same = _is_unchanged(next(fields), next(fields), next(fields))
        elif kind == "root":
            same = project_path(next(fields)) == next(fields)
        else:
            answer = queries.answer(tuple([next(fields) for _ in range(int(next(fields)))]))
            same = next(fields) == _spelled(answer)
        if not same:
            return False
    return True


def _spelled(answer: str | None) -> str:
    return "-" if answer is None else f"={answer}"


def _is_unchanged(path: str, stamp: str, known: str) -> bool:
    return stamp == str(stamp_of(path)) != "None" or digest(read_regular(path)) == known
