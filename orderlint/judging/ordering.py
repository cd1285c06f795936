"""What the three ordering rules share: how they find pairs, and where a repair moves a layer.

All functions work on the steps of one unit and return indices of them. They follow the configured order: if it
exchanges the two roles of a pair, they search for the reverse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from orderlint.graph import End, Role, Unit, UnitStep
from orderlint.judging.order import Order
from orderlint.judging.rule import Sign

__all__ = [
    "Pair",
    "against",
    "dropout_anchor",
    "inversions",
    "is_output",
    "leaves_dropout_at_output",
    "misplaced_norms",
    "norm_anchor",
    "recommended",
]

MOST_ORDERED = 200
"""The most steps of a unit whose recommended chain is shown: it takes time that grows with the square of their number,
and nobody reads a longer one."""

Steps = Sequence[UnitStep]
Pair = tuple[int, int]
"""The index of the step that is reported, and of the nearest other step of the pair."""


def against(order: Order, one: Role, other: Role, *, is_headed: bool = False) -> Sign:
    """The sign of a finding about two roles in the wrong order."""
    first, second = (other, one) if order.is_before(one, other) else (one, other)
    return Sign(first, second, is_headed)


def indices(steps: Steps, role: Role) -> list[int]:
    """The indices of the steps with a role."""
    return [index for index, one in enumerate(steps) if one.step.role is role]


def misplaced_norms(steps: Steps, order: Order, *, is_open: bool = False) -> Iterator[Pair]:
    """Norms on the wrong side of an activation (ORD001), each with the nearest such activation.

    In the default order that is `A … N`, except where a norm comes before that `A` and another activation follows
    `N`: then `N` opens a pre-activation block. If it is not known what follows the steps (`is_open`), another
    activation may. In the other order, the two roles change places: each such activation has the nearest norm.
    """
    norm_first = order.is_before(Role.NORM, Role.ACTIVATION)
    first, second = (Role.NORM, Role.ACTIVATION) if norm_first else (Role.ACTIVATION, Role.NORM)
    firsts, seconds = indices(steps, first), indices(steps, second)
    for late in firsts:
        at = bisect_left(seconds, late)
        early = seconds[at - 1] if at else None
        if early is None or (firsts[0] < early and (is_open or seconds[-1] > late)):
            continue
        yield (late, early) if norm_first else (early, late)


def inversions(steps: Steps, order: Order, other: Role) -> Iterator[Pair]:
    """Dropouts on the wrong side of a norm (ORD002) or activation (ORD003), each with the nearest such layer.

    A dropout behind an activation is on the right side of it, whatever follows: `Dense → ReLU → Dropout → Softmax` is
    in order. In the other order, so is one behind an activation that itself follows a dropout.
    """
    dropouts, others = indices(steps, Role.DROPOUT), indices(steps, other)
    if order.is_before(other, Role.DROPOUT):
        for drop in dropouts:
            at = bisect_left(others, drop)
            settled = other is Role.ACTIVATION and at
            if at < len(others) and not settled:
                yield drop, others[at]
        return
    for drop in dropouts:
        at = bisect_left(others, drop)
        settled = other is Role.ACTIVATION and at and dropouts[0] < others[at - 1]
        if at and not settled:
            yield drop, others[at - 1]


def norm_anchor(steps: Steps, pair: Pair, order: Order) -> int:
    """The new position of a misplaced norm: in the default order just before this step, otherwise just after it.

    It passes the run of the nearest activation: all activations next to it with no norm between.
    """
    _, activation = pair
    upwards = order.is_before(Role.NORM, Role.ACTIVATION)
    anchor = activation
    for index in range(activation, -1, -1) if upwards else range(activation, len(steps)):
        if steps[index].role is Role.NORM:
            break
        if steps[index].role is Role.ACTIVATION:
            anchor = index
    return anchor


def dropout_anchor(unit: Unit, steps: Steps, drop: int, order: Order) -> tuple[int, bool] | None:
    """The new position of a misplaced dropout: a step, and whether it goes after or before it.

    It goes behind the last norm or activation that belongs before it, and behind max poolings that directly follow.
    Behind the output of the model, it would destroy predictions in training, so it then goes before the linear layer.

    Args:
        unit: The unit.
        steps: Its steps, of which some may have been moved.

    Returns: `None` if there is no place for it: the output comes from no linear layer of the unit.
    """
    earlier = {role for role in (Role.NORM, Role.ACTIVATION) if order.is_before(role, Role.DROPOUT)}
    last = next((index for index in range(len(steps) - 1, drop, -1) if steps[index].step.role in earlier), None)
    if last is not None:
        if not is_output(unit, steps, last):
            return _behind_poolings(steps, last), True
        return (0, False) if unit.head is not None else None
    later = {Role.NORM, Role.ACTIVATION} - earlier
    return next(index for index, step in enumerate(steps) if step.role in later), False


def is_output(unit: Unit, steps: Steps, index: int) -> bool:
    """Whether the output of a step is the output of the model.

    A softmax always counts. The end of a unit that is known to be a model output, or a sigmoid at an end after which
    nothing is known to follow, counts if only dropouts and `pass` steps come after it.
    """
    activation = steps[index].call.facts.get("activation") if steps[index].role is Role.ACTIVATION else None
    if activation == "softmax":
        return True
    if not unit.model_output and (activation != "sigmoid" or unit.end is not End.OUTPUT):
        return False  # this decides most cases, and thousands of paths may have hundreds of steps
    return all(step.role in (Role.PASS, Role.DROPOUT) for step in steps[index + 1 :])


def leaves_dropout_at_output(unit: Unit, steps: Steps, norm: int) -> bool:
    """Whether a dropout would become the output of the model if a norm after it moved up.

    That would destroy predictions in training. So the dropout is moved first.
    """
    if steps[norm].role is not Role.NORM or not is_output(unit, steps, norm):
        return False
    before = next((step for step in reversed(steps[:norm]) if step.role is not Role.PASS), None)
    return before is not None and before.role is Role.DROPOUT


def _behind_poolings(steps: Steps, index: int) -> int:
    """The last of the max poolings that follow a step directly; the step itself if none does."""
    while index + 1 < len(steps) and steps[index + 1].call.facts.get("max_pooling") is True:
        index += 1
    return index


def recommended(unit: Unit, order: Order) -> tuple[str, ...]:
    """The chain of a unit in the order that all ordering rules recommend.

    Layers that are in order stay where they are, and so does a dropout for which there is no place. `pass` layers are
    left out. If more than `MOST_ORDERED` steps are left, the chain is empty.
    """
    steps = [step for step in unit.steps if step.role is not Role.PASS]
    if len(steps) > MOST_ORDERED:
        return ()
    before: list[UnitStep] = []  # what has left the unit
    seen: set[tuple[int, ...]] = set()
    while (state := tuple(map(id, steps))) not in seen:
        seen.add(state)
        before, steps = _improved(unit, before, steps, order)
    return tuple(step.name for step in (*before, *steps))


def _improved(
    unit: Unit, before: list[UnitStep], steps: list[UnitStep], order: Order
) -> tuple[list[UnitStep], list[UnitStep]]:
    """The steps that have left the unit and those in it, after the first misplaced one is moved."""
    headed = unit.head is not None
    for pair in misplaced_norms(steps, order) if headed else ():
        if leaves_dropout_at_output(unit, steps, pair[0]):
            continue
        after = not order.is_before(Role.NORM, Role.ACTIVATION)
        return before, _moved(steps, pair[0], norm_anchor(steps, pair, order), after)
    for other in (Role.NORM, Role.ACTIVATION) if headed else (Role.NORM,):
        for drop, _ in inversions(steps, order, other):
            place = dropout_anchor(unit, steps, drop, order)
            if place == (0, False) and headed:
                return [*before, steps[drop]], steps[:drop] + steps[drop + 1 :]
            if place is not None:
                return before, _moved(steps, drop, *place)
    return before, steps


def _moved(steps: list[UnitStep], index: int, anchor: int, after: bool) -> list[UnitStep]:
    """The steps with one moved to just before or after another."""
    rest = steps[:index] + steps[index + 1 :]
    place = anchor - (anchor > index) + after
    return [*rest[:place], steps[index], *rest[place:]]
