"""The parts of a module: its definitions, and the code that runs on import. They are separated by indentation.

If code cannot be separated, it counts as run on import, so a module may seem to use more than it does, never less.
"""

from __future__ import annotations

import re
from functools import cache

from orderlint.screening.imports import ALL, words_in
from orderlint.screening.mentions import divided
from orderlint.screening.reads import may_read
from orderlint.screening.spelled import spelled_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from orderlint.screening.spelled import Spelled

__all__ = ["OWN", "Decorator", "Part", "Parts"]

OWN = b"."
"""The source of relative imports."""

_WORD = rb"[\w\x80-\xff]+"
_BLOCK = re.compile(
    rb"(?:(?:class|if|elif|else|try|except|finally|with)\b[^\n]*"
    rb"|class[ \t]+" + _WORD + rb"\s*\((?:[^()]|\([^()]*\))*\)\s*):[ \t]*\n\s*?([ \t]+)\S"
)
_DEFINITION = re.compile(rb"(?:(?:async[ \t]+)?def|class)[ \t]+(" + _WORD + rb")")
_DECORATOR = re.compile(rb"@[ \t]*(" + _WORD + rb")((?:[ \t]*\.[ \t]*" + _WORD + rb")*)[ \t]*")
# Strings are replaced by numbers in quotes here.
_ARGUMENTS = re.compile(rb"(?:\((?:[\s'\d.,\[\]()]|[^\W\d][\w\x80-\xff]*\s*=|True\b|False\b|None\b)*\))?\s*")
_IMPORT = re.compile(
    rb"^[ \t]*(?:from\b([\w\x80-\xff. \t]+)\bimport\b[ \t]*(\([^)]*\)|[^\n;]*)|import\b[ \t]([^\n;]*))", re.MULTILINE
)
_TAKEN = re.compile(rb"(" + _WORD + rb"|\*)(?:\s+as\s+(" + _WORD + rb"))?")
_BOUND = re.compile(rb"(" + _WORD + rb")(?:[ \t]*\.[ \t]*(" + _WORD + rb"))*(?:\s+as\s+(" + _WORD + rb"))?\s*(?:,|$)")
# For example a table of definitions, which is created without running any of them.
_TABLE = re.compile(rb"(" + _WORD + rb")[ \t]*(?::[^=\n]*|\[[^\[\]\n]*\][ \t]*)?=(?!=)")
_BINDS_MORE = re.compile(rb";|:=|\bimport\b|^[^(]*(?<![=!<>])=(?!=)")
_CALL = re.compile(rb"((?<![\w\x80-\xff])[\w\x80-\xff]+|[)\]])\s*\(")
_MAKES_TABLES = frozenset(b"OrderedDict TypeVar dict frozenset list namedtuple set tuple".split())
_EXPORTS = re.compile(rb"__all__[ \t]*\+?=[ \t]*[\[(][^\[\]()]*[\])][ \t]*\n?")
_FARTHEST = 80  # characters of indentation; deeper blocks are not divided
_MARK = re.compile(rb"'(\d{1,9})'")


class Decorator:
    """A decorator of a definition.

    Attributes:
        root: The first part of its name: `registry` in `@registry.register("net")`.
        name: The last part: `register`.
        is_plain: Whether its arguments are strings and numbers.
    """

    __slots__ = ("is_plain", "name", "root")

    def __init__(self, found: re.Match[bytes]) -> None:
        self.root = found[1]
        self.name = found[2].rpartition(b".")[2].strip() or found[1]
        self.is_plain = _ARGUMENTS.fullmatch(found.string, found.end()) is not None


class Part:
    """A part of a module.

    Attributes:
        module: The module.
        code: Its text, without comments and imports. Strings are replaced by numbers in quotes.
        decorators: Its decorators; `None` for one that is not a name.
        decorating: The code of its decorators.
    """

    __slots__ = ("_reads", "_spelled", "_words", "code", "decorating", "decorators", "module")

    decorating: Part | None

    def __init__(self, code: bytes, module: Parts, decorators: Sequence[bytes] = ()) -> None:
        self.module = module
        self.code = _IMPORT.sub(module.take_import, code) if b"import" in code else code
        found = (_DECORATOR.match(one) for one in decorators)
        self.decorators = [None if one is None else Decorator(one) for one in found]
        self.decorating = Part(b"".join(decorators), module) if decorators else None
        self._words: frozenset[bytes] | None = None
        self._reads: dict[bytes, bool] = {}
        self._spelled: dict[tuple[bool, bool], Spelled] = {}

    @property
    def is_definition(self) -> bool:
        """Whether it defines a function or a class."""
        return _DEFINITION.match(self.code) is not None

    @property
    def words(self) -> frozenset[bytes]:
        """All words in its code."""
        if self._words is None:
            self._words = words_in(self.code)
        return self._words

    def reads(self, names: AbstractSet[bytes]) -> Iterator[bytes]:
        """The names, among the given ones, that it may read from a module."""
        for name in self.words & names:
            found = self._reads.get(name)
            if found is None:
                found = self._reads[name] = may_read(self.code, name, self.module.sources)
            if found:
                yield name

    @property
    def strings(self) -> list[bytes]:
        """The strings in its code."""
        strings = self.module.strings
        numbers = (int(mark[1]) for mark in _MARK.finditer(self.code))
        return [strings[number] for number in numbers if number < len(strings)]

    def spelled(self, evaluates: bool, reverses: bool) -> Spelled:
        """The names that its strings may contain; see `spelled_by`."""
        manner = (evaluates, reverses)
        if manner not in self._spelled:
            found = spelled_by(self.strings, evaluates=evaluates, reverses=reverses)
            found.words.update(word.decode("utf-8", "replace") for word in self.words)
            self._spelled[manner] = found
        return self._spelled[manner]


