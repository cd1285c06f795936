"""What a function is given: whether layers are among it, however deep, and lists that it may fill with some.

A function of another module that is not run to its end is nothing to tell of in the judged file, unless it was given
layers or tensors of it: what it makes for itself is no finding here. What comes of it is: see `state/doubts.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from orderlint.graph import Site
from orderlint.source.python.syntax import given_names
from orderlint.source.state.frames import ClassObject, Frame, Function, Instance, Method, Super
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    Choice,
    Condition,
    Const,
    DictObject,
    External,
    FunctionalModel,
    ImportedName,
    Layer,
    ListObject,
    Missing,
    ModuleValue,
    NativeFunction,
    NativeMethod,
    Partial,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
    Weight,
)
from orderlint.text.files import NodeSite

__all__ = ["is_given_layers", "to_be_filled"]

_MOST_PARTS = 10_000
_PLAIN = (
    ClassObject,
    Condition,
    Const,
    External,
    Function,
    ImportedName,
    Missing,
    ModuleValue,
    NativeFunction,
    Unknown,
    Weight,
)
_KEPT = (DictObject, Instance, ListObject, SequentialModel)


def is_given_layers(m: Machine, frame: Frame) -> bool:
    """Whether a function was given a layer or tensor of the judged file, what holds one, or a model or list to fill.

    The functions of the judged file that it was given, also as methods of an object, are judged on their own if nothing
    enters them.
    """
    function = frame.function
    if function is None:
        return True
    given = [m.read(frame.uid, name) for name in given_names(function.node.params)]
    if any(_may_be_filled(m, value) for value in given):
        return True
    return any(parts is None for _, parts in _inside(m, given))


def to_be_filled(m: Machine, values: Iterable[Value]) -> list[int]:
    """The owners of the lists and models in values, however deep, that code which was not run may have filled."""
    return [
        value.uid
        for value, _ in islice(_inside(m, values), _MOST_PARTS)
        if isinstance(value, (ListObject, SequentialModel)) and _may_be_filled(m, value)
    ]


def _inside(m: Machine, values: Iterable[Value]) -> Iterator[tuple[Value, list[Value] | None]]:
    """Values and what is in them, however deep, each once with its parts; past so many, none has its parts told."""
    waiting = list(values)
    seen: dict[int, Value] = {}  # with the values, so that no other comes to have the `id` of one
    while waiting:
        value = waiting.pop()
        if isinstance(value, _PLAIN):
            continue
        key = value.uid if isinstance(value, _KEPT) else id(value)
        if key in seen:
            continue
        seen[key] = value
        parts = _parts(m, value) if len(seen) <= _MOST_PARTS else None
        yield value, parts
        waiting += parts or ()


def _may_be_filled(m: Machine, value: Value) -> bool:
    """Whether a value is there to be given layers: a model, or a list that holds no data, or nothing so far."""
    if isinstance(value, ListObject):
        return m.is_for_layers(value)
    return isinstance(value, (FunctionalModel, SequentialModel))


def _parts(m: Machine, value: Value) -> list[Value] | None:
    """What a value consists of; `None` of a layer or tensor of the judged file, and of what may hold one."""
    if isinstance(value, Choice):
        return [option for _, option in value.alternatives]
    if isinstance(value, Sequence):
        return [element.value for element in value.elements]
    if isinstance(value, (ListObject, SequentialModel)):
        return [element.value for element in m.elements(value.uid)]
    if isinstance(value, (DictObject, Instance)):
        return [part for _, part in m.store.of(value.uid)]
    if isinstance(value, Layer):
        return None if _is_own(m, value.site) else []
    if isinstance(value, Tensor):
        return None if _has_own_calls(m, value) else []
    if isinstance(value, (Method, NativeMethod)):
        return [value.receiver]
    if isinstance(value, Partial):
        return [value.function, *value.args, *value.kwargs.values()]
    if isinstance(value, Super) and value.receiver is not None:
        return [value.receiver]
    if isinstance(value, FunctionalModel):
        return [value.inputs, value.outputs]
    return None


def _has_own_calls(m: Machine, tensor: Tensor) -> bool:
    """Whether a layer of the judged file, or one that is applied there, may have had to do with a tensor."""
    before = m.recorder.calls[: tensor.node + 1]
    return any(_is_own(m, call.applied) or _is_own(m, call.constructed) for call in before)


def _is_own(m: Machine, site: Site | None) -> bool:
    """Whether a place is in the judged file: a layer that was made elsewhere is no finding here."""
    if site is None:
        return False
    return m.judged is None or not isinstance(site, NodeSite) or m.judged.file.holds(site)
