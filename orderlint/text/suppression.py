"""Comments that suppress findings.

    x = BatchNormalization()(x)  # orderlint: ignore[ORD001]   on any line of the reported expression
    # orderlint: disable[ORD001] ... # orderlint: enable[ORD001]   from line to line, over the cells of a notebook
    # orderlint: ignore[ORD001]   on its own line: in the next line with code, too
    x = BatchNormalization()(x)  # noqa: ORD001
    # orderlint: skip-file   before the first statement, or on its first line

Without brackets, each applies to all codes, and so does `# noqa` without codes, as in Flake8 and Ruff. A range without
an end lasts until the end of the file. A code may be given by its beginning (`ORD1`) or by the name of the rule. Codes
with other letters belong to other tools, unless a rule of a package has them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from enum import Enum
from functools import lru_cache
from itertools import takewhile
from typing import Any

from orderlint.graph import Location
from orderlint.records import record
from orderlint.text.cells import Cell
from orderlint.text.files import SourceFile
from orderlint.words import hint, is_beginning, meant, nearest_rule

__all__ = ["CommentProblem", "Suppressions", "suppressions"]

_MARK = re.compile(r"orderlint\s*:|noqa", re.IGNORECASE)
_STRING_OR_COMMENT = re.compile(
    r'''
      (?:\b[a-zA-Z]{1,2})?(?:
          """(?:[^\\"]|\\.|"(?!""))*"""
        | \'\'\'(?:[^\\']|\\.|'(?!\'\'))*\'\'\'
        | "(?:[^"\\\r\n]|\\.)*"
        | '(?:[^'\\\r\n]|\\.)*'
      )
    | (?P<comment>\#[^\r\n]*)
    | (?P<code>\S)
    ''',
    re.VERBOSE | re.DOTALL,
)
_NOQA = re.compile(r"#\s*noqa(?![\w-])(?:\s*:\s*(?P<codes>[A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*))?", re.IGNORECASE)


@lru_cache
def _ours(letters: frozenset[str]) -> re.Pattern[str]:
    """A pattern for orderlint's own comments. Codes start with some letters. The brackets may be missing by mistake."""
    codes = rf"\b(?:{'|'.join(map(re.escape, sorted(letters)))})\d+[\s,]*"
    text = rf"#\s*orderlint\s*:\s*(?P<word>[\w-]*)\s*(?P<codes>\[[^\]#]*\]?|[:=]?\s*(?:{codes})+)?"
    return re.compile(text, re.IGNORECASE)


_MOST_CODES = 3  # codes of a comment that a message lists
_CODE_LINE = re.compile(r"[\r\n][ \t\f]*(?P<code>[^\s#])")


class _Kind(str, Enum):
    IGNORE = "ignore"
    NOQA = "noqa"
    DISABLE = "disable"
    ENABLE = "enable"
    SKIP_FILE = "skip-file"


_WORDS = tuple(kind.value for kind in _Kind if kind is not _Kind.NOQA)


@record(frozen=True, slots=True)
class CommentProblem:
    """A problem of a suppression comment.

    Attributes:
        codes: The unused codes (or beginnings of codes), if only they are to be removed; empty if the whole comment is,
            and for other problems.
    """

    location: Location
    message: str
    codes: tuple[str, ...] = ()


@record(eq=False, slots=True)
class _Directive:
    """A suppression comment.

    Attributes:
        codes: Codes or their beginnings; empty for every code.
        spared: The codes that a comment only suppresses if it names them.
        below: The next line with code, if it is an `ignore` on its own line; else 0.
        used: The codes of the findings that it suppressed; for an `enable`, those of the ranges that it ended.
    """

    kind: _Kind
    location: Location
    codes: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()
    below: int = 0
    used: set[str] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, int]:
        return self.location.cell or 0, self.location.line

    def means(self, code: str) -> bool:
        if not self.codes:
            return code not in self.spared
        return any(code.startswith(given) for given in self.codes)


@record(eq=False, slots=True)
class _Range:
    """A range in which a code is disabled.

    Attributes:
        opened: The comments that disable it, in order. An `enable` ends all of them.
        end: The place where it is enabled again; `None` if there is none.
    """

    opened: list[_Directive]
    end: tuple[int, int] | None = None

    def at(self, place: tuple[int, int]) -> Iterator[_Directive]:
        """The comments that disable the code at a place."""
        if self.end is None or place < self.end:
            yield from takewhile(lambda one: one.place <= place, self.opened)


