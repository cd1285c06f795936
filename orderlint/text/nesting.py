"""How deeply a text nests, before it is parsed.

libcst's parser is native code that recurses: at some depth it overflows the stack and takes the process with it.
So a scan of the tokens, some twenty times faster than the parse, bounds the stack that a text will need. It sees
brackets, chains of operators, attributes and calls (each parsed as one more level), and indentation, and it may only
err upwards. libcst's time grows with the square of the depth, so the scan bounds that as well.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from orderlint.records import record
from orderlint.text.lexical import STRINGS_AND_COMMENTS

__all__ = ["DIRECT_KIB", "MOST_KIB", "Nesting", "deeper_if_needed", "measure_nesting", "run_deep"]

Result = TypeVar("Result")

# KiB of stack that one level takes at most in libcst 1.9, release build, found by parsing in threads of 1 and 8 MiB.
_BRACKET = 14
_CHAIN = 4
_LAMBDA = 20
_INDENT = 40

DIRECT_KIB = 512
"""What may be parsed on any thread: half of the smallest stack met, 1 MiB, for a main thread on Windows."""

MOST_KIB = 8 * 1024
"""What is parsed at all: some 2,000 levels of operators."""

_MOST_BRACKETS = 200  # as CPython: "too many nested parentheses"
_MOST_PATTERN_BRACKETS = 10  # each level of a `case` pattern more than doubles libcst's time: 20 take seconds

# Time in units of 0.4 microseconds: a chain of n levels takes n * n, the nth of nested brackets 22 * n.
_MOST_TIME = 10_000_000
_BRACKET_TIME = 22
_LONG_CHAIN = 100 * _CHAIN
_DEEP_BRACKET = 15

_DEEP_STACK = 64 * 1024 * 1024
_DEEP_RECURSION = 20_000

_TOKEN = re.compile(
    STRINGS_AND_COMMENTS
    + r"""
    | \\(?:\r\n?|\n)
    | ([\r\n][ \t\f]*(?=[^\s\#])(?:(?:elif|case)\b)?)  # the start of a line with code
    | [\r\n]
    | [()\[\]{},;]
    | [-+*/%@&|^~.=:<>!]+
    | \b(?:not|and|or|if|lambda|await|for|in|is|else)\b
    """,
    re.VERBOSE | re.DOTALL,
)


_FORMATTED = re.compile(r"(?:[fFtT][rR]?|[rR][fFtT])\Z")
_BRACES = re.compile(r"\{\{|\}\}|[{}]")


@record(frozen=True, slots=True)
class Nesting:
    """The resources that parsing a text needs.

    Attributes:
        kib: Stack, in KiB, at most.
        excess: Offset of the first place where the text nests too deeply to be parsed; `None` if nowhere.
    """

    kib: int
    excess: int | None = None


def measure_nesting(text: str) -> Nesting:
    """How deeply a text nests. Linear in its length.

    >>> measure_nesting("f(g(h(x)))").excess is None
    True
    >>> measure_nesting("(" * 1000).excess
    200
    """
    scan = _Scan()
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token[0] in "\"'" and "{" in token and _FORMATTED.search(text, max(match.start() - 3, 0), match.start()):
            scan.take_formatted(token)
        else:
            scan.take(token, match.lastindex == 1)
        if scan.too_deep:
            return Nesting(scan.most, match.start())
    return Nesting(max(scan.most, scan.held + scan.chain))


class _Scan:
    """The state of a scan: stack needed so far, in KiB."""

    __slots__ = ("brackets", "chain", "elifs", "held", "indents", "most", "pattern", "time", "too_deep")

    def __init__(self) -> None:
        self.brackets: list[int] = []  # for each open bracket, the chain it stands in
        self.chain = 0  # of the element under way
        self.held = 0  # by open brackets, the chains they stand in, and indentation
        self.indents: list[int] = []  # columns, as in Python's tokenizer
        self.elifs = 0
        self.pattern = False  # inside the pattern of a `case`
        self.most = 0
        self.time = 0
        self.too_deep = False

    def take(self, token: str, starts_line: bool) -> None:
        first = token[0]
        if first in "([{":
            self._open()
        elif first in ")]}":
            self._close()
        elif first in ",;":
            self._end_chain()
        elif first in "\r\n":
            if starts_line and not self.brackets:
                self._start_line(token)
        elif first not in "#\\":
            self.chain += _chain_kib(token)
            if self.chain > MOST_KIB:
                self.too_deep = True

    def take_formatted(self, token: str) -> None:
        """A string with code in it: a level of its own, and those of the code."""
        self._open()
        depth = len(self.brackets)
        for field in _fields(token):
            for match in _TOKEN.finditer(field):
                self.take(match.group(), starts_line=False)
            while len(self.brackets) > depth:
                self._close()
            self._end_chain()
        self._close()

    def _open(self) -> None:
        self.held += self.chain + _BRACKET
        self.brackets.append(self.chain)
        self.chain = 0
        depth = len(self.brackets)
        if depth > _DEEP_BRACKET:
            self.time += _BRACKET_TIME * depth
        if depth > (_MOST_PATTERN_BRACKETS if self.pattern else _MOST_BRACKETS) or self.held > MOST_KIB:
            self.too_deep = True

    def _close(self) -> None:
        self._note()
        if self.brackets:
            outer = self.brackets.pop()
            self.held -= outer + _BRACKET
            self.chain = outer + _CHAIN

    def _end_chain(self) -> None:
        self._note()
        self.chain = 0

    def _start_line(self, token: str) -> None:
        self._end_chain()
        words = token[1:].lstrip(" \t\f")
        self.pattern = words == "case"
        if words == "elif":  # each is nested in the one before; that other statements may stand between is overlooked
            self.elifs += _CHAIN
            if self.elifs > MOST_KIB:
                self.too_deep = True
        self._indent(len(token) - 1 - len(words))
        self.held = len(self.indents) * _INDENT + self.elifs

    def _indent(self, column: int) -> None:
        while self.indents and self.indents[-1] > column:
            self.indents.pop()
        if column > (self.indents[-1] if self.indents else 0):
            self.indents.append(column)

    def _note(self) -> None:
        if (need := self.held + self.chain) > self.most:
            self.most = need
        if self.chain > _LONG_CHAIN:
            self.time += (self.chain // _CHAIN) ** 2
            if self.time > _MOST_TIME:
                self.too_deep = True


def _fields(token: str) -> Iterator[str]:
    """The replacement fields of a formatted string, without their outer braces."""
    depth = start = 0
    for match in _BRACES.finditer(token):
        brace = match.group()
        if depth == 0 and brace == "{":  # outside fields `{{` is a brace in the text
            depth, start = 1, match.end()
        elif depth and brace[0] == "{":
            depth += len(brace)
        elif depth:
            depth -= len(brace)
            if depth <= 0:
                yield token[start : match.start()]
                depth = 0
    if depth:
        yield token[start:]


def _chain_kib(token: str) -> int:
    """What an operator, string or keyword adds to the chain it stands in; `---x` has three."""
    if token == "lambda":
        return _LAMBDA
    return _CHAIN if token[0].isalpha() or token[0] in "\"'" else _CHAIN * len(token)


_starting = threading.Lock()
_local = threading.local()


def run_deep(work: Callable[[], Result]) -> Result:
    """The result of `work()`, run with a stack of 64 MiB and a recursion limit to match.

    Raises:
        RecursionError: No such thread can be had here, or even that does not suffice.
    """
    if getattr(_local, "deep", False):
        return work()
    results: list[Result] = []
    failures: list[BaseException] = []

    def body() -> None:
        _local.deep = True
        try:
            results.append(work())
        except BaseException as error:  # handed to the caller's thread
            failures.append(error)

    _in_deep_thread(body)
    if failures:
        raise failures[0]
    return results[0]


def deeper_if_needed(work: Callable[[], Result]) -> Result:
    """The result of `work()`; where what it walks is too deep for the stack, it starts again on a larger one.

    Each `elif` lies in the one before: what parses may still be a thousand levels deep.

    Raises:
        RecursionError: As `run_deep`.
    """
    try:
        return work()
    except RecursionError:
        return run_deep(work)


def _in_deep_thread(body: Callable[[], None]) -> None:
    with _starting:  # stack size and recursion limit belong to the whole process
        stack = threading.stack_size(_DEEP_STACK)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _DEEP_RECURSION))
        try:
            thread = threading.Thread(target=body, name="orderlint-deep")
            thread.start()
            thread.join()
        except RuntimeError as error:
            raise RecursionError("no thread with a larger stack can be started") from error
        finally:
            sys.setrecursionlimit(limit)
            threading.stack_size(stack)
