"""What a file imports, read from its bytes: more than it does (what looks like an import in a string), never less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["ALL", "FRAMEWORKS", "Import", "attributes_in", "imports_in", "spelled_in", "words_in"]

ALL = b"*"
"""What `from module import *` takes."""

FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "torch", "flax", "jax", "keras_core"})
"""Of these only the code that builds models is read; their layers are in the catalog."""

_FRAMEWORKS = frozenset(name.encode() for name in FRAMEWORKS)
_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_WORD = re.compile(_NAME)
_ATTRIBUTE = re.compile(rb"\.\s*(" + _NAME + rb")")
_SPELLED = re.compile(rb"""["'](""" + _NAME + rb"(?:\." + _NAME + rb""")*)(["']|\.["'{%])""")
_COMMENT = re.compile(rb"#[^\n]*")
_PARENTHESES = re.compile(rb"\((?:[^()#]|#[^\n]*)*\)?")
_DOTTED = re.compile(_NAME + rb"(?:\s*\.\s*" + _NAME + rb")*")
_BEFORE = frozenset(b" \t\f\n;:.\"'()")
_AFTER = frozenset((b" ", b"\t", b"\f", b"(", b"*"))


class Import(NamedTuple):
    """One import.

    Attributes:
        level: The dots of a relative import.
        module: The dotted name after `import` or `from`.
        names: What is taken from it, and what that is called here; `None` for `import module`.
        bound: What `import module` binds.
    """

    level: int
    module: str
    names: frozenset[bytes] | None
    bound: bytes = b""


def imports_in(data: bytes, *, frameworks: bool = True) -> Iterator[Import]:
    """The imports in a text.

    Args:
        data: The text.
        frameworks: Whether those from frameworks count, which lead to no file that is read.

    >>> [(one.level, one.module, one.bound) for one in imports_in(b"import a.b as c, d\\nfrom ..e import f\\n")]
    [(0, 'a.b', b'c'), (0, 'd', b'd'), (2, 'e', b'')]
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\\\n" in data:
        data = data.replace(b"\\\n", b" ")
    at = data.find(b"import")
    while at >= 0:
        end = at + 6
        if (at == 0 or data[at - 1] in _BEFORE) and data[end : end + 1] in _AFTER:
            start = data.rfind(b"\n", 0, at) + 1
            head = data[start:at]
            if b"from" in head:
                source = b"".join(head.rpartition(b"from")[2].split())
                if frameworks or not is_outside(source):
                    yield _from(source, data, end)
            else:
                yield from _plain(data, end)
        at = data.find(b"import", end)


def _line(data: bytes, start: int) -> bytes:
    end = data.find(b"\n", start)
    return data[start:] if end < 0 else data[start:end]


def is_outside(name: bytes) -> bool:
    """Whether a dotted name is one of a framework of which nothing is read."""
    return name.partition(b".")[0] in _FRAMEWORKS and b"applications" not in name


def _from(source: bytes, data: bytes, end: int) -> Import:
    module = source.lstrip(b".")
    rest = _line(data, end).lstrip()
    if rest.startswith(b"("):
        match = _PARENTHESES.match(data, data.find(b"(", end))
        rest = _COMMENT.sub(b"", match[0]) if match is not None else rest
    names = frozenset((ALL,) if rest.startswith(ALL) else _WORD.findall(rest))
    return Import(len(source) - len(module), _text(module), names)


def _plain(data: bytes, end: int) -> Iterator[Import]:
    for part in _line(data, end).partition(b";")[0].split(b","):
        match = _DOTTED.match(part.strip())
        if match is not None:
            name = b"".join(match[0].split())
            alias = part.strip()[match.end() :].split()[1:2]
            yield Import(0, _text(name), None, alias[0] if alias else name.partition(b".")[0])


def attributes_in(data: bytes) -> frozenset[bytes]:
    """Every word of a text that stands behind a dot."""
    return frozenset(_ATTRIBUTE.findall(data))


def spelled_in(data: bytes) -> Iterator[tuple[str, bool]]:
    """The dotted names in the strings of a text, each with whether a further name may follow it."""
    for name, end in _SPELLED.findall(data):
        yield _text(name), end.startswith(b".")


def words_in(data: bytes) -> frozenset[bytes]:
    """Every word of a text, be it code, comment or string."""
    return frozenset(_WORD.findall(data))


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogateescape")
