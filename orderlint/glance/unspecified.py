"""Calls of an unspecified layer or function of a library module: `getattr(layers, name)(…)`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.catalog import Entry, Kind
from orderlint.glance import layers, texts
from orderlint.glance.arguments import Given
from orderlint.glance.orders import Way
from orderlint.glance.things import ANY, DATA, Layer, SomeOf, Tensor, Value, is_plain, one
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["call"]

_TAKE_LAYERS = frozenset({"Lambda", "Merge"})  # like wrappers, they call their arguments
_OPEN = Given((), more=DATA)


def call(g: Machine, some: SomeOf, given: Given) -> Value:
    """Call an unspecified layer or function of a module."""
    words, are_layers = _words(some.name)
    g.num_layers += 1
    if not are_layers:
        return layers.apply_words(g, words, given)
    if not all(map(is_plain, given.every)):
        return ANY
    return join(one(Layer(words)), g.fresh, one(Tensor(frozenset([Way(False, origin=given.place)]))))


@lru_cache(maxsize=64)
def _words(module: str) -> tuple[frozenset[tuple[str, ...]], bool]:
    """The roles that the layers and functions of a module may have with any arguments, and whether any is a layer."""
    found = (catalog.find(f"{module}.{name}") for name in texts.NAMES)
    entries = [entry for entry in found if entry is not None]
    words = frozenset[tuple[str, ...]]([(), ("boundary",)])
    return words.union(*map(_of_entry, entries)), any(entry.kind is Kind.LAYER for entry in entries)


def _of_entry(entry: Entry) -> frozenset[tuple[str, ...]]:
    is_simple = not entry.wrapper and entry.name not in _TAKE_LAYERS
    return layers.words_of(entry, _OPEN) if is_simple else frozenset()
