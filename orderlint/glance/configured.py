"""Layers that are created from their configurations: `layers.deserialize({"class_name": "Dense", "config": …})`."""

from __future__ import annotations

from orderlint import catalog
from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict
from orderlint.glance.things import ANY, SCALAR, UNKNOWN, Const, Text, Thing, Value

__all__ = ["layer"]

_NAME = "class_name"
_WITHOUT_ENTRIES = UNKNOWN | SCALAR


def layer(given: Given) -> Value:
    """The layer that a configuration describes. It is only unknown if the analysis does not know it, either."""
    config = given.get(0, "config") or given.get(0, "identifier")
    if config is None or given.more or any(map(_may_name_a_layer, config)):
        return ANY
    return UNKNOWN


def _may_name_a_layer(config: Thing) -> bool:
    if type(config) is not Dict:
        return config not in _WITHOUT_ENTRIES and not isinstance(config, (Const, Text))
    names = config.entries.get(_NAME, config.others)  # `SCALAR` stands for a text that the analysis may know
    return not all(name in UNKNOWN or (type(name) is Const and _is_no_layer(name.value)) for name in names)


def _is_no_layer(name: object) -> bool:
    return catalog.find(f"keras.layers.{name}") is None
