"""Binding names to values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint.glance.things import Value, one

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["bind", "rebind"]


def bind(g: Machine, name: str, value: Value) -> None:
    """Bind a name in the current scope."""
    frame = g.frame.shared.get(name, g.frame)
    if frame is not g.frame and frame is not frame.globals:
        g.note_rebound(frame, name, value)
    if frame.names is not None and frame is g.frame:
        frame.names[name] = value
    if frame is frame.globals:
        g.note_global(frame.module, name, value)


def rebind(g: Machine, name: str, value: Value) -> None:
    """Bind a name again, in the scope that has it."""
    frame = g.frame.shared.get(name, g.frame)
    if frame is g.frame and name in (frame.names or {}):
        bind(g, name, value)
        return
    for thing in value:  # another scope holds it
        if getattr(thing, "token", None) is not None:
            g.changed_elsewhere(thing.token, one(thing))
