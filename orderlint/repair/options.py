"""The possible repairs of a violation. The one that the rule wishes for comes first."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.graph import Role, UnitStep
from orderlint.judging import MoveAfter, MoveBefore, Violation, Wish
from orderlint.judging.moves import dropout_effect, moves_masks, plain_past
from orderlint.records import record

__all__ = ["Option", "options"]


@record(frozen=True, slots=True)
class Option:
    """One way to repair a violation.

    Attributes:
        wishes: The wishes to grant.
        leaves_arms: Whether the layers at the ends of the arms are to move behind the norm that follows them.
        opens_block: Whether a dropout is to move up to the linear layer of a pre-activation block.
    """

    wishes: tuple[Wish, ...]
    leaves_arms: bool = False
    opens_block: bool = False


def options(violation: Violation) -> Iterator[Option]:
    """The wishes that repair a violation. Each option is right for every path.

    If the paths through a layer differ, one of the wishes may be enough for all: a dropout that cannot move to its
    place on each path, because the paths split before it, may stand where they split. Instead of moving a norm up into
    one or several arms, the layers at the ends of the arms may move down behind it.
    """
    wish = violation.wish
    if wish is None:
        return
    wishes = (wish, *violation.other_wishes)
    yield Option(wishes)
    if len(wishes) > 1:
        yield from (Option((one,)) for one in wishes)
    if isinstance(wish, MoveAfter) and wish.moved.role is Role.DROPOUT:
        yield from (Option((one,), opens_block=True) for one in _before_linear(violation, wish))
        yield from (Option((one,)) for one in _nearer(violation, wish))
    behind = tuple(_behind(one) for one in wishes if isinstance(one, MoveBefore) and one.call.roles == (Role.NORM,))
    if len(behind) == len(wishes):
        yield Option(behind, leaves_arms=True)


def _before_linear(violation: Violation, wish: MoveAfter) -> Iterator[MoveBefore]:
    """The wish to move a dropout before its linear layer, if only `pass` layers are between the two."""
    unit = violation.unit
    steps = unit.steps
    at = next((index for index, step in enumerate(steps) if step.call.place == wish.call.place), None)
    if at is None or unit.head is None or any(step.role is not Role.PASS for step in steps[1:at]):
        return
    moved, crossed = steps[at], steps[:at]
    if not any(moves_masks(moved, step) for step in crossed):
        yield MoveBefore(moved.call, unit.head, dropout_effect(moved, crossed))


def _nearer(violation: Violation, wish: MoveAfter) -> Iterator[MoveAfter]:
    """The same wish with nearer anchors, the farthest first. Each removes some findings of the dropout, but not all."""
    steps = violation.unit.steps
    places = [step.call.id for step in steps]
    if wish.call.id not in places or wish.anchor.call.id not in places:
        return
    start, end = places.index(wish.call.id), places.index(wish.anchor.call.id)
    for at in range(end - 1, start, -1):
        step = steps[at]
        if step.role in (Role.NORM, Role.ACTIVATION) and step.step is step.call.steps[-1]:
            crossed = steps[start + 1 : at + 1]
            yield MoveAfter(wish.moved, step, dropout_effect(wish.moved, crossed), plain_past(wish.moved, crossed))


def _behind(wish: MoveBefore) -> MoveAfter:
    """The same change of the order, by moving the activation."""
    return MoveAfter(wish.anchor, UnitStep(wish.call, wish.call.steps[0]), wish.effect)
