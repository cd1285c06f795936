"""Key patterns: what is known of the keys of a dictionary that are texts: `d["conv%d" % i]`, `d[f"{name}/norm"]`.

Only the literal pieces of such keys are known. They distinguish most of the keys: no key of `"conv%d"` is a key of
`"norm%d"`. A *pattern* is the sequence of the pieces of a key. Keys with the same spelling have the same pattern.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from orderlint.source.python import iterations, pieces
from orderlint.source.state.values import Const, Unknown, Value

__all__ = ["LONGEST", "KeyPattern", "can_meet", "pattern_of"]

LONGEST = 80  # pieces of a pattern
_ANY = ""
_DIGIT = "digit"


class _Piece(NamedTuple):
    """A letter, `_DIGIT` or `_ANY`: once, or any number of times."""

    letter: str
    repeats: bool = False

    def can_be(self, other: _Piece) -> bool:
        """Whether one letter fits both pieces."""
        one, two = self.letter, other.letter
        if _ANY in (one, two) or one == two:
            return True
        return (one == _DIGIT and two.isdecimal()) or (two == _DIGIT and one.isdecimal())


KeyPattern: TypeAlias = tuple[_Piece, ...]


def pattern_of(key: Value) -> KeyPattern | None:
    """The pattern of a key; `None` if it is not a text, if no letter of it is known, or if it is too long."""
    if not pieces.is_text(key):
        return None
    made: list[_Piece] = []
    for piece in pieces.pieces_of(key):
        if isinstance(piece, str):
            made.extend(map(_Piece, piece))
        elif isinstance(piece, Unknown) and iterations.is_positive(piece):
            made += [_Piece(_DIGIT), _Piece(_DIGIT, repeats=True)]
        else:
            made.append(_Piece(_ANY, repeats=True))
        if len(made) > LONGEST:
            return None
    return tuple(made) if isinstance(key, Const) or any(not piece.repeats for piece in made) else None


@lru_cache(maxsize=4096)
def can_meet(one: KeyPattern, other: KeyPattern) -> bool:
    """Whether a text can fit both patterns."""
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        at, to = todo.pop()
        if at == len(one) and to == len(other):
            return True
        following = []
        if at < len(one) and one[at].repeats:
            following.append((at + 1, to))
        if to < len(other) and other[to].repeats:
            following.append((at, to + 1))
        if at < len(one) and to < len(other) and one[at].can_be(other[to]):
            following.append((at + (not one[at].repeats), to + (not other[to].repeats)))
        todo += (step for step in following if step not in seen)
        seen.update(following)
    return False
