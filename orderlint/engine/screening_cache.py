"""The result of an earlier screening, used again if nothing that it depends on has changed.

Nearly all files of a large folder are skipped because of the names that they and their imports mention. Reading them
again takes most of the time of a second run (10 s for 12,853 files). Comparing the time and size of each file takes a
hundredth of that.

Little is imported here, because the fast path uses it.
"""

from __future__ import annotations

import os
import sys
import time

from orderlint.engine.answers import own_state
from orderlint.engine.places import ANSWER, MOST_KEPT, is_own
from orderlint.screening.modules import ROOT_MARKS
from orderlint.source.queries import digest, stamp_of
from orderlint.text.regular import read_regular
from orderlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderlint.screening.screen import Screen

__all__ = ["ScreeningCache"]

_FOLDER = "screenings"
_NO_STAMP = "-"
_END = "end"


class ScreeningCache:
    """The results for some files in an earlier run. It is created before they are screened.

    Args:
        files: The files, by absolute path, each with whether the user named it.
        args: The arguments that led to these files. The latest screening is stored for each combination.
        cache: The folder of the cache.
    """

    def __init__(self, files: Sequence[tuple[str, bool]], args: Sequence[str], cache: str) -> None:
        self._began = time.time_ns()
        self._cache = cache
        named = (path if is_named else f"{path}\0" for path, is_named in files)
        self._asked = _digest(__version__, sys.version, *own_state(), "", *named)
        self._file = os.path.join(cache, _FOLDER, f"{_digest(os.getcwd(), *args)}{ANSWER}")

    def known(self) -> list[int] | None:
        """The result for each file, if nothing that it depends on has changed."""
        if not self._is_own():
            return None
        try:
            fields = iter(read_regular(self._file, MOST_KEPT).decode("utf-8", "surrogateescape").split("\0"))
            if next(fields) != self._asked:
                return None
            verdicts = [int(verdict) for verdict in next(fields)]
            return verdicts if _holds(fields) else None
        except (OSError, ValueError, StopIteration):  # missing, damaged, or written by someone else
            return None

    def keep(self, verdicts: Iterable[int], screen: Screen) -> None:
        """Store the results for the files, unless one of their dependencies changed very recently.

        Args:
            verdicts: The result for each file.
            screen: The screen that determined them.
        """
        if not self._is_own():
            return
        from orderlint.engine.store import prepare, put_whole  # only loaded if there is something to store

        try:
            fields = [self._asked, "".join(map(str, verdicts)), *self._looked_at(screen), "", _END]
            prepare(self._cache)
            os.makedirs(os.path.dirname(self._file), exist_ok=True)
            put_whole(self._file, "\0".join(fields).encode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            return  # a fresh file, a read-only folder, a full disk: the next run screens again

    def _is_own(self) -> bool:
        """Whether no other user can write there, and no link leads elsewhere."""
        return is_own(self._cache) and is_own(os.path.dirname(self._file))

    def _looked_at(self, screen: Screen) -> Iterator[str]:
        """The files that were read, each with its stamp, then the folders that were listed, with what identifies them.

        Raises:
            ValueError: A file has changed so recently that it may not be the one that was read.
        """
        for path in screen.read:
            stamp = self._stamp(path)
            if stamp is None:
                raise ValueError(path)
            yield from (path, stamp)
        yield ""
        for folder, names in screen.listed.items():
            yield from (
                folder,
                self._stamp(folder) or _NO_STAMP,
                _names_digest(names),
            )  # without a stamp, only the names count

    def _stamp(self, path: str) -> str | None:
        """The stamp of a file or folder; `None` if it may have changed since it was read."""
        stamp = stamp_of(path, self._began)
        return None if stamp is None or stamp[-1] >= self._began else str(stamp)


def _holds(fields: Iterator[str]) -> bool:
    """Whether nothing has changed."""
    while path := next(fields):
        if str(stamp_of(path)) != next(fields):
            return False
    while folder := next(fields):
        known, names = next(fields), next(fields)
        if (known == _NO_STAMP or str(stamp_of(folder)) != known) and _names_digest(_names_in(folder)) != names:
            return False
    return next(fields) == _END


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _names_digest(names: Iterable[str]) -> str:
    """A hash of the names in a folder that show its modules, and whether it is the root of a project."""
    found = sorted(name for name in names if name.isidentifier() or name in ROOT_MARKS or name.lower().endswith(".py"))
    return _digest(*found)


def _digest(*parts: str) -> str:
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))
