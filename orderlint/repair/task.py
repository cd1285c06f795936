"""A move with the places of its layers."""

from __future__ import annotations

from orderlint.repair.drafts import Draft, Refused
from orderlint.repair.moves import Move
from orderlint.repair.newlayer import NewLayer, split_off
from orderlint.repair.places import Kind, Place, place_of
from orderlint.repair.syntax import Syntax

__all__ = ["Task"]


class Task:
    """A move to make in the source.

    Attributes:
        move: What is to be moved.
        first: Where the first of the layers concerned stands.
        last: Where the last of them stands.
        linears: Where the layers stand that lose their inline activation.
        taken: Names given to new layers.
    """

    def __init__(self, syntax: Syntax, move: Move, taken: set[str]) -> None:
        self.syntax = syntax
        self.move = move
        self.taken = taken
        self.first = place_of(syntax, move.calls[0])
        self.last = place_of(syntax, move.calls[-1])
        self.linears = [place_of(syntax, linear) for linear in move.linears]

    @property
    def is_listed(self) -> bool:
        """Whether the layers are elements of one list.

        What a call in a list is, a layer that a function makes or a value that a layer gives, is told by the others:
        values in one list are not fed by each other.
        """
        holder = self.first.holder
        if holder is None or self.last.holder is not holder:
            return False
        distinct = {place.spot.node for place in self.ends if place.holder is holder}
        return self.first.kind is self.last.kind is Kind.ELEMENT or len(distinct) > 1

    @property
    def ends(self) -> list[Place]:
        """The places that decide: of the linear layers, the first and the last."""
        return [*self.linears, self.first, self.last]

    def every_place(self) -> list[Place]:
        """The places of all layers concerned."""
        return [place_of(self.syntax, call) for call in self.move.calls]

    def split_off(self, draft: Draft) -> NewLayer:
        """Make a layer of the inline activation."""
        return split_off(draft, self.syntax, self.move.linears, self.move.calls[-1], self.last.spot, self.taken)

    def check_function(self) -> None:
        """See that all layers concerned stand in one function.

        Raises:
            Refused: They do not.
        """
        functions = {place.function for place in self.ends}
        if len(functions) > 1:
            names = sorted(_name(function) for function in functions)
            raise Refused(f"the layers stand in different functions ({', '.join(names)}); apply them in one")


def _name(function: object) -> str:
    name = getattr(function, "name", None)
    if name is not None:
        return f"`{name.value}`"
    return "the module" if function is None else "a lambda"
