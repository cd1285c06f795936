"""The imports of a file, read from its bytes. It may find too many (an import in a string), but never too few."""

from __future__ import annotations

from orderlint.text.marks import FRAMEWORKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ALL", "Import", "attributes_in", "imports_in", "is_outside", "spelled_in", "words_in"]

ALL = b"*"
"""The name that `from module import *` imports."""

_FRAMEWORKS = frozenset(name.encode() for name in FRAMEWORKS)
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" + bytes(range(128, 256))
_APART = bytes(code if code in _LETTERS else 32 for code in range(256))  # blanks for all that is not part of a word
_DOTTED = bytes(code if code in _LETTERS or code == 46 else 32 for code in range(256))  # dots are kept, too
_BEFORE = frozenset(b" \t\f\n;:.\"'()")
_AFTER = frozenset((b" ", b"\t", b"\f", b"(", b"*"))


class Import:
    """One import.

    Attributes:
        level: The number of dots of a relative import.
        module: The dotted name after `import` or `from`.
        names: The names that are imported, and their names here; `None` for `import module`.
        bound: The name that `import module` binds.
    """

    __slots__ = ("bound", "level", "module", "names")

    def __init__(self, level: int, module: str, names: frozenset[bytes] | None, bound: bytes = b"") -> None:
        self.level = level
        self.module = module
        self.names = names
        self.bound = bound


def imports_in(data: bytes, *, frameworks: bool = True) -> Iterator[Import]:
    """The imports in a text.

    Args:
        data: The text.
        frameworks: Whether to include imports from frameworks, whose files are never read.
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
    """Whether a dotted name belongs to a framework, which is never read."""
    return name.partition(b".")[0] in _FRAMEWORKS and b"applications" not in name


def _from(source: bytes, data: bytes, end: int) -> Import:
    module = source.lstrip(b".")
    rest = _line(data, end).lstrip()
    if rest.startswith(b"("):
        rest = _parenthesized(data, data.find(b"(", end) + 1)
    names = frozenset((ALL,) if rest.startswith(ALL) else rest.partition(b"#")[0].translate(_APART).split())
    return Import(len(source) - len(module), _text(module), names)


def _parenthesized(data: bytes, start: int) -> bytes:
    """The text between parentheses, without comments."""
    lines = []
    while start < len(data):
        line = _line(data, start)
        start += len(line) + 1
        inside, closing, _ = line.partition(b"#")[0].partition(b")")
        lines.append(inside)
        if closing:
            break
    return b" ".join(lines)


def _plain(data: bytes, end: int) -> Iterator[Import]:
    for part in _line(data, end).partition(b"#")[0].partition(b";")[0].split(b","):
        words = part.replace(b" .", b".").replace(b". ", b".").translate(_DOTTED).split()
        if words:
            alias = words[2] if words[1:2] == [b"as"] and len(words) > 2 else words[0].partition(b".")[0]
            yield Import(0, _text(words[0]), None, alias)


def attributes_in(data: bytes) -> frozenset[bytes]:
    """All words of a text that follow a dot."""
    import re

    return frozenset(re.findall(rb"\.\s*([A-Za-z_\x80-\xff][\w\x80-\xff]*)", data))


def spelled_in(data: bytes) -> Iterable[tuple[str, bool]]:
    """The dotted names in the strings of a text, each with whether another name may follow it."""
    import re

    name = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
    found = re.findall(rb"""["'](""" + name + rb"(?:\." + name + rb""")*)(["']|\.["'{%])""", data)
    return [(_text(word), end.startswith(b".")) for word, end in found]


def words_in(data: bytes) -> frozenset[bytes]:
    """All words of a text, in code, comments or strings."""
    return frozenset(data.translate(_APART).split())


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogateescape")
