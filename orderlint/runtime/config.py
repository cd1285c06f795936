"""Reads the JSON of a model: from `to_json()`, the `config.json` of an archive, or the attribute of an `.h5` file.

Everything is data: no names are imported, no objects are created, and no code is decoded. A layer that is not of Keras
is a boundary.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orderlint.catalog import ACTIVATIONS, UNKNOWN, ActivationOf, Description, Entry, RoleTable, find_layer, wrapped
from orderlint.runtime.assemble import MAX_CALLS
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.gaps import Gaps
from orderlint.runtime.network import Application, Network, Operation, Tensor, in_order
from orderlint.runtime.ranks import Ranks, input_rank
from orderlint.runtime.references import Reference, references
from orderlint.runtime.roles import (
    boundary,
    describe_function,
    describe_layer,
    find_keras_class,
    find_operation,
    find_tensorflow,
    looks_only,
)
from orderlint.runtime.serialized import Serialized, arguments_of, function_of, serialized

__all__ = ["read_network"]

_MODELS: Final = frozenset({"Functional", "Model", "Network", "Sequential"})
_MOST_WRAPPERS: Final = 100
_MOST_DEPTH: Final = 20
"""The most nested models that are opened to determine how many axes their outputs have."""
_ACTIVATIONS: Final = frozenset(ACTIVATIONS.values())


@dataclass(frozen=True, slots=True)
class _Reading:
    """The state that is needed to read a layer.

    Attributes:
        roles: The user's roles.
        gaps: Collects what the file does not contain, when a layer is reached.
        ranks: The number of axes of tensors, as far as known from the models that were reached.
        depth: The number of models around the current one.
    """

    roles: RoleTable
    gaps: Gaps = field(default_factory=Gaps)
    ranks: Ranks = field(default_factory=Ranks)
    depth: int = 0


def read_network(document: Mapping[str, Any], roles: RoleTable, gaps: Gaps | None = None) -> Network:
    """The network that the JSON of a model describes.

    Args:
        document: The JSON.
        roles: The user's roles.
        gaps: Collects what the file does not contain, while the network is opened.

    Raises:
        FileReadError: The JSON is malformed, or is not a model, or is a subclassed model, whose file does not contain
            the connections of its layers.
    """
    model = serialized(document, "the model")
    if model.layers is None:
        raise FileReadError(_without_layers(model))
    return _network(model, _Reading(roles, gaps or Gaps()))


def _without_layers(model: Serialized) -> str:
    if model.is_keras and model.class_name not in _MODELS and find_layer(model.class_name):
        return f"it contains a single layer (`{model.class_name}`), expected a model"
    return (
        f"`{model.own_name}` is a subclassed model: its file does not say how its layers are connected; inspect the "
        "object itself, or a function that builds it (package.module:factory)"
    )


def _network(model: Serialized, reading: _Reading) -> Network:
    layers = model.layers or ()
    if len(layers) > MAX_CALLS:  # checked before they are read
        raise FileReadError(f"`{model.name}` has {len(layers):,} layers; at most {MAX_CALLS:,} are read")
    parts = [serialized(layer, f"layer {number} of `{model.name}`") for number, layer in enumerate(layers, start=1)]
    return _sequential(model, parts, reading) if model.is_sequential else _functional(model, parts, reading)


def _sequential(model: Serialized, parts: Sequence[Serialized], reading: _Reading) -> Network:
    source: Hashable = "input"
    inputs = {source: "input"}
    applications = []
    for number, part in enumerate(parts):
        if part.class_name == "InputLayer" and part.is_keras:
            inputs = {source: part.name}
            continue
        applications.append(Application(number, _operation(part, 1, reading), ((source, 0),)))
        source = number
    network = Network(model.name, inputs, tuple(applications), ((source, 0),))
    _follow_ranks(model, network, parts, reading)
    return network


def _functional(model: Serialized, parts: Sequence[Serialized], reading: _Reading) -> Network:
    table = _Table(parts)
    inputs = {table.key(reference): reference.layer for reference in table.find(model.settings.get("input_layers"))}
    operations = _Operations(reading)
    found = [application for part in parts for application in _applications(part, table, inputs, operations)]
    applications = in_order(found)
    if len(applications) < len(found):
        raise FileReadError(f"the layers of `{model.name}` depend on each other in a cycle")
    outputs = tuple(table.tensor(reference) for reference in table.find(model.settings.get("output_layers")))
    network = Network(model.name, inputs, tuple(operations.of_tensors(applications)), outputs)
    _follow_ranks(model, network, parts, reading)
    return network


def _follow_ranks(model: Serialized, network: Network, parts: Sequence[Serialized], reading: _Reading) -> None:
    """Determine how many axes the tensors of a model have, if its file does not contain that for each layer."""

    def opened(part: Serialized) -> tuple[int | None, ...] | None:
        if part.layers is None:
            return None
        if part.key not in reading.ranks.outputs and reading.depth < _MOST_DEPTH:
            _network(part, replace(reading, depth=reading.depth + 1))
        return reading.ranks.outputs.get(part.key, (None,))

    if reading.depth == 0 and not any(part.has_listed_axis for part in parts):
        return
    shapes = {part.name: input_rank(part) for part in parts if part.class_name == "InputLayer"}
    inputs = {key: shapes.get(name) for key, name in network.inputs.items()}
    by_key: dict[Hashable, Serialized] = {part.key: part for part in parts}
    reading.ranks.outputs[model.key] = reading.ranks.follow(
        network.applications, by_key, inputs, network.outputs, opened
    )


def _applications(
    part: Serialized, table: _Table, inputs: Mapping[Hashable, str], operations: _Operations
) -> Iterator[Application]:
    applied = 0
    for number, node in enumerate(part.inbound):
        if (part.name, number) in inputs:
            continue
        applied += 1
        references = list(table.find(node))
        # A single number, such as a loss weight, is not a tensor of the network.
        count = sum(not reference.is_scalar for reference in references)
        tensors = tuple(map(table.tensor, references))
        yield Application((part.name, number), operations.of(part, count), tensors, number=applied)


class _Operations:
    """The operations of one model. The role of a function depends on the number of its tensors."""

    def __init__(self, reading: _Reading) -> None:
        self._reading = reading
        self._made: dict[tuple[int, int], Operation] = {}
        self._parts: dict[Hashable, Serialized] = {}

    def of(self, part: Serialized, tensors: int) -> Operation:
        key = (part.key, tensors)
        if key not in self._made:
            self._made[key] = _operation(part, tensors, self._reading)
            self._parts[part.key] = part
        return self._made[key]

    def of_tensors(self, applications: Iterable[Application]) -> Iterator[Application]:
        """The applications in the order of the data flow, without those that compute the lengths of axes."""
        numbers: set[Hashable] = set()
        for application in applications:
            part = self._parts[application.operation.identity]
            tensors = tuple(tensor for tensor in application.inputs if tensor[0] not in numbers)
            name = part.function_name
            if name and (looks_only(name) or not tensors):
                numbers.add(application.key)
            elif len(tensors) == len(application.inputs):
                yield application
            else:
                yield replace(application, operation=self.of(part, len(tensors)), inputs=tensors)


class _Table:
    """The layers of one model by name. It determines to which of their applications a reference refers."""

    def __init__(self, parts: Sequence[Serialized]) -> None:
        self._parts = {part.name: part for part in parts}

    def find(self, value: Any) -> Iterator[Reference]:
        return references(value, self._parts)

    def key(self, reference: Reference) -> Hashable:
        """The key of the application that a reference refers to."""
        part = self._parts[reference.layer]
        node = reference.node - _own_applications(part, reference.is_history)
        if 0 <= node < len(part.inbound):
            return (part.name, node)
        return (part.name, reference.node)

    def tensor(self, reference: Reference) -> Tensor:
        return (self.key(reference), reference.tensor)


def _own_applications(part: Serialized, is_history: bool) -> int:
    """The number of applications of a layer that Keras counts before those in the file.

    A nested model counts as applied to its own inputs first. In Keras 3, this is so only for functional models, and
    only in `output_layers`. In Keras 2, this is always so, but for a `Sequential` only if its input was known from the
    start.
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


