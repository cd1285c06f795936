"""Restores a model after tracing, which builds layers, adds nodes and sets attributes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

__all__ = ["Keeper"]

_CONTAINERS: Final = frozenset({"list", "dict", "set", "defaultdict", "TrackedList", "TrackedDict", "TrackedSet"})
_HOLDERS: Final = frozenset({"Tracker", "ObjectIdentityDictionary", "ObjectIdentitySet"})
"""Bookkeeping objects of Keras and TensorFlow that grow while a layer is built."""


class Keeper:
    """Saves the state of layers, and restores it at the end.

    The changes of a trace are needed until the whole model is read: a nested `Sequential` may only get its graph when a
    `call` calls it.
    """

    def __init__(self) -> None:
        self._kept: dict[int, Any] = {}  # by id; they stay alive, so that their ids are not used again
        self._undo: list[Callable[[], None]] = []
        self._names: list[Callable[[], None]] = []

    @contextmanager
    def working(self) -> Iterator[None]:
        """Within the block, `keep` saves layers. At its end, they are restored."""
        self._names = list(_remember_names())
        try:
            yield
        finally:
            for step in reversed(self._undo):
                step()
            self.restore_names()
            self._undo.clear()
            self._kept.clear()

    def keep(self, layer: Any) -> None:
        """Save the state of a layer, and of the layers inside it."""
        for part in _parts(layer):
            if id(part) not in self._kept:
                self._kept[id(part)] = part
                self._undo.extend(_remember(part))

    def is_kept(self, layer: Any) -> bool:
        """Whether the state of a layer was saved. If not, a `call` created it while it was followed."""
        return id(layer) in self._kept

    def restore_names(self) -> None:
        """Reset the counters of automatic names, so that a second trace gives the same names."""
        for step in self._names:
            step()


def _parts(layer: Any) -> list[Any]:
    flatten = getattr(layer, "_flatten_layers", None)
    parts = [layer, *(flatten() if flatten else ())]
    return list({id(part): part for part in parts}.values())


def _remember(thing: Any) -> Iterator[Callable[[], None]]:
    """Steps that restore the attributes of an object, and the contents of its lists, dicts and sets."""
    attributes = vars(thing)
    saved = dict(attributes)

    def restore() -> None:
        attributes.clear()
        attributes.update(saved)

    yield restore
    for value in saved.values():
        yield from _remember_contents(value)


def _remember_contents(value: Any) -> Iterator[Callable[[], None]]:
    if type(value).__name__ not in _CONTAINERS:
        yield from _remember_holder(value)
    elif isinstance(value, list):
        yield partial(list.__setitem__, value, slice(None), list(value))
    elif isinstance(value, dict):
        yield partial(_refill, dict, value, dict(value))
        for inner in value.values():
            if isinstance(inner, (list, set)):
                yield from _remember_contents(inner)
    elif isinstance(value, set):
        yield partial(_refill, set, value, set(value))


def _remember_holder(value: Any) -> Iterator[Callable[[], None]]:
    if type(value).__name__ not in _HOLDERS:
        return
    if hasattr(value, "_storage"):
        yield from _remember_contents(value._storage)
    else:
        yield from _remember(value)


def _refill(kind: Any, value: Any, saved: Any) -> None:
    # This calls the methods of the built-in type, because those of Keras's containers track changes.
    kind.clear(value)
    kind.update(value, saved)


def _remember_names() -> Iterator[Callable[[], None]]:
    """Steps that restore the counters for the names of unnamed layers."""
    state = sys.modules.get("keras.src.backend.common.global_state")
    if state is not None:
        yield from _remember_contents(state.get_global_attribute("object_name_uids"))
    for name in ("tf_keras.src.backend", "keras.src.backend", "keras.backend"):
        for counters in getattr(sys.modules.get(name), "PER_GRAPH_OBJECT_NAME_UIDS", {}).values():
            yield partial(_refill, dict, counters, dict(counters))
