"""Reads the graph of a live model from Keras, one level at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from orderlint.catalog import Description, Entry, RoleTable, wrapped
from orderlint.graph import LayerGraph
from orderlint.runtime.arguments import function_entry, keras_entry, layer_arguments
from orderlint.runtime.errors import NotBuiltError, TraceError
from orderlint.runtime.kinds import (
    PARENT,
    TENSORFLOW_LAYERS,
    defines_call,
    function_name,
    graph_of,
    has_graph,
    is_sequential,
    is_tensorflow,
    keras_name,
    wrapped_layer,
)
from orderlint.runtime.library import Library
from orderlint.runtime.network import Application, Content, Network, Operation, Tensor
from orderlint.runtime.readmodel import ReadModel
from orderlint.runtime.roles import (
    boundary,
    describe_function,
    describe_layer,
    find_operation,
    find_tensorflow,
    is_keras,
    looks_only,
)
from orderlint.runtime.snapshot import Keeper
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.userroles import user_entry

__all__ = ["Given", "LiveReader", "Opener"]

_METHOD_LAYERS = frozenset({"ClassMethod", "InstanceMethod", "InstanceProperty"})


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call of a layer.

    Attributes:
        node: The node of the application; `None` if the layer was never applied.
        num_steps_in: The number of `TimeDistributed` wrappers around the layer. Each removes one axis of the tensors.
    """

    node: Any
    num_steps_in: int = 0


class Opener(Protocol):
    """Follows the code of a model."""

    def open_call(self, reader: LiveReader, layer: Any, given: Given) -> Network:
        """Follow the `call` of a layer with the given arguments, and return the network."""

    def follow(self, reader: LiveReader, function: Callable[..., Any]) -> object:
        """Describe an activation function of the user for the catalog."""