class Suppressions:
    """The suppression comments of a file.

    Attributes:
        skips_file: Whether a comment skips the file.
        problems: Unknown codes, misspelled comments, and a `skip-file` in the wrong place.
    """

    def __init__(self, directives: list[_Directive], skips_file: bool, problems: list[CommentProblem]) -> None:
        self.skips_file = skips_file
        self.problems = tuple(problems)
        self._directives = directives
        self._by_line: dict[tuple[int, int], list[_Directive]] = {}
        self._ranges: dict[str, list[_Range]] = {}  # by code, or its beginning; in order, without overlaps
        for directive in directives:
            if directive.kind in (_Kind.IGNORE, _Kind.NOQA):
                self._by_line.setdefault(directive.place, []).append(directive)
                if directive.below:
                    self._by_line.setdefault((directive.place[0], directive.below), []).append(directive)
            elif directive.kind is _Kind.DISABLE:
                self._start_ranges(directive)
            elif directive.kind is _Kind.ENABLE:
                self._end_ranges(directive)

    def __bool__(self) -> bool:
        return self.skips_file or bool(self._directives)

    def plain(self) -> list[Any]:
        """The comments as lists, strings and numbers, for JSON."""
        return [
            self.skips_file,
            [
                [one.kind.value, _plain_place(one.location), [*one.codes], sorted(one.spared), one.below]
                for one in self._directives
            ],
            [[_plain_place(one.location), one.message, [*one.codes]] for one in self.problems],
        ]

    @classmethod
    def of_plain(cls, value: Any) -> Suppressions:
        """Restore the comments from the result of `plain`. None of them has suppressed anything yet.

        Raises:
            ValueError: The value is not a result of `plain`.
        """
        try:
            skips, comments, noted = value
            directives = [
                _Directive(_Kind(kind), Location(*place), tuple(codes), frozenset(spared), int(below))
                for kind, place, codes, spared, below in comments
            ]
            problems = [CommentProblem(Location(*place), str(message), tuple(codes)) for place, message, codes in noted]
        except TypeError as error:
            raise ValueError(f"no suppression comments: {error}") from None
        return cls(directives, bool(skips), problems)

    def covers(self, code: str, location: Location) -> bool:
        """Whether a finding is suppressed. The comments that suppress it then count as used.

        Args:
            code: The code of the finding.
            location: Its location. A comment on any of its lines counts.
        """
        covering = [one for one in self._on(location) if one.means(code)]
        covering += [one for one in self._disabling(code, location) if one.means(code)]
        for directive in covering:
            directive.used.add(code)
        return self.skips_file or bool(covering)

    def unused(self, ran: Collection[str], usual: Collection[str] = ()) -> Iterator[CommentProblem]:
        """The comments that suppressed nothing. Call this after `covers` was called for all findings.

        Args:
            ran: The codes that were checked. Other codes are not reported, because they might have had a finding.
            usual: A comment without codes is only reported if these codes were checked.
        """
        if self.skips_file:
            return
        for directive in self._directives:
            if directive.kind is _Kind.NOQA and not directive.codes:
                continue  # it may be for another linter
            if not directive.codes:
                if not directive.used and ran and set(usual) <= set(ran):
                    yield CommentProblem(directive.location, f"this {_shown(directive)} suppresses nothing")
                continue
            idle = [given for given in directive.codes if _is_idle(directive, given, ran)]
            if idle:
                whole = len(idle) == len(directive.codes) and directive.kind is not _Kind.NOQA
                codes = () if whole else tuple(idle)
                yield CommentProblem(directive.location, _idle_message(directive, idle), codes)

    def _on(self, location: Location) -> Iterator[_Directive]:
        if not self._by_line:
            return
        for line in range(location.line, max(location.line, location.end_line) + 1):
            yield from self._by_line.get((location.cell or 0, line), ())

    def _disabling(self, code: str, location: Location) -> Iterator[_Directive]:
        """The comments whose range contains a finding."""
        place = (location.cell or 0, location.line)
        for given, ranges in self._ranges.items():
            if code.startswith(given):
                index = bisect_right(ranges, place, key=_start)
                if index:
                    yield from ranges[index - 1].at(place)

    def _start_ranges(self, disable: _Directive) -> None:
        for given in disable.codes or ("",):
            ranges = self._ranges.setdefault(given, [])
            if ranges and ranges[-1].end is None:
                ranges[-1].opened.append(disable)
            else:
                ranges.append(_Range([disable]))

    def _end_ranges(self, enable: _Directive) -> None:
        for given, ranges in self._ranges.items():
            if ranges[-1].end is None and any(given.startswith(code) for code in enable.codes or ("",)):
                ranges[-1].end = enable.place
                enable.used.update(enable.codes)
                enable.used.add(given)


