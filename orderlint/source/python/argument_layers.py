"""The layers among the arguments of a call, also in lists and dictionaries."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.source.python import containers, dictionaries
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import DictObject, Layer, ListObject, Sequence, Value, alternatives

__all__ = ["layers_of"]

_DEEPEST = 3  # lists of pairs of layers are common; deeper values are not searched


def layers_of(m: Machine, arguments: Arguments) -> Iterator[Layer | Instance]:
    """The layers and objects that arguments hold on any path."""
    for value in (*arguments.positional, *arguments.keywords.values()):
        yield from _layers_in(m, value, 0)


def _layers_in(m: Machine, value: Value, depth: int) -> Iterator[Layer | Instance]:
    for _, option in alternatives(value):
        if isinstance(option, (Layer, Instance)):
            yield option
        elif depth < _DEEPEST:
            for part in _parts(m, option):
                yield from _layers_in(m, part, depth + 1)


def _parts(m: Machine, value: Value) -> list[Value]:
    if isinstance(value, (Sequence, ListObject)):
        return [element.value for element in containers.iterate(m, value)]
    if isinstance(value, DictObject):
        return [m.read(value.uid, key.value) for key in dictionaries.keys(m, value)]
    return []