@dataclass(slots=True)
class LiveReader:
    """Reads one model, level by level.

    Attributes:
        library: The generation of Keras of the model.
        roles: The user's roles.
        opener: Follows layers that define their own `call`.
        training: Whether each `call` is followed as in training.
        keeper: Restores layers after the whole model was read.
        sources: The places where layers were constructed and applied, as far as they were recorded.
        notes: What could not be followed, with the reason, in the order of discovery.
        without_role: The dotted names of classes outside Keras without a role of the user.
        follows_code: Whether a `call` was followed that may differ between training and inference.
    """

    library: Library
    roles: RoleTable
    opener: Opener
    training: bool = False
    keeper: Keeper = field(default_factory=Keeper)
    sources: SourceRecorder = field(default_factory=SourceRecorder)
    notes: list[str] = field(default_factory=list)
    without_role: dict[str, None] = field(default_factory=dict)
    follows_code: bool = False

    def result(self, graphs: Iterable[LayerGraph]) -> ReadModel:
        """The result, after the graphs are assembled."""
        return ReadModel(tuple(graphs), tuple(self.notes), tuple(self.without_role))

    def model(self, model: Any) -> Network:
        """The network of a model with a graph, or of a `Sequential`, even if it is not built."""
        graph = graph_of(model)
        if graph is None:
            return self._stack(model)
        return self.between(model.name, _flat(graph.inputs), _flat(graph.outputs))

    def between(self, name: str, inputs: Sequence[Any], outputs: Sequence[Any], *, traced: bool = False) -> Network:
        """The network between symbolic tensors.

        Args:
            name: The name of the network.
            inputs: The symbolic inputs.
            outputs: The symbolic outputs.
            traced: Whether a `call` was followed, so that Keras's names of functions depend on earlier calls.
        """
        names: dict[Hashable, str] = {_key(tensor): tensor._keras_history[0].name for tensor in inputs}
        if traced:
            names = dict(zip(names, (f"input_{number}" for number in range(1, len(names) + 1)), strict=True))
        namer = _Namer() if traced else None
        applications = []
        numbers: set[Hashable] = set()
        nodes = list(self._nodes(names, outputs))
        nth = _nth(key for key, _ in nodes)
        for key, node in nodes:
            tensors = [tensor for tensor in self._known(node) if _key(tensor) not in numbers]
            if self._is_number(node, tensors):
                numbers.add(key)
                continue
            operation = self._operation(node, tensors, namer)
            inputs = tuple(_tensor(tensor) for tensor in tensors)
            applications.append(Application(key, operation, inputs, self.sources.applied(node), nth[key]))
        return Network(name, names, tuple(applications), tuple(_tensor(output) for output in outputs))

    def _is_number(self, node: Any, tensors: Sequence[Any]) -> bool:
        """Whether a node computes the length of an axis, or something from such lengths. Networks do not contain it."""
        operation = self.library.operation(node)
        name = function_name(operation) if self._is_function(operation) else ""
        return bool(name) and (looks_only(name) or not tensors)

    def _is_function(self, operation: Any) -> bool:
        return not isinstance(operation, self.library.layer_class) or keras_name(operation) in TENSORFLOW_LAYERS

    def _nodes(self, inputs: Iterable[Hashable], outputs: Sequence[Any]) -> Iterator[tuple[_Key, Any]]:
        """The nodes between inputs and outputs, each after those that it depends on. It uses a stack, not recursion."""
        done = set(inputs)
        stack: list[tuple[Any, Any]] = [(output, None) for output in reversed(outputs)]
        while stack:
            tensor, node = stack.pop()
            if node is not None:
                yield _key(tensor), node
                continue
            if _key(tensor) in done:
                continue
            done.add(_key(tensor))
            operation, index, _ = tensor._keras_history
            node = operation._inbound_nodes[index]
            if node.is_input:
                continue
            stack.append((tensor, node))
            stack.extend((given, None) for given in reversed(self._known(node)))

    def _known(self, node: Any) -> Sequence[Any]:
        """The inputs of a node with a known origin."""
        return [tensor for tensor in self.library.inputs(node) if _has_history(tensor)]

    def _stack(self, model: Any) -> Network:
        """The layers of a `Sequential` that is not built, in order."""
        source: Hashable = "input"
        applications = []
        for number, layer in enumerate(model.layers):
            operation = Operation(
                layer.name, id(layer), self.content(layer, Given(None), 1), self.sources.constructed(layer)
            )
            applications.append(Application(number, operation, ((source, 0),)))
            source = number
        return Network(model.name, {"input": "input"}, tuple(applications), ((source, 0),))

    def _operation(self, node: Any, tensors: Sequence[Any], namer: _Namer | None) -> Operation:
        operation = self.library.operation(node)
        if hasattr(operation, PARENT):
            parent = getattr(operation, PARENT)
            return Operation("", id(parent), self.parent(parent), self.sources.constructed(parent))
        # A single number, such as a loss weight, is not a tensor of the network.
        count = sum(len(tensor.shape) > 0 for tensor in tensors)
        content = self.content(operation, Given(node), count)
        name = operation.name
        if namer and not self.keeper.is_kept(operation) and isinstance(content, Description):
            name = namer.name(content.layer, "" if self._is_function(operation) else name)
        if self._is_function(operation):
            return Operation(name, None, content)
        return Operation(name, id(operation), content, self.sources.constructed(operation))

    def content(self, operation: Any, given: Given, tensors: int) -> Content:
        """Describe an operation. Nested models and custom layers are opened when they are reached."""
        wrappers: list[Entry] = []
        while (inner := wrapped_layer(operation, self.roles)) is not None:
            wrappers.append(inner[0])
            operation = inner[1]
        distributed = sum(wrapper.name == "TimeDistributed" for wrapper in wrappers)
        what = self._inner(operation, replace(given, num_steps_in=distributed), tensors)
        if isinstance(what, Description):
            for wrapper in reversed(wrappers):
                what = wrapped(wrapper, what)
        return what

    def _inner(self, operation: Any, given: Given, tensors: int) -> Content:
        entry = user_entry(type(operation), self.roles)
        if entry is not None:
            return self._describe(operation, entry)
        own = type(operation)
        if not is_keras(own.__module__):
            self.without_role[f"{own.__module__}.{own.__qualname__}"] = None
        if self._is_function(operation):
            return self._function(operation, tensors)
        if defines_call(operation):
            return lambda: self._opened(operation, given)
        if has_graph(operation) or is_sequential(operation):
            return lambda: self.model(operation)
        return self._layer(operation, given)

    def _function(self, operation: Any, tensors: int) -> Description:
        """Describe a function of `keras.ops` or of TensorFlow."""
        name = function_name(operation)
        entry = find_tensorflow(name) if is_tensorflow(operation) else find_operation(name)
        if entry is None:
            return boundary(name)
        return describe_function(entry, tensors, self._arguments(operation), self.roles)

    def _layer(self, layer: Any, given: Given) -> Content:
        name = keras_name(layer)
        if name in _METHOD_LAYERS:
            return boundary(name)
        entry = keras_entry(layer, self.roles)
        if entry is None:
            return boundary(type(layer).__name__)
        if entry.name == "Lambda" and not entry.user_roles:
            return self._lambda(layer, given, entry)
        return self._describe(layer, entry)

    def parent(self, layer: Any) -> Description:
        """Describe what `super().call(...)` applies in a subclass of a layer in the catalog."""
        entry = keras_entry(layer, self.roles)
        return self._describe(layer, entry) if entry else boundary(type(layer).__name__)

    def _describe(self, layer: Any, entry: Entry) -> Description:
        what = describe_layer(entry, self._arguments(layer), self.roles)
        own = type(layer)
        return what if is_keras(own.__module__) else Description(own.__name__, what.steps, what.facts)

    def _arguments(self, operation: Any) -> dict[str, object]:
        return layer_arguments(operation, self.roles, partial(self.opener.follow, self))

    def _lambda(self, layer: Any, given: Given, entry: Entry) -> Content:
        """Describe a `Lambda` with a known function. A function of the user is followed."""
        function = function_entry(layer.function, self.roles)
        if function is not None:
            return replace(describe_function(function, 1, {}, self.roles), layer=entry.name)
        return lambda: self._opened(layer, given, otherwise=describe_layer(entry, {}, self.roles))

    def _opened(self, layer: Any, given: Given, otherwise: Description | None = None) -> Description | Network:
        """The network inside a layer. If it cannot be followed: `otherwise`, or else a boundary with a note."""
        try:
            return self.opener.open_call(self, layer, given)
        except (TraceError, NotBuiltError) as error:
            if otherwise is None and str(error) not in self.notes:
                self.notes.append(str(error))
            return otherwise or boundary(type(layer).__name__)