class Parts:
    """The parts of a module.

    Args:
        data: The code of the module.

    Attributes:
        data: The code of the module.
        run: The code that runs on import, without decorators.
        definitions: The functions and classes at the top level, and tables of them, by name.
        renamed: The original names of imports with another name, by that name.
        sources: The packages that names are imported from, by these names.
        strings: The strings of the module, by their numbers.
        is_clear: Whether strings and code can be separated.
    """

    __slots__ = ("data", "definitions", "is_clear", "renamed", "run", "sources", "strings")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.definitions: dict[bytes, list[Part]] = {}
        self.renamed: dict[bytes, set[bytes]] = {}
        self.sources: dict[bytes, set[bytes]] = {}
        code, strings = divided(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        self.is_clear = strings is not None
        self.strings: Sequence[bytes] = strings or ()
        self.run = Part(b"".join(self._defined(code, 0)), self)

    def take_import(self, found: re.Match[bytes]) -> bytes:
        """Note what an import binds, which uses nothing, and return the remaining code."""
        package, taken, modules = found.groups()
        if taken is not None:
            source = OWN if b"applications" in package else package.strip().partition(b".")[0].strip() or OWN
            for name, other in _TAKEN.findall(taken):
                self.sources.setdefault(other or name, set()).add(source)
                if other:
                    self.renamed.setdefault(other, set()).add(name)
        else:
            for source, last, other in _BOUND.findall(modules):
                leads_on = OWN if last == b"applications" else source
                self.sources.setdefault(other or source, set()).add(leads_on)
                if other:
                    self.renamed.setdefault(other, set()).add(last or source)
        return b""

    @property
    def takes_all(self) -> bool:
        """Whether it imports all names of a module."""
        return ALL in self.sources

    def _defined(self, code: bytes, margin: int) -> Iterator[bytes]:
        """Note the definitions in the code of a block, and return the remaining code, which runs.

        Args:
            code: The code.
            margin: The indentation of the block, or of a block around it.
        """
        decorators: list[bytes] = []
        for text in _statements(margin).split(code):
            statement = text.lstrip(b" \t")
            if statement.startswith(b"@"):
                decorators.append(statement)
                continue
            found = _DEFINITION.match(statement) or _table(statement)
            if found is not None:
                if statement.startswith(b"class"):
                    yield from _run_in_class(text, decorators)
                self.definitions.setdefault(found[1], []).append(Part(statement, self, decorators))
            else:
                yield from decorators
                inner = _block(text)
                if inner is not None:
                    yield text[: -len(inner[0])]
                    yield from self._defined(*inner)
                else:
                    yield _EXPORTS.sub(b"", text, count=1) if statement.startswith(b"__all__") else text
            decorators = []


def _run_in_class(text: bytes, decorators: list[bytes]) -> Iterator[bytes]:
    """The code that runs when a class is defined, except values that are only bound to its own attributes.

    Args:
        text: The text of the class.
        decorators: The decorators of its methods are added here, because they run at the same time.
    """
    inner = _block(text)
    if inner is None:
        yield text
        return
    code, margin = inner
    for one in _statements(margin).split(code):
        statement = one.lstrip(b" \t")
        if statement.startswith(b"@"):
            decorators.append(statement)
        elif statement.startswith(b"class"):
            yield from _run_in_class(one, decorators)
        elif _DEFINITION.match(statement) is None:
            table = _table(statement)
            if table is None or b"[" in table[0]:
                yield one


def _block(text: bytes) -> tuple[bytes, int] | None:
    """The block that begins below the first line of a text, and its indentation."""
    found = _BLOCK.match(text, len(text) - len(text.lstrip(b" \t")))
    return None if found is None or len(found[1]) > _FARTHEST else (text[found.start(1) :], len(found[1]))


def _table(statement: bytes) -> re.Match[bytes] | None:
    """The match of a statement that binds a name to a value without running code of the project; else `None`."""
    found = _TABLE.match(statement)
    if found is None or statement.startswith(b"__") or _BINDS_MORE.search(statement[found.end() :]):
        return None
    return found if _MAKES_TABLES.issuperset(_CALL.findall(statement)) else None


@cache
def _statements(margin: int) -> re.Pattern[bytes]:
    """Divides a block: a line without deeper indentation begins a statement, unless it closes a bracket."""
    return re.compile(rb"^(?=[ \t]{0,%d}[^\s)\]}])" % margin, re.MULTILINE)
