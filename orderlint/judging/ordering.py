"""What the three ordering rules share: the pairs they look for, and where a repair puts a layer.

All functions work on the steps of one unit and give indices into them. They follow the configured order: with the
roles of a pair exchanged in it, the pair is looked for the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit, UnitStep
from orderlint.judging.order import Order

__all__ = ["Pair", "dropout_anchor", "inversions", "misplaced_norms", "norm_anchor", "recommended"]

Steps = Sequence[UnitStep]
Pair = tuple[int, int]
"""The index of the step that is reported, and of the nearest other step of the pair."""


def indices(steps: Steps, role: Role) -> list[int]:
    """Where a role stands."""
    return [index for index, step in enumerate(steps) if step.role is role]


def misplaced_norms(steps: Steps, order: Order, *, is_open: bool = False) -> Iterator[Pair]:
    """Norms on the wrong side of an activation (ORD001), each with the nearest such activation.

    In the default order that is `A … N`, except where a norm comes before that `A` and another activation follows
    `N`: then `N` opens a pre-activation block. In the other order the two roles change places in that sentence.
    Where it is not known what follows the steps (`is_open`), another activation may.
    """
    norm_first = order.is_before(Role.NORM, Role.ACTIVATION)
    first, second = (Role.NORM, Role.ACTIVATION) if norm_first else (Role.ACTIVATION, Role.NORM)
    firsts, seconds = indices(steps, first), indices(steps, second)
    for late in firsts:
        early = max((index for index in seconds if index < late), default=None)
        if early is None or (firsts[0] < early and (is_open or seconds[-1] > late)):
            continue
        yield (late, early) if norm_first else (early, late)


def inversions(steps: Steps, order: Order, other: Role) -> Iterator[Pair]:
    """Dropouts on the wrong side of a norm (ORD002) or activation (ORD003), each with the nearest such layer.

    An activation on the right side of a dropout settles it: `Dense → ReLU → Dropout → Softmax` is in order.
    """
    dropouts, others = indices(steps, Role.DROPOUT), indices(steps, other)
    if order.is_before(other, Role.DROPOUT):
        for drop in dropouts:
            after = [index for index in others if index > drop]
            settled = other is Role.ACTIVATION and others and others[0] < drop
            if after and not settled:
                yield drop, after[0]
        return
    for drop in dropouts:
        before = [index for index in others if index < drop]
        settled = other is Role.ACTIVATION and before and dropouts[0] < before[-1]
        if before and not settled:
            yield drop, before[-1]


def norm_anchor(steps: Steps, pair: Pair, order: Order) -> int:
    """Where a misplaced norm is to go: in the default order just before this step, otherwise just after it.

    It passes the run of the nearest activation: all activations next to it with no norm between.
    """
    _, activation = pair
    norms, activations = indices(steps, Role.NORM), indices(steps, Role.ACTIVATION)
    if order.is_before(Role.NORM, Role.ACTIVATION):
        earlier = max((index for index in norms if index < activation), default=-1)
        return min(index for index in activations if earlier < index <= activation)
    later = min((index for index in norms if index > activation), default=len(steps))
    return max(index for index in activations if activation <= index < later)


def dropout_anchor(steps: Steps, drop: int, order: Order) -> tuple[int, bool]:
    """Where a misplaced dropout is to go: the step, and whether after it (otherwise before it)."""
    earlier = {role for role in (Role.NORM, Role.ACTIVATION) if order.is_before(role, Role.DROPOUT)}
    after = [index for index, step in enumerate(steps) if step.role in earlier]
    if after and after[-1] > drop:
        return after[-1], True
    later = {Role.NORM, Role.ACTIVATION} - earlier
    return next(index for index, step in enumerate(steps) if step.role in later), False


def recommended(unit: Unit, order: Order) -> tuple[str, ...]:
    """The chain of a unit once every ordering rule is content with it.

    Layers that are in order stay where they are; `pass` layers are left out.
    """
    steps = [step for step in unit.steps if step.role is not Role.PASS]
    seen: set[tuple[int, ...]] = set()
    while (state := tuple(map(id, steps))) not in seen:
        seen.add(state)
        steps = _improved(steps, unit.head is not None, order)
    return tuple(step.name for step in steps)


def _improved(steps: list[UnitStep], headed: bool, order: Order) -> list[UnitStep]:
    """The steps with the first misplaced one moved."""
    for pair in misplaced_norms(steps, order) if headed else ():
        after = not order.is_before(Role.NORM, Role.ACTIVATION)
        return _moved(steps, pair[0], norm_anchor(steps, pair, order), after)
    for other in (Role.NORM, Role.ACTIVATION) if headed else (Role.NORM,):
        for drop, _ in inversions(steps, order, other):
            return _moved(steps, drop, *dropout_anchor(steps, drop, order))
    return steps


def _moved(steps: list[UnitStep], index: int, anchor: int, after: bool) -> list[UnitStep]:
    """The steps with one moved to just before or after another."""
    rest = steps[:index] + steps[index + 1 :]
    place = anchor - (anchor > index) + after
    return [*rest[:place], steps[index], *rest[place:]]
