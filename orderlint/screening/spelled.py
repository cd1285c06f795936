"""The names that the strings of code may contain, whole or joined."""

from __future__ import annotations

import re
from bisect import bisect_left

from orderlint.screening.mentions import LONGEST_CODE, LONGEST_FRAGMENT, pieces_of
from orderlint.screening.vocabulary import SHORTEST_FRAGMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Spelled", "spelled_by"]

_WORD = re.compile(r"\w+")


class Spelled:
    """The names that code may contain in strings.

    Attributes:
        words: The words in its strings, and its names, because names of arguments and attributes may become strings.
        pieces: The words of strings from which a name may be joined.
    """

    __slots__ = ("pieces", "words")

    def __init__(self, words: Iterable[str] = (), pieces: Iterable[str] = ()) -> None:
        self.words = {*words}
        self.pieces = {*pieces}

    def copy(self) -> Spelled:
        """A copy, to add others to."""
        return Spelled(self.words, self.pieces)

    def add(self, other: Spelled) -> None:
        """Add the words and pieces of another one."""
        self.words |= other.words
        self.pieces |= other.pieces

    def among(self, names: Iterable[bytes], *, any_case: bool) -> Iterator[bytes]:
        """The names, among the given ones, that are words, or that begin with a piece or consist of pieces."""
        words, pieces = _folded(self.words, any_case), _folded(self.pieces, any_case)
        beginnings = sorted(piece for piece in pieces if len(piece) >= SHORTEST_FRAGMENT)
        for name in names:
            text = _text(name, any_case)
            if text in words or _begins(text, beginnings) or _consists(text, pieces):
                yield name

    def after(self, beginnings: Iterable[bytes], names: Iterable[bytes], *, any_case: bool) -> Iterator[bytes]:
        """The names, among the given ones, that begin with one of `beginnings` and continue with pieces."""
        pieces = _folded(self.pieces, any_case)
        first = {_text(beginning, any_case) for beginning in beginnings}
        for name in names:
            text = _text(name, any_case)
            if any(text[:end] in first and _consists(text[end:], pieces) for end in range(1, len(text))):
                yield name


def _folded(texts: set[str], any_case: bool) -> set[str]:
    return {text.lower() for text in texts} if any_case else texts


def _text(name: bytes, any_case: bool) -> str:
    text = name.decode("utf-8", "replace")
    return text.lower() if any_case else text


def spelled_by(strings: Iterable[bytes], *, evaluates: bool = False, reverses: bool = False) -> Spelled:
    """The names that strings may contain.

    Args:
        strings: The strings.
        evaluates: Whether they may be run as code. If not, strings with blanks contain no names.
        reverses: Whether they may also be read backward.
    >>> [*spelled_by([b"conv_{}", b"c"]).among([b"conv_block", b"c3", b"head"], any_case=False)]
    [b'conv_block', b'c3']
    """
    found = Spelled()
    for string in strings:
        if len(string) > LONGEST_CODE or (b" " in string and not evaluates):
            continue
        text = string.decode("utf-8", "replace")
        words = _WORD.findall(text)
        pieces = words if evaluates else pieces_of(text) if len(text) <= LONGEST_FRAGMENT else []
        found.words.update(words)
        found.pieces.update(pieces)
    if reverses:
        found.words.update(word[::-1] for word in [*found.words])
        found.pieces.update(piece[::-1] for piece in [*found.pieces])
    return found


def _begins(name: str, beginnings: Sequence[str]) -> bool:
    """Whether a name begins with one of some texts, which are sorted."""
    for length in range(SHORTEST_FRAGMENT, len(name) + 1):
        at = bisect_left(beginnings, name[:length])
        if at == len(beginnings) or not beginnings[at].startswith(name[:length]):
            return False
        if len(beginnings[at]) == length:
            return True
    return False


def _consists(name: str, pieces: set[str]) -> bool:
    """Whether a name consists of pieces, digits and underscores."""
    ends = {0}
    for end in range(1, len(name) + 1):
        last = name[end - 1]
        if (end - 1 in ends and (last == "_" or last.isdigit())) or any(name[start:end] in pieces for start in ends):
            ends.add(end)
    return len(name) in ends
