"""A move, with the positions of its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TypeAlias

from orderlint.graph import LayerCall, Role
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.functions import distinct_names
from orderlint.repair.text.lines import Item, below_heading
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.text.reasons import IN_A_BLOCK
from orderlint.repair.text.syntax import Spot, Syntax
from orderlint.repair.ways.places import Kind, Place, model_of, place_of, places_of
from orderlint.repair.ways.splitting import split_off

__all__ = ["Idiom", "Ranked", "Task", "Way"]


class Task:
    """A move to make in the source.

    Attributes:
        move: The move.
        first: The place of the first layer.
        last: The place of the last layer.
        linears: The places of the layers that lose their inline activation.
        ends: All of these: the linear layers, the first and the last.
        taken: The names of new layers.

    Args:
        uses: For each of the layers, the expression to move, if it is not their own but a call of their helper.
    """

    def __init__(
        self, syntax: Syntax, obstacles: Obstacles, move: Move, taken: set[str], uses: Sequence[Spot] = ()
    ) -> None:
        self.syntax = syntax
        self.obstacles = obstacles
        self.move = move
        self.taken = taken
        self._uses = [Place(call, Kind.APPLIED, spot) for call, spot in zip(move.calls, uses, strict=bool(uses))]
        if self._uses:
            linears = [place_of(syntax, linear) for linear in move.linears]
            self.ends, self._reported = [*linears, self._uses[0], self._uses[-1]], False
        else:
            self.ends, self._reported = places_of(syntax, [*move.linears, move.calls[0], move.calls[-1]])
        *self.linears, self.first, self.last = self.ends

    @property
    def is_listed(self) -> bool:
        """Whether the layers are elements of one list.

        A call in a list may construct a layer or apply one. If there are several elements of the list, they are layers:
        values in one list do not feed each other.
        """
        holder = self.first.holder
        if holder is None or self.last.holder is not holder:
            return False
        distinct = {place.spot.node for place in self.ends if place.holder is holder}
        return self.first.kind is self.last.kind is Kind.ELEMENT or len(distinct) > 1

    def every_place(self) -> list[Place]:
        """The places of all layers of the move."""
        if self._uses:
            return self._uses
        return [place_of(self.syntax, call, reported=self._reported) for call in self.move.calls]

    def places_in_function(self) -> list[Place]:
        """The positions of the layers in the function of the last one.

        Layers that a function of the project applies between them are in another function or file.
        """
        if self._uses:
            return self._uses
        spots = [(call, self.syntax.spot(call.place if self._reported else call.applied)) for call in self.move.calls]
        there = [
            call for call, spot in spots if spot is not None and spot.tree.function(spot.node) is self.last.function
        ]
        return [place_of(self.syntax, call, reported=self._reported) for call in there]

    def split_off(self, draft: Draft) -> NewLayer:
        """Make a layer of the inline activation."""
        return split_off(draft, self.syntax, self.move.linears, self.move.calls[-1], self.last.spot, self.taken)

    def check_alone(self, item: Item, call: LayerCall) -> None:
        """Check that a block (`if norm: x = bn(x)`) contains no other layer next to the given one.

        Raises:
            Refused: It does.
        """
        if not item.is_compound:
            return
        for other in self.obstacles.neighbors(call):
            spot = self.syntax.spot(other.place)
            if spot is not None and spot.tree is item.tree and item.tree.holds(item.node, spot.node):
                raise Refused(IN_A_BLOCK)

    def below_heading(self, items: Sequence[Item]) -> Sequence[Item]:
        """The statements of a move before a linear layer, without a comment that is the heading of all of them."""
        head = self.move.calls[0]
        is_so = self.move.up and head.steps[0].role is Role.LINEAR and len(items) > 1
        return below_heading(items, head.layer) if is_so else items

    def check_model(self) -> None:
        """Check that all layers of the move are added to the same model.

        Raises:
            Refused: They are added to different models.
        """
        models = {model_of(self.syntax, place) for place in self.ends} - {None}
        if len(models) > 1:
            raise Refused("the layers are added to different models; add them to one")

    def check_function(self) -> None:
        """Check that all layers of the move are in one function.

        Raises:
            Refused: They are not.
        """
        if len({place.function for place in self.ends}) > 1:
            names = distinct_names([(place.spot.tree, place.function) for place in self.ends])
            raise Refused(f"the layers are in different functions ({', '.join(names)}); apply them in one function")


Way: TypeAlias = Callable[[Task, Draft], None]
"""Makes a move in the draft, or raises `Refused`."""


class Idiom(Enum):
    """How the layers of a move are written."""

    LISTED = "elements of one list"
    ADDED = "statements that add them"
    MIXED = "elements of several lists, or of lists and in statements that add"
    APPLIED = "applied in expressions"
    INLINE = "a layer applied behind one whose inline activation moves"


Ranked: TypeAlias = Mapping[Idiom, tuple[tuple[int, Way], ...]]
"""Ways with their ranks: the lower a rank, the less the way changes, and the earlier it is tried."""
