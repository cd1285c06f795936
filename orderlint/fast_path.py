"""The fast path: answers an `orderlint check` that needs no analysis.

It handles the most common options, in folders without a configuration. Its answer is that of the command. If no file
can have a finding, it answers at once. Otherwise, it repeats the last answer if nothing has changed. In all other
cases, the command is called. It does not import click, rich, the configuration or the rules.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from orderlint.discovery.walking import Walk
    from orderlint.engine.answers import Question
    from orderlint.screening.screen import Screen
    from orderlint.screening.spread import Spread

__all__ = ["FastPath"]

_COMMAND = "check"
_FLAGS = frozenset({"--exit-zero", "--force-exclude", "--isolated", "--no-cache", "--quiet", "--verbose", "-q", "-v"})
_VALUES = {
    "--format": ("full", "concise"),
    "--output-format": ("full", "concise"),
    "--color": ("auto", "always", "never"),
    "--warn": ("ALL",),
}
_JOBS = ("--jobs", "-j")
_CACHE = "--cache-dir"
_OWN_FILE, _PROJECT_FILE = "orderlint.toml", "pyproject.toml"
_MANY = 50  # files; for fewer, screening is as fast as checking whether they have changed
_MOST_METADATA = (
    2_000  # bytes: Jupyter writes the kernel and its language at the end, Colab and Kaggle at the beginning
)
_OTHER_LIBRARIES = (b"torch", b"flax", b"paddle", b"mxnet", b"mlx")


class _NoAnswer(Exception):
    """Raised if the fast path cannot answer."""


class _Line:
    """A parsed command line.

    Args:
        args: The arguments.

    Raises:
        _NoAnswer: It contains other commands or options.
    """

    def __init__(self, args: list[str]) -> None:
        if args[:1] == [_COMMAND]:
            args = args[1:]
        elif not (args and args[0].endswith((".py", ".ipynb"))):  # as `orderlint net.py`
            raise _NoAnswer
        self.flags: set[str] = set()
        self.paths: list[str] = []
        self.form = "full"
        self.jobs: int | None = None
        self._cache: str | None = None
        rest = iter(args)
        for arg in rest:
            name, equals, value = arg.partition("=")
            if not arg:
                raise _NoAnswer
            if not arg.startswith("-"):
                self.paths.append(arg)
            elif arg in _FLAGS:
                self.flags.add(arg)
            elif name in _VALUES or name in (*_JOBS, _CACHE):
                self._take(name, value if equals else next(rest, ""))
            else:
                raise _NoAnswer
        self.paths = self.paths or ["."]

    def _take(self, name: str, value: str) -> None:
        if name == _CACHE:
            if not value or (os.path.lexists(value) and not os.path.isdir(value)):
                raise _NoAnswer
            self._cache = value
        elif name in _JOBS:
            if not (value.isascii() and value.isdigit() and int(value)):
                raise _NoAnswer
            self.jobs = int(value)
        elif value not in _VALUES[name]:
            raise _NoAnswer
        if name.endswith("format"):
            self.form = value

    @property
    def cache(self) -> str | None:
        """The folder of the cache; `None` without a cache."""
        from orderlint.engine.places import cache_folder

        return None if "--no-cache" in self.flags else cache_folder(self._cache)

    @property
    def is_quiet(self) -> bool:
        """Whether there is no output without findings."""
        return not self.flags.isdisjoint(("-q", "--quiet"))


class FastPath:
    """Answers one command line, if possible.

    Args:
        args: The arguments.

    Attributes:
        seen: The verdicts of the screening, by absolute path; `None` if there was no screening.
        screen: The screen of this run; `None` if the verdicts are from an earlier run.
        question: The question whose answer by the command should be stored; `None` if there is none.
    """

    def __init__(self, args: list[str]) -> None:
        self._args = args
        self.seen: dict[str, int] | None = None
        self.screen: Screen | None = None
        self.question: Question | None = None

    def status(self) -> int | None:
        """Write the answer, and return the exit status; `None` if the command has to answer."""
        try:
            return self._checked(_Line(self._args))
        except (_NoAnswer, OSError, ValueError):
            return None

    def _checked(self, line: _Line) -> int | None:
        from orderlint.screening.packages import bring_anything
        from orderlint.screening.screen import KEPT, PASSED_OVER

        isolated, forced = "--isolated" in line.flags, "--force-exclude" in line.flags
        if bring_anything() or sys.stdout is None or sys.stderr is None:
            return None
        if not isolated:
            _refuse_configurations(line.paths)
        files = _named(line.paths) if not forced else None
        if files is None:
            # A tool that names all files and asks to exclude some of them does not ask to parse all of them.
            walk = _walked(line.paths, isolated=isolated, forced=forced)
            files = [(path, is_named and not forced) for path, _, is_named in walk.files()]
        verdicts = self._verdicts(files, line)
        self.seen = {path: verdict for (path, _), verdict in zip(files, verdicts)}  # noqa: B905  # they are of one length
        if not files or any(is_named and _wants_a_word(path) for path, is_named in files if self.seen[path] != KEPT):
            return None
        num_passed = verdicts.count(PASSED_OVER)
        if KEPT in verdicts:
            return self._as_before([path for path, verdict in self.seen.items() if verdict == KEPT], num_passed, line)
        _say(*_nothing_found(len(files) - num_passed, num_passed, line))
        return 0

    def _verdicts(self, files: list[tuple[str, bool]], line: _Line) -> list[int]:
        """What becomes of each file; of many, what an earlier run found if nothing has changed."""
        from orderlint.screening.needs import USUAL, Needs
        from orderlint.screening.screen import Screen

        screen = Screen(Needs(USUAL), spread=_spread(len(files), line.jobs))
        cache = line.cache if len(files) >= _MANY else None
        if cache is None:
            return self._screened(screen, files)
        from orderlint.engine.screening_cache import ScreeningCache

        earlier = ScreeningCache(files, self._args, cache)
        verdicts = earlier.known()
        if verdicts is None:
            verdicts = self._screened(screen, files)
            earlier.keep(verdicts, screen)
        return verdicts

    def _screened(self, screen: Screen, files: list[tuple[str, bool]]) -> list[int]:
        self.screen = screen
        return screen.screen(files)

    def _as_before(self, kept: list[str], num_passed: int, line: _Line) -> int | None:
        """Repeat the earlier answer of the command, and return its exit status; `None` if the answer may differ."""
        cache = line.cache
        if cache is None:
            return None
        from orderlint.engine.answers import Question

        assert self.seen is not None
        counts = (len(self.seen) - len(kept) - num_passed, num_passed)
        self.question = Question(self._args, kept, counts, cache)
        known = self.question.answer()
        if known is None:
            return None
        _say(known.said, known.said_aside)
        return known.status


def _spread(num_files: int, jobs: int | None) -> Spread | None:
    """A function that screens many files on several cores; `None` if there are too few files."""
    from orderlint.screening.screen import MANY

    if num_files < MANY:
        return None
    from orderlint.engine.spreading import spread_over

    return spread_over(jobs)


def _nothing_found(num_files: int, num_passed: int, line: _Line) -> tuple[str, str]:
    """The texts for standard output and for standard error."""
    from orderlint.report.clean import nothing_found

    if line.is_quiet:
        return "", ""
    text = nothing_found(num_files, num_passed) + "\n"
    return (text, "") if line.form == "full" else ("", text)


def _wants_a_word(path: str) -> bool:
    """Whether a named file needs a warning, because it may use another library or language."""
    from orderlint.text.regular import read_regular

    data = read_regular(path)
    if path.endswith(".ipynb") and b"ython" not in data[:_MOST_METADATA] + data[-_MOST_METADATA:]:
        return True
    return any(mark in data for mark in _OTHER_LIBRARIES)


def _refuse_configurations(paths: list[str]) -> None:
    """Give no answer if there is a configuration above a path."""
    from orderlint.text.regular import lineage_of

    asked: set[str] = set()
    for path in paths:
        absolute = os.path.abspath(path)
        for folder in lineage_of(absolute if os.path.isdir(absolute) else os.path.dirname(absolute)):
            if folder in asked:
                break
            asked.add(folder)
            if _is_configured(folder):
                raise _NoAnswer


def _named(paths: list[str]) -> list[tuple[str, bool]] | None:
    """The files, if all paths are files, so that nothing has to be searched; else `None`."""
    files = dict.fromkeys(map(os.path.abspath, paths))
    return [(path, True) for path in files] if all(map(os.path.isfile, files)) else None


def _walked(paths: list[str], *, isolated: bool, forced: bool) -> Walk:
    """Search for files. Give no answer if there is a configuration or an error."""
    from orderlint.discovery.walking import Walk

    def entered(folder: str, entries: list[os.DirEntry[str]]) -> None:
        if any(entry.name in (_OWN_FILE, _PROJECT_FILE) for entry in entries) and _is_configured(folder):
            raise _NoAnswer

    walk = Walk(entered=None if isolated else entered)
    for path in paths:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            walk.folder(absolute, forced=forced)
        elif os.path.exists(absolute):
            walk.named(absolute, forced=forced)
        else:
            raise _NoAnswer
    if walk.errors:
        raise _NoAnswer
    return walk


def _is_configured(folder: str) -> bool:
    """Whether a folder may contain a configuration of orderlint."""
    from orderlint.text.marks import mentions_orderlint
    from orderlint.text.regular import NotRegular, read_regular

    if os.path.lexists(os.path.join(folder, _OWN_FILE)):
        return True
    try:
        data = read_regular(os.path.join(folder, _PROJECT_FILE))
        return mentions_orderlint(data) or b"[tool.o" in data  # the latter may be a misspelling of it
    except (FileNotFoundError, NotRegular):
        return False


def _say(text: str, aside: str) -> None:
    """Write to standard output and to standard error."""
    sys.stderr.write(aside)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has closed the pipe; further output is discarded
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
