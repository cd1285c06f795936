"""Looks up the layers of a model by name: `model.get_layer("features")`."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.source.keras.bases import base_kind
from orderlint.source.keras.chains import layers_of
from orderlint.source.keras.models import FUNCTIONAL
from orderlint.source.python import containers, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, FunctionalModel, Layer, SequentialModel, Value, alternatives

__all__ = ["get_layer"]


def get_layer(m: Machine, owner: SequentialModel | FunctionalModel | Instance, arguments: Arguments) -> Value:
    """`model.get_layer(name)`, `model.get_layer(index=0)`: the layer, if the model and the name are visible."""
    model = _model(m, owner)
    index = arguments.keywords.get("index")
    if index is not None:
        row = layers_of(m, model) if isinstance(model, FunctionalModel) else model
        return containers.item(m, row, index) if row is not None else m.fresh("layer")
    name = arguments.get(0, "name")
    if model is None or not isinstance(name, Const) or name not in m.named:
        return m.fresh("layer")
    ids = _ids(m, model)
    found = [layer for layer in m.named[name] if layer.uid in ids]
    return found[0] if len(found) == 1 else m.fresh("layer")


def _model(m: Machine, owner: SequentialModel | FunctionalModel | Instance) -> SequentialModel | FunctionalModel | None:
    """The model that an object is; `None` if it is not one."""
    if not isinstance(owner, Instance):
        return owner
    functional = m.read(owner.uid, FUNCTIONAL)
    if isinstance(functional, FunctionalModel):
        return functional
    return SequentialModel(owner.uid, owner.site) if base_kind(m, owner.cls) == "Sequential" else None


def _ids(m: Machine, model: SequentialModel | FunctionalModel) -> set[object]:
    """The ids of the layers of a model."""
    if isinstance(model, SequentialModel):
        options = (option for e in m.elements(model.uid) for _, option in alternatives(e.value))
        return {option.uid for option in options if isinstance(option, Layer)}
    part = m.recorder.backward(_nodes(m, (model.outputs,)), _nodes(m, (model.inputs,)))
    return {m.recorder.calls[number].layer_id for number in part}


def _nodes(m: Machine, values: Iterable[Value]) -> set[int]:
    return {node for value in values for _, node in operations.tensors(m, value)}
