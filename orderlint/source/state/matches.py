"""Known regular expressions, and their matches."""

from __future__ import annotations

from orderlint.records import record
from orderlint.source.state.values import Const, Element, Sequence, Value

__all__ = ["Match", "Regex"]


@record(frozen=True, slots=True)
class Regex(Value):
    """A compiled regular expression.

    Attributes:
        pattern: Its text.
        flags: Those of `re`.
    """

    pattern: str
    flags: int = 0


@record(frozen=True, slots=True)
class Match(Sequence):
    """A match: the text of the whole, then that of each group; `None` for a group that took no part.

    Attributes:
        names: The name of each group that has one, with its number.
    """

    names: tuple[tuple[str, int], ...] = ()

    def group(self, key: object) -> Value | None:
        """A group by its number or name; `None` if there is none."""
        number = dict(self.names).get(key) if isinstance(key, str) else key
        if not isinstance(number, int) or not 0 <= number < len(self.elements):
            return None
        return self.elements[number].value

    @classmethod
    def of(cls, groups: tuple[str | None, ...], names: tuple[tuple[str, int], ...]) -> Match:
        """The match with these groups, of which the first is the whole."""
        return cls(tuple(Element(Const(group)) for group in groups), names)
