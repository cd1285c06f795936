"""Looks up the layers of a functional model by index: `model.layers[-2].output`, `Sequential(model.layers[:-1])`."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.source.python import operations
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Element, FunctionalModel, Layer, Sequence, Tensor, Value

__all__ = ["ITSELF", "layers_of"]

ITSELF = "#itself"  # the cell of an applied layer that holds the layer


def layers_of(m: Machine, model: FunctionalModel) -> Sequence | None:
    """The input and the layers of a model that is a single chain of layers, in order; `None` for any other model.

    Keras sorts the layers of other models by depth, and counts operations and nested models as one layer each.
    """
    inputs, outputs = _nodes(m, model.inputs), _nodes(m, model.outputs)
    part = sorted(m.recorder.backward(outputs, inputs)) if len(inputs) == len(outputs) == 1 else []
    if not part or any(start <= number < end for start, end in m.nested for number in part):
        return None
    (before,) = inputs
    if m.recorder.calls[before].layer != "Input" or part[-1] not in outputs:
        return None
    found: list[Value] = [Tensor(before)]
    for number in part:
        layer_id = m.recorder.calls[number].layer_id
        layer = m.read(layer_id, ITSELF) if isinstance(layer_id, int) else None
        if m.recorder.sources(number) != {before} or not isinstance(layer, Layer) or layer in found:
            return None
        found.append(layer)
        before = number
    return Sequence(tuple(map(Element, found)))


def _nodes(m: Machine, value: Value) -> set[int]:
    found: Iterable[tuple[object, int]] = operations.tensors(m, value)
    return {node for _, node in found}
