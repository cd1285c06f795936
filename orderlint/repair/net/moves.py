"""The move that a wish asks for, in the chain of layers between its two ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orderlint.graph import LayerCall, Role, UnitStep
from orderlint.judging import MoveAfter, MoveBefore
from orderlint.records import record
from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.reasons import DIFFERENT_REPAIRS, IN_A_LOOP
from orderlint.repair.text.rows import rotated

__all__ = ["Move", "merged", "move_of"]


@record(frozen=True, slots=True)
class Move:
    """One layer to move along a unit.

    Attributes:
        calls: The calls in their current order, without a linear layer that only loses its activation.
        up: Whether the last of them moves to the front.
        down: Whether the first of them moves to the end.
        linears: The layers that lose their inline activation, which becomes a layer; more than one if the paths of
            several lead here.
        is_merged: Whether the same activation follows anyway, so that none is added.
    """

    calls: tuple[LayerCall, ...]
    up: bool = False
    down: bool = False
    linears: tuple[LayerCall, ...] = ()
    is_merged: bool = False

    @property
    def splits(self) -> bool:
        """Whether an inline activation becomes a layer."""
        return bool(self.linears)

    @property
    def order(self) -> list[int]:
        """The index of the call that moves to each position."""
        return rotated(len(self.calls), self.up, self.down)

    @property
    def added(self) -> int:
        """The position after which a new activation layer is applied."""
        return 0 if self.up else len(self.calls) - 1

    @property
    def path(self) -> tuple[LayerCall, ...]:
        """All calls of the path, including a linear layer that loses its activation."""
        return (*self.linears[:1], *self.calls)


IDEMPOTENT = frozenset({"relu", "relu6"})
"""Activations for which applying them twice is the same as once."""


def move_of(wish: MoveBefore | MoveAfter, path: Sequence[LayerCall]) -> Move:
    """The move that a wish asks for.

    Args:
        path: The calls of a unit, or of a part of it with both ends of the wish.

    Raises:
        Refused: Steps inside one layer would have to change places, or the layers are applied in a loop.
    """
    if isinstance(wish, MoveBefore):
        return _before(wish, path)
    return _after(wish, path)


def _before(wish: MoveBefore, path: Sequence[LayerCall]) -> Move:
    anchor = wish.anchor
    calls = _between(path, anchor.call, wish.call)
    if anchor.step is anchor.call.steps[0]:
        return Move(calls, up=True)
    _check_inline(anchor)
    rest = calls[1:]
    return Move(
        rest, up=len(rest) > 1, linears=(anchor.call,), is_merged=len(rest) == 1 and _follows(anchor, path, rest[0])
    )


def _follows(step: UnitStep, path: Sequence[LayerCall], after: LayerCall) -> bool:
    """Whether the same activation follows a call anyway, and applying it once is enough."""
    index = [call.id for call in path].index(after.id) + 1
    if index >= len(path) or step.call.facts.get("activation") not in IDEMPOTENT:
        return False
    following = path[index]
    is_same = following.facts.get("activation") == step.call.facts["activation"]
    return is_same and following.roles == (Role.ACTIVATION,) and following.steps[0].name == step.name


def _after(wish: MoveAfter, path: Sequence[LayerCall]) -> Move:
    moved, anchor = wish.moved, wish.anchor
    calls = _between(path, moved.call, anchor.call)
    if anchor.step is not anchor.call.steps[-1]:
        raise Refused(
            f"`{anchor.call.layer}` applies several layers, and some of them come after it; apply its layers one by one"
        )
    if len(moved.call.steps) == 1:
        return Move(calls, down=True)
    _check_inline(moved)
    return Move(calls[1:], linears=(moved.call,))


def _check_inline(step: UnitStep) -> None:
    """Check that a step is the last of its layer's two steps, as an inline activation is.

    Raises:
        Refused: It is not.
    """
    if len(step.call.steps) != 2 or step.step is not step.call.steps[1]:
        raise Refused(f"`{step.name}` is inside `{step.call.layer}`; apply its layers one by one")


def _between(path: Sequence[LayerCall], first: LayerCall, last: LayerCall) -> tuple[LayerCall, ...]:
    """The calls of a path from one to another.

    Raises:
        Refused: They are in the reverse order.
    """
    numbers = [call.id for call in path]
    start, end = numbers.index(first.id), numbers.index(last.id)
    if start >= end:
        raise Refused(IN_A_LOOP)
    return tuple(path[start : end + 1])


def merged(moves: Sequence[Move]) -> Move:
    """One move for paths that only differ in the linear layers from which they come.

    Raises:
        Refused: They also differ in something else.
    """
    first, *others = moves
    sites = [call.place for call in first.calls]
    for other in others:
        same = (other.up, other.down, other.is_merged) == (first.up, first.down, first.is_merged)
        if not same or other.splits != first.splits or [call.place for call in other.calls] != sites:
            raise Refused(DIFFERENT_REPAIRS)
    linears = {call.constructed: call for move in moves for call in move.linears}
    return replace(first, linears=tuple(linears.values()))
