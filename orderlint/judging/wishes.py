"""Wishes: the repair that a rule wants, in terms of the layer graph. `repair/` finds the edits for it."""

from __future__ import annotations

from typing import Literal

from orderlint.graph import LayerCall, UnitStep
from orderlint.records import record

__all__ = ["Effect", "MoveAfter", "MoveBefore", "ReplaceLayer", "SetArgument", "Wish", "worst"]

Effect = Literal["equivalent", "same-inference", "changes-model"]
"""What a repair does to the model: the values of `orderlint.diagnostics.RepairKind`, mildest first."""

_EFFECTS: tuple[Effect, ...] = ("equivalent", "same-inference", "changes-model")


def worst(effects: list[Effect]) -> Effect:
    """The effect of several repairs together.

    >>> worst(["equivalent", "same-inference"])
    'same-inference'
    """
    return max(effects, key=_EFFECTS.index)


@record(frozen=True, slots=True)
class MoveBefore:
    """Apply `call` just before the anchor.

    Attributes:
        call: The call to move.
        anchor: The step before which it belongs. An inline activation (its call has other steps before it) has to
            become a layer of its own.
        effect: What the move does to the model.
    """

    call: LayerCall
    anchor: UnitStep
    effect: Effect

    @property
    def title(self) -> str:
        return f"move `{self.call.layer}` before `{self.anchor.name}`"


@record(frozen=True, slots=True)
class MoveAfter:
    """Apply the step `moved` just after the step `anchor`.

    Attributes:
        moved: The step to move. It is a step and not a call, since it may be an inline activation, which then has
            to become a layer of its own.
        anchor: The step after which it belongs.
        effect: What the move does to the model.
        becomes: The layer that replaces the moved one; `None` if it stays the same.
        leaves_loop: Whether the move takes it out of a loop, so that the last iteration no longer differs from the
            others.
    """

    moved: UnitStep
    anchor: UnitStep
    effect: Effect
    becomes: str | None = None
    leaves_loop: bool = False

    @property
    def call(self) -> LayerCall:
        """The call that holds the moved step."""
        return self.moved.call

    @property
    def title(self) -> str:
        plainly = f", as a plain `{self.becomes}`" if self.becomes is not None else ""
        return f"move `{self.moved.name}` after `{self.anchor.name}`{plainly}"


@record(frozen=True, slots=True)
class SetArgument:
    """Construct the layer of `call` with `argument=value`."""

    call: LayerCall
    argument: str
    value: bool | None
    effect: Effect

    @property
    def title(self) -> str:
        return f"give `{self.call.layer}` `{self.argument}={self.value!r}`"


@record(frozen=True, slots=True)
class ReplaceLayer:
    """Construct another layer with the same arguments in place of the layer of `call`."""

    call: LayerCall
    layer: str
    effect: Effect

    @property
    def title(self) -> str:
        return f"replace `{self.call.layer}` with `{self.layer}`"


Wish = MoveBefore | MoveAfter | SetArgument | ReplaceLayer
