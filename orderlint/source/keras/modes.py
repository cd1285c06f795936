"""Dropouts that are also active at inference: with `training=True`, or as functions without a mode."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.graph import Role, Step
from orderlint.graph.guards import ALWAYS
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Unknown, Value, alternatives

__all__ = ["of_function", "of_layer"]

_TAKING_A_MODE = frozenset({Role.DROPOUT, Role.NORM})  # their second argument is `training`
_MODES = frozenset({"deterministic", "inference", "is_train", "is_training", "mode", "phase", "train", "training"})
"""Parameters that tell a function of the user whether it runs in training mode."""
_CALLS = frozenset({"call", "__call__"})  # Keras passes the mode to these, whatever their default is


def of_layer(steps: Sequence[Step], arguments: Arguments) -> dict[str, object]:
    """The fact `training` of a call of a layer: whether the argument is true on any path; empty if it is not known."""
    mode = arguments.keywords.get("training")
    if mode is None and len(arguments.positional) == 2 and {step.role for step in steps} & _TAKING_A_MODE:
        mode = arguments.positional[1]
    modes = {_truth(option) for _, option in alternatives(mode)} if mode is not None else {None}
    return {"training": True in modes} if modes != {None} else {}


def _truth(mode: Value) -> bool | None:
    if isinstance(mode, Const):
        return None if mode.value is None else bool(mode.value)
    if isinstance(mode, Unknown) and isinstance(mode.default, Const) and mode.default.value:
        match mode.key:
            case ("parameter", Function() as function, str()):
                return None if function.name in _CALLS else True
        return True
    return None


def of_function(m: Machine, steps: Sequence[Step], arguments: Arguments) -> dict[str, object]:
    """The fact `training` of a call of a dropout function: it always drops, unless the surrounding code tests the mode.

    If the keep probability of `tf.nn.dropout` is not known, it may depend on the mode.
    """
    if not any(step.role is Role.DROPOUT for step in steps):
        return {}
    rate = arguments.get(1, "rate")
    is_known = rate is not None and all(_is_number(option) for _, option in alternatives(rate))
    return {"training": True} if is_known and not _asks_for_mode(m) else {}


def _is_number(rate: Value) -> bool:
    return isinstance(rate, Const) or (isinstance(rate, Unknown) and isinstance(rate.default, Const))


def _asks_for_mode(m: Machine) -> bool:
    """Whether the current path may depend on a test for the mode."""
    return m.path is not ALWAYS and bool(_MODES.intersection(m.frame.parameters))
