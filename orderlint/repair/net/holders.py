"""The names in a file that refer to the model that a repair changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from orderlint.repair.net.readings import Fed, Lookup, Lookups, Scope, Value
from orderlint.repair.net.sources import Sources

__all__ = ["Holders", "Line"]

_MODELS = frozenset({"Functional", "Model", "Sequential"})
_OWN = "self."
"""The prefix of names that all methods of an object share."""
Line = tuple["int | None", int]
"""A notebook cell, if any, and a line in it."""


class Holders:
    """The names that may refer to a model whose layers are on some lines.

    A function with such a line makes such a model, and so does each function that calls it. A name refers to a model if
    it is bound to the result of such a function or to another such name, or if it is a parameter that gets one. Lists
    of the layers are followed to the models that are made of them.

    Args:
        found: What a file reads and binds.
        changed: The lines of the layers, if they are in this file.
        makers: Functions of other files that make such a model.
    """

    def __init__(self, found: Lookups, changed: Collection[Line] = (), makers: Iterable[str] = ()) -> None:
        self.found = found
        self.changed = changed
        self.makers = set(makers)
        self.inside = self._scopes()
        self.makers |= self.inside - {""}
        self._close()
        self.held: set[tuple[Scope, str]] = set()
        self.parts: set[tuple[Scope, str]] = set()  # loop variables that run over a list of the layers
        self._spread()

    def holds(self, lookup: Lookup) -> bool:
        """Whether a lookup by index may be about such a model."""
        name, scope = lookup.receiver, lookup.scope
        if name == "self" and scope in self.inside:
            return True
        if name.startswith(_OWN):
            return ("", name) in self.held
        bound = (scope, name) in self._bound
        is_parameter = name in self.found.parameters.get(scope, ())
        return (scope, name) in self.held or (not bound and not is_parameter and ("", name) in self.held)

    @cached_property
    def _bound(self) -> set[tuple[Scope, str]]:
        return {(one.scope, one.target) for one in self.found.values}

    @cached_property
    def _first(self) -> tuple[int, int] | None:
        """The first line of the layers."""
        return min(((cell or 0, line) for cell, line in self.changed), default=None)

    @cached_property
    def _is_added(self) -> bool:
        """Whether a line of the layers adds them to a model."""
        return any((cell, line) in self.changed for _, cell, line in self.found.added)

    def _scopes(self) -> set[Scope]:
        """The functions and classes that contain the layers; `""`, the module, for layers outside of them."""
        inside = set()
        for cell, line in self.changed:
            around = [one for one in self.found.definitions if one[1] == cell and one[2] <= line <= one[3]]
            inside |= {name for name, *_ in around} or {""}
        return inside

    def _close(self) -> None:
        """Add the functions that call a maker to the makers."""
        while True:
            more = {scope for scope, called in self.found.calls.items() if scope and called & self.makers} - self.makers
            if not more:
                return
            self.makers |= more

    def _spread(self) -> None:
        for name, cell, line in self.found.added:
            if (cell, line) in self.changed:
                self.held |= {_at(scope, name) for scope in self.inside}
        while True:
            more = {_at(one.scope, one.target) for one in self.found.values if self._is_held(one)}
            more |= {_at(one.scope, one.target) for one in self.found.fed if self._is_fed(one)}
            more |= {_at(*one) for one in self._parameters()}
            parts = {_at(one.scope, one.target) for one in self.found.walked if self._come_from(one.scope, one.sources)}
            if more <= self.held and parts <= self.parts:
                return
            self.held |= more
            self.parts |= parts

    def _is_fed(self, fed: Fed) -> bool:
        """Whether layers of the model are added to a list or a model."""
        if (fed.cell, fed.line) in self.changed and fed.scope in self.inside:
            return True
        is_part = fed.element is not None and bool({_at(fed.scope, fed.element), ("", fed.element)} & self.parts)
        return is_part or self._come_from(fed.scope, fed.sources)

    def _come_from(self, scope: Scope, sources: Sources) -> bool:
        """Whether elements come from a list of the layers, or from a maker."""
        names = {at for name in sources.names for at in (_at(scope, name), ("", name))}
        return bool(names & self.held or sources.calls & self.makers)

    def _is_held(self, value: Value) -> bool:
        if value.called in self.makers:
            return True
        is_written = value.is_list and value.scope in self.inside and self._stands_in(value)
        if is_written or (
            (value.is_list or value.called == "Sequential") and self._come_from(value.scope, value.sources)
        ):
            return True
        if value.called in _MODELS and value.scope in self.inside and not self._is_before_all(value):
            if self._stands_in(value):
                return True
            return value.called != "Sequential" and not self._is_added
        return value.named is not None and bool({_at(value.scope, value.named), ("", value.named)} & self.held)

    def _stands_in(self, value: Value) -> bool:
        """Whether one of the layers is in a statement."""
        first, last = value.lines
        return any(cell == value.cell and first <= line <= last for cell, line in self.changed)

    def _is_before_all(self, value: Value) -> bool:
        """Whether a model, other than a `Sequential`, was made before the first of the layers: it has none of them."""
        is_before = self._first is None or (value.cell or 0, value.lines[1]) < self._first
        return is_before and value.called != "Sequential"

    def _parameters(self) -> Iterator[tuple[Scope, str]]:
        """The parameters that get such a model."""
        for one in self.found.arguments:
            names = self.found.parameters.get(one.function, [])
            is_held = one.called in self.makers or (
                one.named is not None and bool({_at(one.scope, one.named), ("", one.named)} & self.held)
            )
            if is_held and one.place < len(names):
                yield one.function, names[one.place]


def _at(scope: Scope, name: str) -> tuple[Scope, str]:
    """The key of a name. An attribute of an object belongs to all of its methods."""
    return ("" if name.startswith(_OWN) else scope), name
