"""Measures how deeply a text is nested, before it is parsed.

libcst's parser is recursive native code: at some depth, it overflows the stack and crashes the process. So a scan of
the tokens, which is about twenty times as fast as parsing, gives an upper bound of the stack that a text needs. It
counts brackets, chains of operators, attributes and calls (each is parsed as one more level), and indentation. libcst's
time grows with the square of the depth, so the scan also bounds the time.
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

# The most KiB of stack for one level in a release build of libcst 1.9, measured in threads with 1 and 8 MiB.
_BRACKET = 14
_CHAIN = 4
_LAMBDA = 20
_INDENT = 40

DIRECT_KIB = 512
"""The most stack for a text that is parsed in the current thread: half of the smallest stack (1 MiB, on Windows)."""

MOST_KIB = 8 * 1024
"""The most stack for a text that is parsed at all: about 2,000 levels of operators."""

_MOST_BRACKETS = 200  # as in CPython: "too many nested parentheses"
_MOST_PATTERN_BRACKETS = 10  # each level of a `case` pattern more than doubles libcst's time: 20 levels take seconds

# Time in units of 0.4 microseconds: a chain of n levels takes n * n, and the nth nested bracket takes 22 * n.
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
        kib: The most stack that it needs, in KiB.
        excess: The offset of the first place that is nested too deeply to be parsed; `None` if there is none.
    """

    kib: int
    excess: int | None = None


def measure_nesting(text: str) -> Nesting:
    """Measure how deeply a text is nested. The time is linear in its length.

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
    """The state of a scan: the stack that is needed so far, in KiB."""

    __slots__ = ("brackets", "chain", "elifs", "held", "indents", "most", "pattern", "time", "too_deep")

    def __init__(self) -> None:
        self.brackets: list[int] = []  # for each open bracket, the chain that contains it
        self.chain = 0  # of the current element
        self.held = 0  # by open brackets, the chains that contain them, and indentation
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
        """Count a string with code in it: a level for the string, and the levels of the code."""
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
        if words == "elif":  # each is nested in the previous one; a chain is not seen to end, so this counts too many
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
    """The replacement fields of a formatted string, without their outer braces; nested fields are part of them."""
    depth = start = 0
    for match in _BRACES.finditer(token):
        brace = match.group()
        if depth == 0 and brace == "{":  # outside of fields, `{{` is a brace in the text
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
    """The stack that an operator, string or keyword adds to its chain, in KiB. `---x` has three operators."""
    if token == "lambda":
        return _LAMBDA
    return _CHAIN if token[0].isalpha() or token[0] in "\"'" else _CHAIN * len(token)


_starting = threading.Lock()
_local = threading.local()


def run_deep(work: Callable[[], Result]) -> Result:
    """The result of `work()`, with a stack of 64 MiB and a matching recursion limit.

    Raises:
        RecursionError: No such thread can be started, or its stack is too small, too.
    """
    if getattr(_local, "deep", False):
        return work()
    results: list[Result] = []
    failures: list[BaseException] = []

    def body() -> None:
        _local.deep = True
        try:
            results.append(work())
        except BaseException as error:  # raised again in the thread of the caller
            failures.append(error)

    _in_deep_thread(body)
    if failures:
        raise failures[0]
    return results[0]


def deeper_if_needed(work: Callable[[], Result]) -> Result:
    """The result of `work()`. If the recursion is too deep, it starts again with a larger stack.

    Each `elif` is nested in the previous one. So a tree that could be parsed may still be a thousand levels deep.

    Raises:
        RecursionError: See `run_deep`.
    """
    try:
        return work()
    except RecursionError:
        return run_deep(work)


def _in_deep_thread(body: Callable[[], None]) -> None:
    with _starting:  # the stack size and the recursion limit apply to the whole process
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
