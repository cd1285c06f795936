"""The arguments of a function: whether they contain layers, at any depth, and which lists the function may fill.

If a function of another module is not run to its end, this only matters in the judged file if the function was given
layers or tensors of that file. Layers that it makes and keeps cause no finding here. For its results, see
`state/doubts.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from math import inf

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
    """Whether a function was given a layer or tensor of the judged file, a holder of one, or a model or list to fill.

    Functions of the judged file among the arguments, and methods of its objects, do not count: they are judged on their
    own if nothing calls them.
    """
    function = frame.function
    if function is None:
        return True
    given = [m.read(frame.uid, name) for name in given_names(function.node.params)]
    if any(_may_be_filled(m, value) for value in given):
        return True
    return any(parts is None for _, parts in _inside(m, given))


def to_be_filled(m: Machine, values: Iterable[Value]) -> list[int]:
    """The owners of the lists and models in values, at any depth, that code which was not run may have filled."""
    return [
        value.uid
        for value, _ in islice(_inside(m, values), _MOST_PARTS)
        if isinstance(value, (ListObject, SequentialModel)) and _may_be_filled(m, value)
    ]


def _inside(m: Machine, values: Iterable[Value]) -> Iterator[tuple[Value, list[Value] | None]]:
    """Values and everything in them, each once, with its parts. After `_MOST_PARTS` values, the parts are `None`."""
    waiting = list(values)
    own = _Own(m)
    seen: dict[int, Value] = {}  # this keeps the values alive, so that no other value gets the same `id`
    while waiting:
        value = waiting.pop()
        if isinstance(value, _PLAIN):
            continue
        key = value.uid if isinstance(value, _KEPT) else id(value)
        if key in seen:
            continue
        seen[key] = value
        parts = _parts(m, value, own) if len(seen) <= _MOST_PARTS else None
        yield value, parts
        waiting += parts or ()


def _may_be_filled(m: Machine, value: Value) -> bool:
    """Whether code may add layers to a value: it is a model, or a list that is empty or holds more than data."""
    if isinstance(value, ListObject):
        return m.is_for_layers(value)
    return isinstance(value, (FunctionalModel, SequentialModel))


def _parts(m: Machine, value: Value, own: _Own) -> list[Value] | None:
    """The parts of a value; `None` for a layer or tensor of the judged file, and for a value that may hold one."""
    if isinstance(value, Choice):
        return [option for _, option in value.alternatives]
    if isinstance(value, Sequence):
        return [element.value for element in value.elements]
    if isinstance(value, (ListObject, SequentialModel)):
        return [element.value for element in m.elements(value.uid)]
    if isinstance(value, (DictObject, Instance)):
        return [part for _, part in m.store.of(value.uid)]
    if isinstance(value, Layer):
        return None if own.holds(value.site) else []
    if isinstance(value, Tensor):
        return None if value.node >= own.first_call else []
    if isinstance(value, (Method, NativeMethod)):
        return [value.receiver]
    if isinstance(value, Partial):
        return [value.function, *value.args, *value.kwargs.values()]
    if isinstance(value, Super) and value.receiver is not None:
        return [value.receiver]
    if isinstance(value, FunctionalModel):
        return [value.inputs, value.outputs]
    return None


class _Own:
    """What belongs to the judged file. Layers that were created elsewhere cause no findings there."""

    def __init__(self, m: Machine) -> None:
        self._file = m.judged.file if m.judged is not None else None
        self._calls = m.recorder.calls

    def holds(self, site: Site | None) -> bool:
        """Whether a place is in the judged file."""
        if site is None:
            return False
        return self._file is None or not isinstance(site, NodeSite) or self._file.holds(site)

    @cached_property
    def first_call(self) -> float:
        """The first call of a layer that was created or applied in the file. Later tensors may depend on it."""
        owned = (call.id for call in self._calls if self.holds(call.applied) or self.holds(call.constructed))
        return next(owned, inf)