class _Namer:
    """Names the functions and layers that a `call` creates, like Keras, but counted within that call: `relu`, `relu_1`.

    Keras's own names depend on what was called before.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def name(self, layer: str, given: str) -> str:
        """The name of a function or layer. A name that the user gave to a layer is kept."""
        base = _snake(layer)
        if given and not re.fullmatch(rf"{re.escape(base)}(_\d+)?", given):
            return given
        count = self._counts.get(base, 0)
        self._counts[base] = count + 1
        return f"{base}_{count}" if count else base


def _snake(name: str) -> str:
    """The name that Keras derives from the name of a class: `batch_normalization`."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()


_Key = tuple[int, int]
"""The id of an operation, and the index of its node."""


def _key(tensor: Any) -> _Key:
    operation, index, _ = tensor._keras_history
    return (id(operation), index)


def _nth(keys: Iterable[_Key]) -> dict[_Key, int]:
    """The number of each node among the nodes of its operation in this network, from 1."""
    numbers: dict[_Key, int] = {}
    counts: dict[int, int] = {}
    for key in sorted(keys):
        numbers[key] = counts[key[0]] = counts.get(key[0], 0) + 1
    return numbers


def _tensor(tensor: Any) -> Tensor:
    return (_key(tensor), tensor._keras_history[2])


def _has_history(tensor: Any) -> bool:
    history = getattr(tensor, "_keras_history", None)
    return history is not None and history[0] is not None


def _flat(value: Any) -> list[Any]:
    """The inputs or outputs of a model as a list. Keras has a flat list or a single tensor."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
