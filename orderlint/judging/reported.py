"""Turns violations into findings, with positions, chains and the wished repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orderlint.diagnostics import Finding, Fix, Related, Repair, RepairKind
from orderlint.graph import LayerCall, Location, Role
from orderlint.judging.order import Order
from orderlint.judging.ordering import recommended
from orderlint.judging.rule import Violation
from orderlint.judging.wishes import MoveAfter, MoveBefore, ReplaceLayer

__all__ = ["finding_of"]

_MOST = 80  # characters of a message
_LEAST_NAME = 12  # characters that are left of a long name


def finding_of(violation: Violation, order: Order, repair: Repair | None = None, fix: Fix | None = None) -> Finding:
    """The finding for a violation.

    Args:
        violation: What a rule found.
        order: The order that the rule followed.
        repair: The repair that was planned in the source. By default, it is the one that the rule wishes for.
        fix: The edits of the repair.
    """
    chain = _chain(violation)
    better = _recommended(violation, order)
    return replace(
        violation.rule.finding(_brief(violation.message), violation.at.place.location(), violation.why),
        chain=chain,
        recommended=better if better != chain else (),
        related=tuple(_related(violation)),
        repair=_wished(violation) if repair is None else repair,
        fix=fix,
    )


def _brief(message: str) -> str:
    """A message that fits on a line: long names, such as those of the user's own layers, lose their middle.

    >>> _brief("`Dropout` before the activation `ReLU`")
    '`Dropout` before the activation `ReLU`'
    >>> _brief("`MyConvolutionWithSeveralBranches` has a bias that `MySynchronizedNormalizationOfBatches` cancels")
    '`MyConvolutio…eralBranches` has a bias that `MySynchroniz…ionOfBatches` cancels'
    """
    if len(message) <= _MOST:
        return message
    lengths = map(len, message.split("`")[1::2])
    for most in range(min(max(lengths, default=0), _MOST) - 1, _LEAST_NAME - 1, -1):
        shorter = "`".join(
            _shortened(part, most) if index % 2 else part for index, part in enumerate(message.split("`"))
        )
        if len(shorter) <= _MOST:
            return shorter
    return message


def _shortened(name: str, most: int) -> str:
    """A name in at most so many characters, without its middle: the end says more about what it is."""
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end]}…{name[-end:]}"


def _chain(violation: Violation) -> tuple[str, ...]:
    """The unit as found, with the other layer of the pair even where that is a `pass` step, such as a pooling."""
    steps = violation.unit.steps
    return tuple(step.name for step in steps if step.role is not Role.PASS or step.call in violation.because)


def _recommended(violation: Violation, order: Order) -> tuple[str, ...]:
    """The chain to aim for. If the finding is not about the order, that is the chain as it is."""
    wish, steps = violation.wish, violation.unit.steps
    if isinstance(wish, ReplaceLayer):
        names = [(step, wish.layer if step.call == wish.call else step.name) for step in steps]
        return tuple(name for step, name in names if step.role is not Role.PASS)
    is_about_order = violation.rule.is_about_order or isinstance(wish, (MoveAfter, MoveBefore))
    return recommended(violation.unit, order) if is_about_order else _chain(violation)


def _related(violation: Violation) -> Iterator[Related]:
    """The other layers of the pair, nearest first, then where these layers are constructed, each place once."""
    seen = {violation.at.place.location()}
    for call in violation.because:
        if (place := call.place.location()) not in seen:
            seen.add(place)
            yield Related(place, violation.because_message)
    for call in (violation.at, *violation.because[:1]):
        made = _construction(call)
        if made is not None and made not in seen:
            seen.add(made)
            yield Related(made, f"`{call.layer}` constructed here")


def _construction(call: LayerCall) -> Location | None:
    """Where the layer of a call is constructed, unless that is part of the expression that applies it."""
    if call.constructed is None:
        return None
    made, place = call.constructed.location(), call.place.location()
    return None if _lies_in(made, place) else made


def _lies_in(inner: Location, outer: Location) -> bool:
    if (inner.path, inner.cell, inner.layer) != (outer.path, outer.cell, outer.layer):
        return False
    starts_in = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts_in and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _wished(violation: Violation) -> Repair | None:
    """The repair wished for, or why there is none."""
    if violation.wish is None:
        return None if violation.refusal is None else Repair(False, reason=violation.refusal)
    if not violation.everywhere:
        return Repair(False, reason="only some of the paths through this layer have this order")
    return Repair(True, RepairKind(violation.wish.effect), title=violation.wish.title)
