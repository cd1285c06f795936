"""Results of code that was not run completely. A warning is only given if layers meet them.

A function of another module that is too complicated may create anything. If only its data is used (a path, the metrics
of a trained model), nothing is lost. But if its result is applied to a tensor, or a layer to its result, layers are
lost.
"""

from __future__ import annotations

from orderlint.graph import Limit
from orderlint.source.state.frames import Instance
from orderlint.source.state.values import Choice, External, Sequence, Unknown, Value

__all__ = ["Doubts"]

_LEADING = (Choice, External, Instance, Sequence, Unknown, tuple)
_DEEPEST = 12  # nested values that are searched


class Doubts:
    """The values from code that was not run completely, each with the limit that was reached."""

    def __init__(self) -> None:
        self._unknowns: dict[int, Limit] = {}
        self._objects: dict[int, Limit] = {}
        self._modules: set[str] = set()
        self._known: dict[int, Limit | None] = {}  # by the number of an unknown, until more doubts are added

    def note_module(self, name: str) -> None:
        """Record a module that may contain models and was not read."""
        self._modules.add(name)
        self._known.clear()

    def note(self, limit: Limit, result: Value, receiver: Value | None = None) -> None:
        """Note the results of a function: its return value, and the object whose method it is."""
        if isinstance(result, Unknown):
            self._unknowns[result.number] = limit
        if isinstance(receiver, Instance):
            self._objects[receiver.uid] = limit
        self._known.clear()

    def about(self, value: object, depth: int = 0) -> Limit | None:
        """The limit that the origin of a value reached; `None` for other values."""
        if depth > _DEEPEST or not (self._unknowns or self._objects or self._modules):
            return None
        if isinstance(value, External):
            return Limit.IMPORTS if value.name.rpartition(".")[0] in self._modules else None
        if isinstance(value, Unknown):
            if value.number not in self._known:
                self._known[value.number] = self._unknowns.get(value.number) or self.about(value.key, depth + 1)
            return self._known[value.number]
        if isinstance(value, Instance):
            return self._objects.get(value.uid)
        if isinstance(value, Choice):
            value = tuple(option for _, option in value.alternatives)
        elif isinstance(value, Sequence):
            value = tuple(element.value for element in value.elements)
        if isinstance(value, tuple):
            found = (self.about(part, depth + 1) for part in value if isinstance(part, _LEADING))
            return next((limit for limit in found if limit is not None), None)
        return None