def _operation(part: Serialized, tensors: int, reading: _Reading) -> Operation:
    return Operation(part.name, part.key, _Content(part, tensors, reading))


class _Content:
    """The content of an operation. It is determined once, because a nested model may be applied a thousand times."""

    __slots__ = ("_asked", "_found")

    def __init__(self, part: Serialized, tensors: int, reading: _Reading) -> None:
        self._asked = part, tensors, reading
        self._found: Description | Network | None = None

    def __call__(self) -> Description | Network:
        if self._found is None:
            self._found = _content(*self._asked)
        return self._found


def _content(part: Serialized, tensors: int, reading: _Reading) -> Description | Network:
    wrappers: list[Entry] = []
    name, rank = part.name, reading.ranks.given.get(part.key)
    while (wrapper := _wrapper(part, reading.roles)) and len(wrappers) < _MOST_WRAPPERS:
        wrappers.append(wrapper)
        part = serialized(part.settings.get("layer"), f"the layer in `{part.name}`")
    if part.num_axes is None and rank is not None:
        part = replace(part, num_axes=rank - sum(wrapper.name == "TimeDistributed" for wrapper in wrappers))
    what = _inner(part, name, tensors, reading)
    if isinstance(what, Description):
        for wrapper in reversed(wrappers):
            what = wrapped(wrapper, what)
    return what


