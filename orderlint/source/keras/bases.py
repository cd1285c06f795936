"""Determines the Keras classes that a class of the analyzed code inherits from."""

from __future__ import annotations

from orderlint import catalog
from orderlint.source.python import inheritance, names
from orderlint.source.state.frames import ClassObject
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    External,
    Unknown,
)

__all__ = ["base_kind", "listed_base"]


def base_kind(m: Machine, cls: ClassObject) -> str | None:
    """The Keras class that a class inherits from: `Sequential`, `Model` or `Layer`.

    Returns: `Unknown` if a base is not known and may be a Keras class; `None` if no base is one.
    """
    for base in inheritance.mro(m, cls):
        kind = names.keras_class(base)
        if kind is not None:
            return kind
        if isinstance(base, External) and catalog.find(base.name) is not None:
            return "Layer"
        if isinstance(base, Unknown):
            return "Unknown"
    return None


def listed_base(m: Machine, cls: ClassObject) -> External | None:
    """The Keras layer of the catalog that a class inherits from; `None` for other classes."""
    for base in inheritance.mro(m, cls):
        if isinstance(base, External):
            entry = m.roles.find(base.name)
            if entry is not None and entry.kind is catalog.Kind.LAYER and entry.name not in ("Layer", "InputLayer"):
                return base
    return None