def _start(one: _Range) -> tuple[int, int]:
    return one.opened[0].place


def suppressions(file: SourceFile, rules: Mapping[str, str], spared: Collection[str] = ()) -> Suppressions:
    """The suppression comments of a file, without parsing it. Cells without `orderlint:` and `noqa` are not scanned.

    Args:
        file: The file.
        rules: The names of the rules, by code.
        spared: The codes that a comment only suppresses if it names them. These are the rules about comments:
        otherwise,
            an unused comment would suppress the finding about itself.
    """
    reader = _Reader(rules, frozenset(spared))
    for index, cell in enumerate(file.cells):  # not the whole text of a notebook, which is mostly outputs
        reader.read(cell, is_first=index == 0)
    return Suppressions(reader.directives, reader.skips_file, reader.problems)


class _Reader:
    """Gathers the directives of the cells of a file."""

    def __init__(self, rules: Mapping[str, str], spared: frozenset[str]) -> None:
        self._codes = tuple(rules)
        self._spared = spared
        self._letters = frozenset(code.rstrip("0123456789") for code in rules)
        self._code_of_name = {name: code for code, name in rules.items()}
        self._rules = rules
        self.directives: list[_Directive] = []
        self.problems: list[CommentProblem] = []
        self.skips_file = False
        self._below: tuple[int, int, int] = (
            0,
            0,
            0,
        )  # two offsets without code between them, and the next line with code

    def read(self, cell: Cell, *, is_first: bool) -> None:
        """Gather the directives of one cell."""
        if not _MARK.search(cell.text):
            return
        self._below = 0, 0, 0
        code_line: int | None = None  # of the first statement, a docstring aside
        for match in _STRING_OR_COMMENT.finditer(cell.text):
            if match["code"] and code_line is None and cell.text[match.start()] == cell.raw[match.start()]:
                code_line, _ = cell.lines.position(match.start())
            elif match["comment"] and _MARK.search(match["comment"]):
                line, _ = cell.lines.position(match.start())
                self._comment(cell, match.start(), match["comment"], is_first and line <= (code_line or line))

    def _comment(self, cell: Cell, start: int, comment: str, is_at_top: bool) -> None:
        below = self._line_below(cell, start)
        for match in _ours(self._letters).finditer(comment):
            self._ours(cell.location(start + match.start(), start + match.end()), match, is_at_top, below)
        for match in _NOQA.finditer(comment):
            location = cell.location(start + match.start(), start + match.end())
            given = re.split(r"[\s,]+", match["codes"].strip(" ,")) if match["codes"] else []
            ours = [code for code in given if code.upper().rstrip("0123456789") in self._letters]
            if ours or not given:
                self._add(_Kind.NOQA, location, ours, below if ours else 0)

    def _line_below(self, cell: Cell, start: int) -> int:
        """The next line with code after a comment on its own line; 0 for any other comment.

        Adjacent comments have the same one, so the result is kept.
        """
        text = cell.text
        newline = text.rfind("\n", 0, start) + 1
        before = max(newline, text.rfind("\r", newline, start) + 1)
        if text[before:start].strip():
            return 0
        first, last, line = self._below
        if not first <= start < last:
            found = _CODE_LINE.search(text, start)
            last, line = (found.start(), cell.lines.position(found.start("code"))[0]) if found else (len(text), 0)
            self._below = start, last, line
        return line

    def _ours(self, location: Location, match: re.Match[str], is_at_top: bool, below: int) -> None:
        word = match["word"].lower()
        if word not in _WORDS:
            known = "; known are " + ", ".join(f"`{known}`" for known in _WORDS)
            message = f"unknown suppression comment `{match['word']}`{hint(word, _WORDS, otherwise=known)}"
            self._warn(location, message)
        elif word == _Kind.SKIP_FILE.value:
            self._skip_file(location, is_at_top)
        else:
            self._add(_Kind(word), location, self._given(location, word, match["codes"]), below)

    def _skip_file(self, location: Location, is_at_top: bool) -> None:
        if is_at_top:
            self.skips_file = True
        else:
            self._warn(location, "`# orderlint: skip-file` only works above the first statement of a file")

    def _given(self, location: Location, word: str, text: str | None) -> list[str] | None:
        """The codes of a comment, as they are written; `None` if there are none."""
        if text is None or not text.strip():
            return None
        given = re.split(r"[\s,]+", text.strip("[]:= \t,"))
        if not (text.startswith("[") and text.endswith("]")):
            self._warn(location, f"write the codes in brackets: `# orderlint: {word}[{', '.join(given)}]`")
        elif given == [""]:
            self._warn(location, f"`# orderlint: {word}[]` names no code, so it suppresses nothing")
        return given

    def _add(self, kind: _Kind, location: Location, given: list[str] | None, below: int = 0) -> None:
        """Add a directive for the known ones of the given codes; for all codes if none are given."""
        if not given:
            self.directives.append(_Directive(kind, location, spared=self._spared, below=below))
            return
        codes = tuple(code for code in (self._known(location, one) for one in given if one) if code)
        if codes:
            self.directives.append(_Directive(kind, location, codes, below=below))

    def _known(self, location: Location, given: str) -> str | None:
        code = self._code_of_name.get(given.lower(), given.upper())
        if any(is_beginning(code, known) for known in self._codes):
            return code
        near = nearest_rule(given, self._rules)
        self._warn(location, f"unknown rule `{given}`{meant(near)} (`orderlint rules` lists all rules)")
        return None

    def _warn(self, location: Location, message: str) -> None:
        self.problems.append(CommentProblem(location, message))


