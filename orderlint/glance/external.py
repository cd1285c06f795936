"""Calls of code from outside the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.catalog import Kind
from orderlint.catalog.customary import keras_class
from orderlint.glance import functions, layers, models
from orderlint.glance.arguments import Given
from orderlint.glance.orders import Way
from orderlint.glance.things import Tensor, Value, one

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["call_external"]

_INPUTS = frozenset({"Input", "InputLayer"})


def call_external(g: Machine, name: str, given: Given) -> Value:
    """Call something from outside the project by its name."""
    entry = catalog.find(name)
    if entry is not None and entry.name not in _INPUTS:
        return layers.construct(g, entry, given) if entry.kind is Kind.LAYER else layers.apply_function(g, entry, given)
    kind = keras_class(name)
    if entry is not None or kind in _INPUTS:
        g.num_layers += 1
        return one(Tensor(frozenset([Way(False, origin=given.place)])))
    if kind == "Sequential":
        return models.sequential(g, given)
    if kind == "Model":
        return models.functional(g, given)
    return functions.call_function(g, name, given)
