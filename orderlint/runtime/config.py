"""The JSON of a model to a network: `to_json()`, the `config.json` of an archive, the attribute of an `.h5` file.

Everything is data: no name in it is imported, no class of it is created, no code of it is decoded. What Keras does
not know is a boundary.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final

from orderlint.catalog import Description, Entry, RoleTable, find_layer, wrapped
from orderlint.runtime.assemble import MAX_CALLS
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.network import Application, Network, Operation, Tensor, in_order
from orderlint.runtime.references import Reference, references
from orderlint.runtime.roles import (
    boundary,
    describe_function,
    describe_layer,
    find_keras_class,
    find_operation,
    find_tensorflow,
)
from orderlint.runtime.serialized import Serialized, arguments_of, serialized, text_of

__all__ = ["read_network"]

_MODELS: Final = frozenset({"Functional", "Model", "Network", "Sequential"})
_TENSORFLOW_LAYERS: Final = frozenset({"SlicingOpLambda", "TFOpLambda"})
_MOST_WRAPPERS: Final = 100


def read_network(document: Mapping[str, Any], roles: RoleTable) -> Network:
    """The network a model's JSON describes.

    Raises:
        FileReadError: It is malformed, no model, or a subclassed model, whose file does not hold its layers.
    """
    model = serialized(document, "the model")
    if model.layers is None:
        raise FileReadError(_without_layers(model))
    return _network(model, roles)


def _without_layers(model: Serialized) -> str:
    if model.is_keras and model.class_name not in _MODELS and find_layer(model.class_name):
        return f"it holds a single layer (`{model.class_name}`), expected a model"
    return (
        f"`{model.class_name}` is a subclassed model: its file does not say how its layers are connected; inspect the "
        "object itself, or a function that builds it (package.module:factory)"
    )


def _network(model: Serialized, roles: RoleTable) -> Network:
    layers = model.layers or ()
    if len(layers) > MAX_CALLS:  # said before anything is made of them
        raise FileReadError(f"`{model.name}` has {len(layers):,} layers; at most {MAX_CALLS:,} are read")
    parts = [serialized(layer, f"layer {number} of `{model.name}`") for number, layer in enumerate(layers, start=1)]
    return _sequential(model, parts, roles) if model.is_sequential else _functional(model, parts, roles)


def _sequential(model: Serialized, parts: Sequence[Serialized], roles: RoleTable) -> Network:
    source: Hashable = "input"
    inputs = {source: "input"}
    applications = []
    for number, part in enumerate(parts):
        if part.class_name == "InputLayer" and part.is_keras:
            inputs = {source: part.name}
            continue
        applications.append(Application(number, _operation(part, 1, roles), ((source, 0),)))
        source = number
    return Network(model.name, inputs, tuple(applications), ((source, 0),))


def _functional(model: Serialized, parts: Sequence[Serialized], roles: RoleTable) -> Network:
    table = _Table(parts)
    inputs = {table.key(reference): reference.layer for reference in table.find(model.settings.get("input_layers"))}
    found = [application for part in parts for application in _applications(part, table, inputs, roles)]
    applications = in_order(found)
    if len(applications) < len(found):
        raise FileReadError(f"the layers of `{model.name}` wait for each other in a circle")
    outputs = tuple(table.tensor(reference) for reference in table.find(model.settings.get("output_layers")))
    return Network(model.name, inputs, applications, outputs)


def _applications(
    part: Serialized, table: _Table, inputs: Mapping[Hashable, str], roles: RoleTable
) -> Iterator[Application]:
    operations: dict[int, Operation] = {}
    turn = 0
    for number, node in enumerate(part.inbound):
        if (part.name, number) in inputs:
            continue
        turn += 1
        tensors = tuple(table.tensor(reference) for reference in table.find(node))
        if len(tensors) not in operations:  # what a function is depends on how many tensors it is given
            operations[len(tensors)] = _operation(part, len(tensors), roles)
        yield Application((part.name, number), operations[len(tensors)], tensors, turn=turn)


class _Table:
    """The layers of one model by name, and which of their applications a reference means."""

    def __init__(self, parts: Sequence[Serialized]) -> None:
        self._parts = {part.name: part for part in parts}

    def find(self, value: Any) -> Iterator[Reference]:
        return references(value, self._parts)

    def key(self, reference: Reference) -> Hashable:
        """The key of the application that is meant."""
        part = self._parts[reference.layer]
        turn = reference.node - _own_applications(part, reference.is_history)
        if 0 <= turn < len(part.inbound):
            return (part.name, turn)
        return (part.name, reference.node)

    def tensor(self, reference: Reference) -> Tensor:
        return (self.key(reference), reference.tensor)


def _own_applications(part: Serialized, is_history: bool) -> int:
    """How many applications of a layer are counted before those in the file.

    A nested model is counted as applied to its own inputs first. Keras 3 does so for functional models and in
    `output_layers` only; Keras 2 everywhere, for a `Sequential` if it knew its input when it was made.
    """
    layers = part.layers
    if layers is None or is_history:
        return 0
    if not part.is_sequential:
        return 1
    if any(isinstance(node, dict) for node in part.inbound) or not layers or not isinstance(layers[0], dict):
        return 0
    first = layers[0]
    config = first.get("config")
    return int(first.get("class_name") == "InputLayer" or (isinstance(config, dict) and "batch_input_shape" in config))


def _operation(part: Serialized, tensors: int, roles: RoleTable) -> Operation:
    return Operation(part.name, part.key, _Content(part, tensors, roles))


class _Content:
    """What an operation is, found out once: a nested model may be applied a thousand times."""

    __slots__ = ("_asked", "_found")

    def __init__(self, part: Serialized, tensors: int, roles: RoleTable) -> None:
        self._asked = part, tensors, roles
        self._found: Description | Network | None = None

    def __call__(self) -> Description | Network:
        if self._found is None:
            self._found = _content(*self._asked)
        return self._found


def _content(part: Serialized, tensors: int, roles: RoleTable) -> Description | Network:
    wrappers: list[Entry] = []
    while (wrapper := _wrapper(part, roles)) and len(wrappers) < _MOST_WRAPPERS:
        wrappers.append(wrapper)
        part = serialized(part.settings.get("layer"), f"the layer in `{part.name}`")
    what = _inner(part, tensors, roles)
    if isinstance(what, Description):
        for wrapper in reversed(wrappers):
            what = wrapped(wrapper, what)
    return what


def _wrapper(part: Serialized, roles: RoleTable) -> Entry | None:
    entry = find_layer(part.class_name) if part.is_keras else None
    if entry is None or not entry.wrapper or roles.of_entry(entry).user_roles:
        return None
    return entry if isinstance(part.settings.get("layer"), dict) else None


def _inner(part: Serialized, tensors: int, roles: RoleTable) -> Description | Network:
    user = _user_roles(part, roles)
    if user is not None:
        return user
    if part.layers is not None and (part.is_keras or "output_layers" in part.settings):
        return _network(part, roles)
    if not part.is_keras:
        return boundary(part.class_name)
    if part.class_name in _TENSORFLOW_LAYERS:
        return _tensorflow(text_of(part.settings.get("function")), tensors, roles)
    if part.class_name == "TensorFlowOpLayer":
        return _tensorflow(_graph_operation(part.settings.get("node_def")), tensors, roles)
    if part.is_function:
        return _keras_operation(part, tensors, roles)
    module = part.module or "keras.layers"
    entry = find_keras_class(module, part.class_name, roles)
    return describe_layer(entry, arguments_of(part), roles) if entry else boundary(part.class_name)


def _user_roles(part: Serialized, roles: RoleTable) -> Description | None:
    """What the user says a class of their own is: by the module the file names, or a package it is in."""
    if not roles.user or (part.is_keras and (part.module or find_layer(part.class_name))):
        return None
    name = part.class_name.rpartition(">")[2]
    for dotted in _spellings(part.module, name, roles):
        entry = roles.find(dotted)
        if entry is not None and entry.user_roles:
            return describe_layer(entry, arguments_of(part), roles)
    return None


def _spellings(module: str, name: str, roles: RoleTable) -> Iterator[str]:
    """The names a class may have for its users. Before Keras 3 the files say no module: then the name must do."""
    if not module:
        yield from (dotted for dotted in roles.user if dotted.rpartition(".")[2] == name)
    words = module.split(".")
    for length in range(len(words), 0, -1):
        yield ".".join((*words[:length], name))


def _keras_operation(part: Serialized, tensors: int, roles: RoleTable) -> Description:
    entry = find_operation(part.class_name)
    return describe_function(entry, tensors, arguments_of(part), roles) if entry else boundary(part.class_name)


def _tensorflow(name: str, tensors: int, roles: RoleTable) -> Description:
    entry = find_tensorflow(name) if name else None
    return describe_function(entry, tensors, {}, roles) if entry else boundary(name or "TFOpLambda")


def _graph_operation(node: Any) -> str:
    """The operation of a graph node, which TensorFlow before 2.4 saved as JSON text or as an object."""
    if isinstance(node, dict):
        return text_of(node.get("op"))
    _, _, rest = text_of(node).partition('"op"')
    return rest.split('"')[1] if rest.count('"') >= 2 else ""