def _wrapper(part: Serialized, roles: RoleTable) -> Entry | None:
    entry = find_layer(part.class_name) if part.is_keras else None
    if entry is None or not entry.wrapper or roles.of_entry(entry).user_roles:
        return None
    return entry if isinstance(part.settings.get("layer"), dict) else None


def _inner(part: Serialized, name: str, tensors: int, reading: _Reading) -> Description | Network:
    """The content of a part without its wrappers. `name` is the name of the outermost wrapper."""
    roles = reading.roles
    user = _user_roles(part, roles)
    if user is not None:
        return user
    if part.layers is not None and (part.is_keras or "output_layers" in part.settings):
        return _network(part, reading)
    if not part.is_keras:
        reading.gaps.foreign(name, part.own_name, ".".join(filter(None, (part.module, part.own_name))))
        return boundary(part.own_name)
    if part.is_tensorflow:
        return _tensorflow(part.function_name, tensors, roles)
    if part.is_function:
        return _keras_operation(part, tensors, roles)
    return _layer(part, name, reading)


def _layer(part: Serialized, name: str, reading: _Reading) -> Description:
    """The description of a layer of Keras. Before Keras 3, files contain no module, so it may be any class."""
    entry = find_keras_class(part.module or "keras.layers", part.class_name, reading.roles)
    if entry is None:
        if not part.module:
            reading.gaps.foreign(name, part.class_name, part.class_name)
        return boundary(part.class_name)
    arguments = arguments_of(part)
    if not entry.user_roles:
        _note_functions(part, entry, name, arguments, reading.gaps)
    return describe_layer(entry, arguments, reading.roles)


def _note_functions(part: Serialized, entry: Entry, name: str, arguments: Mapping[str, object], gaps: Gaps) -> None:
    """Note a function that matters and that the file does not contain."""
    key = "function" if entry.name == "Lambda" else "activation"
    if key not in entry.parameters or key not in arguments:
        return
    given, known = part.settings.get(key), arguments[key]
    called = function_of(given)
    if called and called != "<lambda>":
        if not isinstance(known, ActivationOf) or known.name not in _ACTIVATIONS:
            gaps.function(name, part.class_name, called)
    elif known is UNKNOWN:
        gaps.code(name, part.class_name)


def _user_roles(part: Serialized, roles: RoleTable) -> Description | None:
    """The description of a class with the user's roles, by its module or a package around it; `None` without roles."""
    if not roles.user or (part.is_keras and (part.module or find_layer(part.class_name))):
        return None
    for dotted in _spellings(part.module, part.own_name, roles):
        entry = roles.find(dotted)
        if entry is not None and entry.user_roles:
            return describe_layer(entry, arguments_of(part), roles)
    return None


def _spellings(module: str, name: str, roles: RoleTable) -> Iterator[str]:
    """The dotted names that a class may have. Before Keras 3, files contain no module, so its name has to match."""
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
