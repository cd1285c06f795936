"""The generations of Keras, and the differences between them.

In Keras 3, all operations (layers and functions) have nodes. In Keras 2 (`tf_keras`, and `tf.keras` before TensorFlow
2.16), only layers have nodes. Nothing is imported here, because the library of a model is already loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from orderlint.runtime.roles import is_keras

__all__ = ["Library", "libraries_loaded", "library_of"]


_LAYER_MODULES: Final = (
    "keras.src.layers.layer",
    "keras.src.engine.base_layer",
    "keras.engine.base_layer",
    "tf_keras.src.engine.base_layer",
)
"""The modules in which the generations of Keras define `Layer`. The first one is that of Keras 3."""


@dataclass(frozen=True, slots=True)
class Library:
    """One loaded generation of Keras.

    Attributes:
        version: 2 or 3.
        layer_class: Its `Layer`.
        node_class: Its `Node`. One is created each time a layer is applied to symbolic tensors.
        input_function: Its `Input`.
    """

    version: int
    layer_class: Any
    node_class: Any
    input_function: Any

    def is_tensor(self, value: object) -> bool:
        """Whether a value is a symbolic tensor of a functional graph."""
        return hasattr(value, "_keras_history") or type(value).__name__ == "KerasTensor"

    def inputs(self, node: Any) -> Sequence[Any]:
        """The symbolic tensors among the arguments of a node, in order."""
        found: Sequence[Any] = node.arguments.keras_tensors if self.version == 3 else node.keras_inputs
        return found

    def arguments(self, node: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """The positional and keyword arguments of the call of a node's layer."""
        if self.version == 3:
            return node.arguments.args, node.arguments.kwargs
        return node.call_args, node.call_kwargs

    def operation(self, node: Any) -> Any:
        return node.operation if self.version == 3 else node.layer

    def input(self, shape: Sequence[int | None], dtype: Any) -> Any:
        """A symbolic input. `shape` starts with the batch size."""
        return self.input_function(batch_shape=tuple(shape), dtype=_dtype_name(dtype))


def library_of(thing: object) -> Library | None:
    """The library of a layer, model or operation; `None` for any other object."""
    names = {cls.__name__: cls for cls in reversed(type(thing).__mro__) if is_keras(cls.__module__)}
    if "Operation" in names:
        return _library_of_layer(sys.modules["keras.src.layers.layer"].Layer)
    return _library_of_layer(names["Layer"]) if "Layer" in names else None


def libraries_loaded() -> Iterator[Library]:
    """The generations of Keras that this process has imported."""
    for name in _LAYER_MODULES:
        module = sys.modules.get(name)
        if module is not None and hasattr(module, "Layer"):
            yield _library_of_layer(module.Layer)


def _library_of_layer(layer: Any) -> Library:
    if layer.__module__ == _LAYER_MODULES[0]:
        inputs = sys.modules["keras.src.layers.core.input_layer"]
        return Library(3, layer, sys.modules["keras.src.ops.node"].Node, inputs.Input)
    engine = layer.__module__.rpartition(".")[0]
    inputs = sys.modules[f"{engine}.input_layer"]
    return Library(2, layer, sys.modules[f"{engine}.node"].Node, inputs.Input)


def _dtype_name(dtype: Any) -> Any:
    """A dtype that both generations accept. TensorFlow's types are replaced by their names."""
    return getattr(dtype, "name", dtype)
