"""Follows a `call` on a tiny batch, if symbolic tensors do not work.

Each layer that is applied is recorded, and the tensors themselves show the data flow. With TensorFlow, the functions in
between are recorded, too. With other backends, the origin of their results is unknown, so units end there. The user's
layers, and the variables that a `call` changes, get their values back.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

from orderlint.runtime.arguments import function_entry, keras_entry
from orderlint.runtime.errors import NoTensorError
from orderlint.runtime.kinds import defines_call, has_graph, is_sequential
from orderlint.runtime.live import Given, LiveReader
from orderlint.runtime.network import Application, Content, Network, Operation, Tensor, needed
from orderlint.runtime.roles import boundary, describe_function, find_tensorflow, looks_only
from orderlint.runtime.specs import Arguments, Spec, leaves
from orderlint.runtime.standins import parent_calls
from orderlint.runtime.symbolic import in_mode

__all__ = ["eager_network"]

_BACKENDS: Final = ("tensorflow", "jax", "torch")


def eager_network(reader: LiveReader, layer: Any, arguments: Arguments) -> Network:
    """The network that a layer applies to a tiny batch.

    Raises:
        NoTensorError: The result does not depend on the input.
        Exception: Any error of the layer.
    """
    recorder = _Recorder(reader, layer)
    reader.keeper.keep(layer)
    with ExitStack() as stack:
        stack.enter_context(_kept_values(layer))
        positional, keywords = in_mode(reader, layer, arguments).made(recorder.input)
        stack.enter_context(recorder.watching())
        result = layer(*positional, **keywords)
    return recorder.network(result)


@contextmanager
def _kept_values(layer: Any) -> Iterator[None]:
    """Restore the variables that a `call` may change, such as moving averages."""
    saved = [(variable, variable.numpy()) for variable in layer.non_trainable_variables]
    try:
        yield
    finally:
        for variable, value in saved:
            variable.assign(value)


class _Recorder:
    """Records the applications of one run, in order."""

    def __init__(self, reader: LiveReader, root: Any) -> None:
        self._reader = reader
        self._root = root
        self._thread = threading.get_ident()
        self._applications: list[Application] = []
        self._counts: dict[Hashable, int] = {}
        self._made: dict[int, Tensor] = {}  # by the id of a tensor: its origin
        self._alive: list[Any] = []  # the tensors, so that their ids are not used again
        self._inputs: dict[Hashable, str] = {}
        self._names: list[str] = []  # of the opened layers that are running
        self._inside = False  # whether a layer that is not opened is running
        self._watches_functions = False

    def input(self, spec: Spec) -> Any:
        """A small input tensor for a spec."""
        tensor = _tensor(self._reader, spec)
        key = ("input", len(self._inputs))
        self._inputs[key] = f"input_{len(self._inputs)}"
        self._keep(tensor, (key, 0))
        return tensor

    def network(self, result: Any) -> Network:
        outputs = [self._made[id(value)] for value in leaves(result) if id(value) in self._made]
        if not outputs:
            raise NoTensorError(result)
        applications = tuple(self._applications)
        if self._watches_functions:  # otherwise, a gap in the data flow would look like an unused value
            applications = needed(applications, outputs)
        return Network(self._root.name, self._inputs, applications, tuple(outputs))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record what is applied in this thread until the block ends."""
        layer_class = self._reader.library.layer_class
        classes = [cls for cls in layer_class.__mro__ if cls.__name__ in ("Layer", "Operation")]
        originals = [cls.__call__ for cls in classes]
        with self._watching_functions():
            try:
                for cls, original in zip(classes, originals, strict=True):
                    cls.__call__ = self._replacement(original, is_layer=cls is layer_class)
                yield
            finally:
                for cls, original in zip(classes, originals, strict=True):
                    cls.__call__ = original

    @contextmanager
    def _watching_functions(self) -> Iterator[None]:
        callbacks = sys.modules.get("tensorflow.python.framework.op_callbacks")
        if callbacks is None or not _runs_on_tensorflow(self._reader):
            yield
            return
        self._watches_functions = True
        callbacks.add_op_callback(self._function)
        try:
            yield
        finally:
            callbacks.remove_op_callback(self._function)

    def _replacement(self, original: Callable[..., Any], is_layer: bool) -> Callable[..., Any]:
        def call(this: Any, *args: Any, **kwargs: Any) -> Any:
            foreign = threading.get_ident() != self._thread or self._inside
            if foreign or isinstance(this, self._reader.library.layer_class) != is_layer:
                return original(this, *args, **kwargs)
            if self._is_open(this):
                return self._enter(original, this, args, kwargs)
            return self._apply(original, this, args, kwargs)

        return call

    def _is_open(self, operation: Any) -> bool:
        if operation is self._root or defines_call(operation) or has_graph(operation) or is_sequential(operation):
            return True
        entry = keras_entry(operation, self._reader.roles)
        if entry is None or entry.name != "Lambda":
            return False
        return function_entry(operation.function, self._reader.roles) is None

    def _enter(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        """Run an opened layer."""
        with parent_calls(layer, partial(self._parent, layer)):
            if layer is self._root:
                return original(layer, *args, **kwargs)
            self._names.append(layer.name)
            try:
                return original(layer, *args, **kwargs)
            finally:
                self._names.pop()

    def _parent(self, layer: Any, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run and record what `super().call(...)` applies."""
        return self._run(original, args, kwargs, lambda _: Operation("", id(layer), self._reader.parent(layer)))

    def _apply(self, original: Callable[..., Any], operation: Any, args: Any, kwargs: Any) -> Any:
        """Run and record a layer or operation that is not opened."""

        def made(num_tensors: int) -> Operation:
            is_layer = isinstance(operation, self._reader.library.layer_class)
            content = self._reader.content(operation, Given(None), num_tensors)
            return Operation(operation.name, id(operation) if is_layer else None, content)

        return self._run(partial(original, operation), args, kwargs, made)

    def _run(self, function: Callable[..., Any], args: Any, kwargs: Any, made: Callable[[int], Operation]) -> Any:
        if self._inside:
            return function(*args, **kwargs)
        inputs = tuple(self._sources([args, kwargs]))
        self._inside = True
        try:
            result = function(*args, **kwargs)
        finally:
            self._inside = False
        result = _unlike_inputs(self._reader, result, [args, kwargs])
        self._record(made(len(inputs)), inputs, leaves(result))
        return result

    def _function(
        self, kind: Any, inputs: Any, attributes: Any, outputs: Any, name: Any = None, graph: Any = None
    ) -> None:
        """Record a TensorFlow operation, unless it is inside of a layer that is not opened."""
        if self._inside or threading.get_ident() != self._thread:
            return
        text = kind.decode() if isinstance(kind, bytes) else str(kind)
        sources = tuple(self._made[id(tensor)] for tensor in inputs if id(tensor) in self._made)
        if not sources or looks_only(text):
            return
        entry = find_tensorflow(text)
        content: Content = boundary(text)
        if entry is not None:
            content = describe_function(entry, len(sources), {}, self._reader.roles)
        self._record(Operation(entry.name if entry else text, None, content), sources, outputs)

    def _record(self, operation: Operation, inputs: tuple[Tensor, ...], outputs: Iterable[Any]) -> None:
        key = ("call", len(self._applications))
        name = "/".join(filter(None, [*self._names, operation.name]))
        number = 1
        if operation.identity is not None:
            number = self._counts[operation.identity] = self._counts.get(operation.identity, 0) + 1
        self._applications.append(Application(key, replace(operation, name=name), inputs, number=number))
        for number, output in enumerate(outputs):
            self._keep(output, (key, number))

    def _sources(self, arguments: Any) -> Iterator[Tensor]:
        """The origins of the tensors among the arguments. A tensor of unknown origin counts as made by a boundary."""
        for value in leaves(arguments):
            if id(value) in self._made:
                yield self._made[id(value)]
            elif not self._watches_functions and _is_tensor(value):
                self._record(Operation("function", None, boundary("function")), (), [value])
                yield self._made[id(value)]

    def _keep(self, tensor: Any, made: Tensor) -> None:
        self._made[id(tensor)] = made
        self._alive.append(tensor)


def _is_tensor(value: Any) -> bool:
    module = type(value).__module__
    return module.startswith(_BACKENDS) and hasattr(value, "shape") and not hasattr(value, "assign")


def _runs_on_tensorflow(reader: LiveReader) -> bool:
    if reader.library.version == 2:
        return True
    return bool(sys.modules["keras.src.backend.config"].backend() == "tensorflow")


def _tensor(reader: LiveReader, spec: Spec) -> Any:
    import numpy as np

    value = spec.value
    if value is None:
        shape = [size or 0 for size in spec.sized().shape]
        kind = str(getattr(spec.dtype, "name", spec.dtype))
        value = np.random.default_rng(0).random(shape) if "float" in kind else np.zeros(shape)
        value = value.astype("float32" if kind == "bfloat16" else kind)
    if reader.library.version == 2:
        return sys.modules["tensorflow"].convert_to_tensor(value)
    return sys.modules["keras.src.backend"].convert_to_tensor(value)


def _unlike_inputs(reader: LiveReader, result: Any, arguments: Any) -> Any:
    """The result. If a layer returns its input itself, the result is a copy, so that the layer is its origin."""
    given = {id(value) for value in leaves(arguments)}
    if id(result) not in given or not _runs_on_tensorflow(reader):
        return result
    return sys.modules["tensorflow"].identity(result)
