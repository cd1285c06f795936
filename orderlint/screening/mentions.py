"""The roles that a file mentions, by names and by strings.

Strings count if code looks up names by strings (`getattr`), in this file or in one that it is used with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orderlint.screening.imports import imports_in
from orderlint.screening.vocabulary import ACTIVATION, BETWEEN_PIECES, EVERYTHING, Vocabulary

__all__ = [
    "BACKWARDS",
    "LONGEST_CODE",
    "LONGEST_FRAGMENT",
    "ROOTS",
    "Mentions",
    "Speller",
    "applies_anything",
    "divided",
    "looks_up",
    "looks_up_names",
    "mentions_of",
    "pieces_of",
    "spelled_roles",
]

BACKWARDS = b"::-1]"
"""Marks code that reads strings backward."""

ROOTS = (b"keras", b"tensorflow", b"layers")
"""Marks of the modules in which names of Keras are looked up."""

_LOOKUPS = (
    b"getattr",
    b"eval",
    b"exec",
    b"globals",
    b"locals",
    b"vars",
    b"__dict__",
    b"__getattribute__",
    b"attrgetter",
    b"methodcaller",
    b"getmembers",
    b"import_module",
    b"__import__",
    b"deserialize",
    b"deserialize_keras_object",
)
_LOOKUP = re.compile(rb"(?<!\w)(?:" + b"|".join(_LOOKUPS) + rb"|getattr_static)(?!\w)")
_TOKENS = re.compile(
    rb"""
      \#[^\n]*
    | \"\"\"([^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*)\"\"\"
    | \'\'\'([^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*)\'\'\'
    | \"([^"\\\n]*(?:\\.[^"\\\n]*)*)\"
    | \'([^'\\\n]*(?:\\.[^'\\\n]*)*)\'
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(rb"(?<!\w)(?:[bBrRuU]{1,2}|[fFtT][rR]?|[rR][fFtT])\Z")
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|u00([0-9a-fA-F]{2})|U000000([0-9a-fA-F]{2})|([0-7]{1,3}))|\\\n")
_ESCAPES = (b"\\x", b"\\u", b"\\U", b"\\1")
_LETTERS = frozenset(b"bBrRuUfFtT")
_BETWEEN_STRINGS = b" \t\n+()\\"
_CASES = (b".title(", b".capitalize(", b".swapcase(")
_APPLIES = re.compile(rb"(?<!\w)class\s|(?:^|[\r\n])[ \t\f]*@|[\w\])]\s*\(")
_DEFINES = re.compile(rb"(?<!\w)(?:def\s+\w+|import)\s*\(")


class Mentions:
    """The roles that a file mentions, as bits.

    Attributes:
        read: The roles of the names that it reads.
        spelled: The roles of the names that its strings contain, or that can be joined from them.
        looks_up: Whether it looks up names by strings.
    """

    __slots__ = ("looks_up", "read", "spelled")

    def __init__(self, read: int, spelled: int, looks_up: bool) -> None:
        self.read = read
        self.spelled = spelled
        self.looks_up = looks_up


def looks_up_names(data: bytes) -> bool:
    """Whether a text may look up names by strings."""
    return any(mark in data for mark in _LOOKUPS)


def looks_up(code: bytes) -> bool:
    """Whether code without strings looks up names by strings."""
    return looks_up_names(code) and _LOOKUP.search(code) is not None


def spelled_roles(data: bytes, vocabulary: Vocabulary, wanted: int) -> int:
    """The roles of names that strings of a text may spell, whole or joined: maybe more than they do, never fewer."""
    if b"\\N{LATIN" in data:
        return wanted
    if any(mark in data for mark in _ESCAPES):
        data = _ESCAPE.sub(_unescaped, data)
    # Without quotes and blanks, names that are written in several pieces are whole.
    found = vocabulary.roles_by_marks(data.translate(None, BETWEEN_PIECES), wanted)
    if BACKWARDS in data:
        found |= vocabulary.roles_by_marks(data[::-1], wanted)
    if found & wanted != wanted:
        found |= vocabulary.roles_of_beginnings(data, wanted & ~found, _changes_case(data))
    return found


def _changes_case(data: bytes) -> bool:
    return any(mark in data for mark in _CASES)


def _unescaped(match: re.Match[bytes]) -> bytes:
    """The character of an escape sequence, if it is printable."""
    if match.lastindex is None:
        return b""  # the end of a line
    code = int(match[4], 8) if match[4] else int(match[1] or match[2] or match[3], 16)
    return bytes([code]) if 0x20 < code < 0x7F else match[0]


def mentions_of(data: bytes, vocabulary: Vocabulary, wanted: int = EVERYTHING) -> Mentions:
    """The roles that the code of a file mentions.

    Args:
        data: The bytes of the file, which Python can parse.
        vocabulary: The names.
        wanted: The roles that matter.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    code, strings = divided(data)
    if strings is None:  # nested quotes, which Python 3.12 allows: code and strings cannot be separated
        everything = vocabulary.roles_by_marks(data, wanted)
        return Mentions(everything, spelled_roles(data, vocabulary, wanted), looks_up_names(data))
    rough = vocabulary.roles_by_marks(data, ACTIVATION & wanted)
    read = vocabulary.roles_in_code(code, _imported_names(code))
    spelled = Speller(vocabulary, data).roles(strings)
    return Mentions(read | rough, spelled | rough, looks_up(code))


def applies_anything(data: bytes) -> bool:
    """Whether a file contains code that could apply a layer: a call, a class, a decorator."""
    code, strings = divided(data.replace(b"\r", b"\n"))
    return strings is None or _APPLIES.search(_DEFINES.sub(b"", code)) is not None


def _imported_names(code: bytes) -> frozenset[bytes]:
    names: frozenset[bytes] = frozenset()
    for one in imports_in(code):
        if one.names is not None:
            names |= one.names
    return names


def divided(data: bytes) -> tuple[bytes, list[bytes] | None]:
    """The code of a text, including formatted strings, and its strings; `None` if they cannot be separated.

    In the code, each string is replaced by its number in quotes. Adjacent strings, with or without a `+` between them,
    also count as one string.

    >>> divided(b"x = 'a' + 'b'  # one")
    (b"x = '0' + '1''2'  ", [b'a', b'b', b'ab'])
    """
    code: list[bytes] = []
    strings: list[bytes] = []
    last, joined = 0, b""
    for match in _TOKENS.finditer(data):
        start, end = match.span()
        between = data[last:start]
        last = end
        number = match.lastindex
        if number is None:  # a comment
            code.append(between)
            continue
        body = match[number]
        kind = b""
        if between and between[-1] in _LETTERS:
            found = _PREFIX.search(between[-3:])
            if found is not None:
                kind = found[0].lower()
                between = between[: -len(kind)]
        code.append(between)
        if b"\\" in body and b"r" not in kind:
            body = _ESCAPE.sub(_unescaped, body)
        if ((kind and kind[0] in b"ft") or kind[1:] in (b"f", b"t")) and b"{" in body:
            if body.count(b"{") != body.count(b"}"):
                return data, None
            code.append(match[0].replace(b"\n", b" "))
        code.append(b"'%d'" % len(strings))
        strings.append(body)
        joined = joined + body if not between.strip(_BETWEEN_STRINGS) else body
        if len(body) < len(joined) <= LONGEST_CODE:
            code.append(b"'%d'" % len(strings))
            strings.append(joined)
    code.append(data[last:])
    return b"".join(code).replace(b"\\\n", b" "), strings


class Speller:
    """Determines which names strings spell."""

    def __init__(self, vocabulary: Vocabulary, data: bytes) -> None:
        self._vocabulary = vocabulary
        # In a file without Keras, strings are only taken literally, and `dropout` is the name of many things there.
        self._knows_keras = any(root in data for root in ROOTS)
        self._any_case = self._knows_keras and _changes_case(data)
        self._backwards = BACKWARDS in data
        self._evaluates = b"eval" in data or b"exec" in data
        self._names_characters = b"\\N{LATIN" in data

    def roles(self, strings: list[bytes]) -> int:
        if self._names_characters:
            return EVERYTHING
        found = 0
        for string in set(strings):
            if len(string) <= LONGEST_CODE:
                for text in self._texts(string.decode("utf-8", "replace")):
                    found |= self._roles(text)
        return found

    def _texts(self, text: str) -> Iterator[str]:
        yield text
        if self._backwards:
            yield text[::-1]

    def _roles(self, text: str) -> int:
        vocabulary, found = self._vocabulary, 0
        if len(text) <= LONGEST_FRAGMENT and " " not in text:
            found |= vocabulary.roles_of_fragment(pieces_of(text), self._any_case)
        if self._evaluates or _DOTTED.fullmatch(text):
            for word in _NOT_WORD.split(text):
                if word != "dropout" or self._knows_keras:
                    found |= vocabulary.role_of(word)
        return found


_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\{[^{}]*\}")
_NOT_LETTERS = re.compile(r"[^a-zA-Z0-9]+")
_NOT_WORD = re.compile(r"\W+")
_DOTTED = re.compile(r"[\w.]+")
LONGEST_FRAGMENT = 40
"""The most letters of a string that is joined into a name."""
LONGEST_CODE = 400
"""The most letters of a text that is evaluated: twice the limit of the analysis."""


def pieces_of(text: str) -> list[str]:
    """The pieces of a string that may be joined into a name, without placeholders and without its owner."""
    name = _PLACEHOLDER.sub("/", text).rpartition(".")[2]
    return [piece for piece in _NOT_LETTERS.split(name) if piece]
