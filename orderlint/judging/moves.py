"""The wishes of the ordering rules, and their effect on the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from orderlint.graph import Role, Unit, UnitStep
from orderlint.judging.order import Order
from orderlint.judging.ordering import Pair, dropout_anchor, norm_anchor
from orderlint.judging.wishes import Effect, MoveAfter, MoveBefore, Wish

__all__ = [
    "IDENTITIES",
    "changes_shape",
    "commute",
    "dropout_move",
    "is_inline",
    "moves_masks",
    "norm_move",
    "plain_past",
    "quoted",
]

Steps = Sequence[UnitStep]

_MASKS: Final = frozenset({"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"})
"""Dropouts that multiply by zero or by one positive constant: they commute with a plain relu."""
IDENTITIES: Final = frozenset({"Activation", "Identity", "identity"})
"""The layers of `pass` steps that return their input unchanged."""


def quoted(step: UnitStep) -> str:
    """The name of a step in messages. An inline activation has the name of its layer, too.

    An inline activation is one whose call has other steps before it.
    """
    return f"`{step.name}` of `{step.call.layer}`" if is_inline(step) else f"`{step.name}`"


def is_inline(step: UnitStep) -> bool:
    """Whether a step is an argument of its call's layer: it is neither the first step of the call nor linear."""
    return step.role is not Role.LINEAR and step.step is not step.call.steps[0]


def changes_shape(step: UnitStep) -> bool:
    """Whether a `pass` step changes the shape in a way that a norm's parameters or a mask would notice."""
    return step.role is Role.PASS and step.call.facts.get("shape", "other") in ("global", "other")


def norm_move(steps: Steps, pair: Pair, order: Order) -> tuple[Wish | None, str | None]:
    """The wish for a misplaced norm, or why there is none.

    The norm moves past the activations. If the shape changes between them, the nearest activation moves past the norm
    instead, so that the parameters of the norm keep their shape.
    """
    norm, activation = pair
    if steps[norm].call is steps[activation].call:
        return None, f"both are inside `{steps[norm].call.layer}`; apply its layers one by one"
    anchor = norm_anchor(steps, pair, order)
    low, high = sorted((norm, anchor))
    reshaped = any(changes_shape(step) for step in steps[low:high])
    own = steps[anchor].call.facts.get("own_activation") if is_inline(steps[anchor]) else None
    if own:
        return (
            None,
            f"the activation of `{steps[anchor].call.layer}` would have to become a `{own}`; write that by hand",
        )
    if reshaped and steps[activation].call.facts.get("axes"):
        return None, _AXES.format(steps[activation].name)
    if order.is_before(Role.NORM, Role.ACTIVATION):
        if reshaped:
            return MoveAfter(steps[activation], steps[norm], "changes-model"), None
        return MoveBefore(steps[norm].call, steps[anchor], "changes-model"), None
    if reshaped:
        return MoveBefore(steps[activation].call, steps[norm], "changes-model"), None
    return MoveAfter(steps[norm], steps[anchor], "changes-model"), None


_AXES: Final = (
    "`{}` works along axes of its input, and the shape changes between it and the normalization; "
    "move the normalization by hand"
)


def dropout_move(unit: Unit, drop: int, order: Order) -> tuple[Wish | None, str | None]:
    """The wish for a misplaced dropout, or why there is none."""
    steps = unit.steps
    place = dropout_anchor(unit, steps, drop, order)
    if place is None:
        return None, _NO_PLACE.format(steps[drop].name)
    anchor, after = place
    if steps[drop].call is steps[anchor].call:
        return None, f"both are inside `{steps[drop].call.layer}`; apply its layers one by one"
    if after and steps[anchor].step is not steps[anchor].call.steps[-1]:
        block = steps[anchor].call.layer
        inside = f"`{steps[anchor].name}` is inside `{block}`, which applies more layers after it"
        return None, f"{inside}; apply its layers one by one"
    crossed = steps[drop + 1 : anchor + 1] if after else steps[anchor:drop]
    is_shaped = _needs_shape(steps[drop])  # few are, and thousands of paths may have hundreds of steps
    becomes = plain_past(steps[drop], crossed) if after and is_shaped else None
    reshaping = next((step for step in crossed if moves_masks(steps[drop], step)), None) if is_shaped else None
    if reshaping is not None and becomes is None:
        return None, _MASKED.format(steps[drop].name, reshaping.name, "after" if after else "before")
    effect = dropout_effect(steps[drop], crossed)
    if after:
        return MoveAfter(steps[drop], steps[anchor], effect, becomes), None
    return MoveBefore(steps[drop].call, steps[anchor], effect), None


_MASKED: Final = "the mask of `{}` has a fixed shape, and `{}` changes the shape; use a plain `Dropout` {} it"
_NO_PLACE: Final = (
    "after the output of the model, `{}` would drop predictions in training, and this path has no linear layer to move "
    "it before; remove it, or put it where the values are computed"
)


def moves_masks(drop: UnitStep, crossed: UnitStep) -> bool:
    """Whether the mask of a dropout needs a shape that would change if the dropout moved past a step."""
    if changes_shape(crossed):
        return _needs_shape(drop)
    return crossed.role is Role.LINEAR and drop.call.facts.get("noise_shape") is True


def _needs_shape(drop: UnitStep) -> bool:
    facts = drop.call.facts
    return drop.name.startswith("Spatial") or facts.get("noise_shape") is True


def plain_past(drop: UnitStep, crossed: Steps) -> str | None:
    """The layer that replaces a dropout if it moves behind some steps; `None` if none is needed or known.

    A spatial dropout drops whole channels. A global pooling leaves one value of each channel, the maximum or the mean,
    which is zero if the channel was dropped. So a plain dropout after the pooling does the same.
    """
    if drop.name not in _MASKS or not drop.name.startswith("Spatial") or "wrapper" in drop.call.facts:
        return None
    first = next((step for step in crossed if changes_shape(step)), None)
    return "Dropout" if first is not None and first.name.startswith("Global") else None


def dropout_effect(drop: UnitStep, crossed: Steps) -> Effect:
    """The effect on the model of moving a dropout past some steps."""
    if all(commute(drop, step) for step in crossed):
        return "equivalent"
    # A dropout that is applied with `training=True` drops at inference too.
    return "changes-model" if drop.call.facts.get("training") is True else "same-inference"


def commute(drop: UnitStep, other: UnitStep) -> bool:
    """Whether a dropout before a step computes the same as one after it, also in training."""
    if drop.name not in _MASKS or "wrapper" in drop.call.facts:
        return False
    if other.role is Role.PASS:
        return other.name in IDENTITIES
    return other.role is Role.ACTIVATION and other.call.facts.get("commutes") is True