def _plain_place(at: Location) -> list[str | int | None]:
    return [at.path, at.line, at.column, at.end_line, at.end_column, at.cell]


def _is_idle(directive: _Directive, given: str, ran: Collection[str]) -> bool:
    """Whether a rule with this code was checked, and the directive suppressed none of its findings."""
    return any(code.startswith(given) for code in ran) and not any(used.startswith(given) for used in directive.used)


def _shown(directive: _Directive, codes: Collection[str] = ()) -> str:
    """A directive as in its comment. If there are many codes, only the first are shown, so that it fits a line."""
    listed = ", ".join([*list(codes)[:_MOST_CODES], *("…" for _ in range(len(codes) > _MOST_CODES))])
    if directive.kind is _Kind.NOQA:
        return f"`# noqa: {listed}`"
    return f"`# orderlint: {directive.kind.value}" + (f"[{listed}]`" if codes else "`")


def _idle_message(directive: _Directive, idle: list[str]) -> str:
    if directive.kind is _Kind.ENABLE:
        return f"this `enable` ends nothing: {_listed(idle)} {'is' if len(idle) == 1 else 'are'} not disabled here"
    if len(idle) == len(directive.codes):
        return f"this {_shown(directive, directive.codes)} suppresses nothing"
    return f"{_listed(idle)} in this `{directive.kind.value}` suppress{'es' if len(idle) == 1 else ''} nothing"


def _listed(codes: list[str]) -> str:
    """Codes as a phrase. If there are many, only the first are listed.

    >>> _listed(["ORD001", "ORD002"]), _listed(["ORD001", "ORD002", "ORD003", "ORD101"])
    ('`ORD001`, `ORD002`', '`ORD001`, `ORD002` and 2 more')
    """
    quoted = [f"`{code}`" for code in codes]
    if len(codes) < _MOST_CODES:
        return ", ".join(quoted)
    first = quoted[: _MOST_CODES - 1]
    return f"{', '.join(first)} and {len(codes) - len(first)} more"
