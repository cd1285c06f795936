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
        flags: The flags of `re`.
    """

    pattern: str
    flags: int = 0


@record(frozen=True, slots=True)
class Match(Sequence):
    """A match: the matched text, then the text of each group; `None` for a group that did not take part.

    Attributes:
        names: The name of each named group, with its number.
    """

    names: tuple[tuple[str, int], ...] = ()

    def group(self, key: object) -> Value | None:
        """A group by its number or name; `None` if it does not exist."""
        number = dict(self.names).get(key) if isinstance(key, str) else key
        if not isinstance(number, int) or not 0 <= number < len(self.elements):
            return None
        return self.elements[number].value

    @classmethod
    def of(cls, groups: tuple[str | None, ...], names: tuple[tuple[str, int], ...]) -> Match:
        """The match with these groups. The first group is the whole match."""
        return cls(tuple(Element(Const(group)) for group in groups), names)
