"""Layers that are created from their configurations: `layers.deserialize({"class_name": "Dense", "config": …})`."""

from __future__ import annotations

from orderlint.catalog import Entry, Kind
from orderlint.graph import Site
from orderlint.source.keras import layers
from orderlint.source.python import calls
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import MISSING, NONE, Const, DictObject, Value

__all__ = ["from_config", "layer"]


def layer(m: Machine, config: Value, site: Site) -> Value | None:
    """The layer that a dictionary with a class name describes; `None` if it is not known."""
    if not isinstance(config, DictObject):
        return None
    name = m.read(config.uid, Const("class_name"))
    entry = m.roles.find(f"keras.layers.{name.value}") if isinstance(name, Const) else None
    if entry is None or entry.kind is not Kind.LAYER:
        return None
    given = m.read(config.uid, Const("config"))
    return _made(m, entry, given, site)


def from_config(m: Machine, owner: str, config: Value, site: Site) -> Value | None:
    """The result of `Dense.from_config(config)`; `None` if the class is not a known layer.

    Args:
        m: The machine.
        owner: The full name of the class.
        config: The argument.
        site: The call.
    """
    entry = m.roles.find(owner)
    return _made(m, entry, config, site) if entry is not None and entry.kind is Kind.LAYER else None


def _made(m: Machine, entry: Entry, config: Value, site: Site) -> Value:
    keywords: dict[str, Value] = {}
    unknown = calls.spread(m, NONE if config is MISSING else config, keywords)
    parts = {name: layer(m, value, site) or value for name, value in keywords.items()}
    return layers.construct(m, entry, Arguments([], parts, tuple(unknown)), site)
