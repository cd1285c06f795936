"""Whether code may read a name that a module defines. Not every word is such a name."""

from __future__ import annotations

from orderlint.screening.imports import is_outside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["may_bind", "may_read"]

_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" + bytes(range(128, 256)))
_BLANKS = b" \t\n\f"
_OBJECTS = (b"self", b"cls")
_DEFINING = (b"def", b"class")


def may_read(code: bytes, word: bytes, sources: Mapping[bytes, AbstractSet[bytes]]) -> bool:
    """Whether a word in code may refer to a name of a module.

    A name of a module is not read where the word is bound (`conv = 3`, `f(conv=3)`, `def conv(self)`), nor where it is
    an attribute of an object (`self.conv`) or of a framework (`tf.nn.conv`).

    Args:
        code: The code.
        word: The word.
        sources: The packages that names are imported from, by these names.
    >>> texts = b"conv(x)", b"self.conv", b"tf.conv", b"b.conv"
    >>> [may_read(text, b"conv", {b"tf": {b"tensorflow"}}) for text in texts]
    [True, False, False, True]
    """
    return any(
        not (_is_bound(code, end) or _is_defined(code, at) or _is_anothers(code, at, sources))
        for at, end in _places(code, word)
    )


def may_bind(code: bytes, word: bytes) -> bool:
    """Whether code may bind a word to something."""
    return any(_is_bound(code, end) for _, end in _places(code, word))


def _places(code: bytes, word: bytes) -> Iterator[tuple[int, int]]:
    """The positions of a word in code."""
    at = code.find(word)
    while at >= 0:
        end = at + len(word)
        if not (end < len(code) and code[end] in _LETTERS) and not (at and code[at - 1] in _LETTERS):
            yield at, end
        at = code.find(word, end)


def _is_bound(code: bytes, end: int) -> bool:
    """Whether something is bound to the word that ends here."""
    after = code[end : end + 20].lstrip(_BLANKS)
    return after.startswith(b"=") and not after.startswith(b"==")


def _is_defined(code: bytes, at: int) -> bool:
    before = code[max(at - 12, 0) : at]
    return before.rstrip(_BLANKS).endswith(_DEFINING) and before[-1:] in (b" ", b"\t")


def _is_anothers(code: bytes, at: int, sources: Mapping[bytes, AbstractSet[bytes]]) -> bool:
    """Whether the word that begins here is an attribute of an object that is not a module, or of a framework."""
    start = at
    while start and (code[start - 1] in _LETTERS or code[start - 1] == 46):
        start -= 1
    owners = code[start:at].split(b".")[:-1]
    if not owners or not owners[0]:
        return False
    if owners[0] in _OBJECTS:
        return len(owners) == 1
    found = sources.get(owners[0], frozenset())
    return bool(found) and all(is_outside(b".".join((source, *owners[1:]))) for source in found)
