"""Screens the files of a run: which of them may have a finding."""

from __future__ import annotations

from orderlint.screening.needs import Needs, is_about_keras, own_comments
from orderlint.screening.syntax import python_reads
from orderlint.text.marks import SUFFIXES
from orderlint.text.regular import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderlint.screening.closure import Closure
    from orderlint.screening.reach import More, Reach
    from orderlint.screening.spread import Spread

    Alone = tuple[int, bool, int]

__all__ = ["CLEAN", "KEPT", "MANY", "PASSED_OVER", "Screen"]

KEPT, CLEAN, PASSED_OVER = 1, 2, 3
"""The verdicts of a file: it is analyzed; it has layers, but cannot have a finding; it has no Keras layers."""


MANY = 1000
"""The fewest files for which other processes are started."""

_HEAD = 400  # bytes, which contain the first two lines unless these are very long
_ESCAPING = (b"escape", b"utf-7", b"utf_7", b"utf7")


class Screen:
    """Screens files by their content and by that of the modules that they import.

    Args:
        needs: The roles that are needed.
        texts: Texts that replace the contents of files, by absolute path.
        spread: Does the same work on many things, maybe on several cores.

    Attributes:
        read: The files that were read, or could not be read.
    """

    def __init__(self, needs: Needs, texts: Mapping[str, bytes] | None = None, spread: Spread | None = None) -> None:
        self.read: set[str] = set()
        self._needs = needs
        self._texts = texts or {}
        self._spread = spread
        self._reach: Reach | None = None
        self._rare: dict[str, int] = {}  # for each file in doubt, the rare roles that it may mention
        self._plain: set[str] = set()  # files that do not mention Keras

    def screen(self, files: Sequence[tuple[str, bool]]) -> list[int]:
        """The verdict of each file, which is given by its absolute path and whether the user named it."""
        verdicts = self._each_alone(files)
        doubtful = [path for (path, _), verdict in zip(files, verdicts, strict=True) if verdict == _DOUBTFUL]
        if doubtful:
            kept = self._reaching(doubtful)
            verdicts = [
                (KEPT if path in kept else self._settled(path)) if verdict == _DOUBTFUL else verdict
                for (path, _), verdict in zip(files, verdicts, strict=True)
            ]
        return verdicts

    def ahead(self, paths: Sequence[str]) -> Closure:
        """The files that the given files import, directly or indirectly."""
        from orderlint.screening.closure import Closure

        for path in paths:  # files of the run are always followed, whatever they mention
            self._rare.setdefault(path, 0)
        return Closure(paths, self._links().brings)

    def leads_to_layers(self, path: str) -> bool:
        """Whether a file, or a module that it imports, names a layer. If not, there is nothing to check."""
        return self._links().leads_to_layers(path)

    @property
    def listed(self) -> Mapping[str, Iterable[str]]:
        """The folders that were searched for modules, with the names in each."""
        return {} if self._reach is None else self._reach.listed

    def _read(self, path: str) -> bytes:
        self.read.add(path)
        found = self._texts.get(path) if self._texts else None
        return _unescaped(read_regular(path)) if found is None else found

    def _each_alone(self, files: Sequence[tuple[str, bool]]) -> list[int]:
        """The result of the content of each file alone."""
        results = None if self._spread is None else self._spread(self._alone_with_more, files, MANY)
        if results is None:
            return [self._taken(path, self._alone(path, is_named)) for path, is_named in files]
        verdicts: list[int] = []
        for (path, _), (alone, more) in zip(files, results, strict=True):
            verdicts.append(self._taken(path, alone))
            if more is not None:
                self._links().know(path, *more)
        return verdicts

    def _alone(self, path: str, is_named: bool) -> Alone:
        """The result of a file's content alone: its verdict, whether it lacks Keras, and rare roles if in doubt."""
        needs = self._needs
        try:
            data = self._read(path)
        except (OSError, ValueError):
            return KEPT, False, 0  # so that its error is reported
        is_plain = not is_about_keras(data, needs.vocabulary)
        if is_plain and not is_named:
            is_kept = needs.comments and own_comments(data, needs.letters)
            return KEPT if is_kept else PASSED_OVER, is_plain, 0
        if needs.sets is None or own_comments(data, needs.letters):
            return KEPT, is_plain, 0
        return _DOUBTFUL, is_plain, needs.vocabulary.roles_by_marks(data, needs.rare)

    def _taken(self, path: str, alone: Alone) -> int:
        """Store the result of a file's content."""
        verdict, is_plain, rare = alone
        self.read.add(path)
        if is_plain:
            self._plain.add(path)
        if verdict == _DOUBTFUL:
            self._rare[path] = rare
        return verdict

    def _alone_with_more(self, file: tuple[str, bool]) -> tuple[Alone, More | None]:
        """The result of a file's content alone, and for a file in doubt what is needed to link it."""
        path, is_named = file
        alone = self._alone(path, is_named)
        return alone, self._links().looked_at(path, alone[2]) if alone[0] == _DOUBTFUL else None

    def _reaching(self, paths: Iterable[str]) -> frozenset[str]:
        """The files that mention enough, alone or with what they import."""
        return self._links().kept(paths)

    def _links(self) -> Reach:
        from orderlint.screening.reach import Reach

        if self._reach is None:
            self._reach = Reach(self._needs, self._read, self._rare, self._plain, self._spread)
        return self._reach

    def _settled(self, path: str) -> int:
        """The verdict of a file that mentions too little: clean if Python can parse it, else analyzed for its error."""
        if path not in self._texts and not path.lower().endswith(SUFFIXES):
            return KEPT  # another file that a user names may be a saved model, or a script
        clean = CLEAN if self.leads_to_layers(path) else PASSED_OVER
        if path.lower().endswith(".ipynb"):
            from orderlint.screening.notebooks import is_sound

            return clean if is_sound(path, self._read) else KEPT
        try:
            data = self._read(path)
        except (OSError, ValueError):
            return KEPT
        return clean if python_reads(None if path in self._texts else path, data) else KEPT


_DOUBTFUL = 0


def _unescaped(data: bytes) -> bytes:
    """The bytes of a file, in UTF-8 if its encoding is one in which ASCII letters may be escaped."""
    head = data[:_HEAD].lower()
    if b"coding" not in head or not any(name in head for name in _ESCAPING):
        return data
    from orderlint.text.decoding import SourceError, decode

    try:
        return decode(data).text.encode("utf-8", "replace")
    except SourceError:
        return data
