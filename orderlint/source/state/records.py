"""Named tuples, like those of `collections.namedtuple`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from orderlint.records import record
from orderlint.source.state.values import NativeFunction, Sequence, Value

__all__ = ["Record", "RecordClass"]


@record(frozen=True, slots=True)
class Record(Sequence):
    """A tuple whose elements have names.

    Attributes:
        names: The names, one for each element.
    """

    names: tuple[str, ...] = ()

    def get(self, name: str) -> Value | None:
        """The element with a name; `None` if there is none."""
        return self.elements[self.names.index(name)].value if name in self.names else None


@record(frozen=True, slots=True)
class RecordClass(NativeFunction):
    """A class of named tuples. A call creates one.

    Attributes:
        names: The names of the fields.
        defaults: The default values of fields.
    """

    names: tuple[str, ...] = ()
    defaults: Mapping[str, Value] = field(default_factory=dict, compare=False)
