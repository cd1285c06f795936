"""An object in the JSON of a model, as data: a layer, a model or a function, with its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from orderlint.catalog import ACTIVATIONS, UNKNOWN, ActivationOf, activation_name, find_layer
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.roles import is_keras, named_activation

__all__ = ["Serialized", "arguments_of", "function_of", "serialized", "text_of"]

_MOST_LETTERS: Final = 1_000
_TENSORFLOW_LAYERS: Final = frozenset({"SlicingOpLambda", "TFOpLambda", "TensorFlowOpLayer"})
_FUNCTION_ROOMS: Final = ("ops", "activations")
"""The packages of Keras 3 with operations that are not layers."""


@dataclass(frozen=True, slots=True)
class Serialized:
    """A serialized object: `{"module": ..., "class_name": ..., "config": ..., "registered_name": ...}`.

    Attributes:
        key: A unique key of the object in the document.
        module: The module of its class; empty in the formats of Keras 1 and 2.
        registered: Its registered name (`Custom>Block`); empty if there is none.
        inbound: The inputs of each of its applications.
        num_axes: The number of axes of its input, including the batch axis; `None` if it is not known.
    """

    key: int
    class_name: str
    module: str
    registered: str
    config: Any
    name: str
    inbound: Sequence[Any]
    num_axes: int | None

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.config if isinstance(self.config, dict) else {}

    @property
    def layers(self) -> Sequence[Any] | None:
        """The layers of a model; `None` if it is not a model, or if its layers are not listed."""
        layers = self.config if isinstance(self.config, list) else self.settings.get("layers")
        return layers if isinstance(layers, list) else None

    @property
    def is_sequential(self) -> bool:
        return self.layers is not None and "output_layers" not in self.settings

    @property
    def is_keras(self) -> bool:
        """Whether it claims to be a class of Keras. Names such as `Custom>Dense` do not."""
        if ">" in self.registered or ">" in self.class_name:
            return False
        return not self.module or is_keras(self.module)

    @property
    def own_name(self) -> str:
        """The name of the class without its registered package: `Block` for `Custom>Block`."""
        return self.class_name.rpartition(">")[2]

    @property
    def is_function(self) -> bool:
        """Whether it is an operation of `keras.ops`. Without a module, as in an `.h5` file, layers have `trainable`."""
        if self.module:
            return any(f".{room}." in f"{self.module}." for room in _FUNCTION_ROOMS)
        return "trainable" not in self.settings and any(isinstance(node, dict) for node in self.inbound)

    @property
    def is_tensorflow(self) -> bool:
        """Whether it is a TensorFlow function, which Keras 2 stores as a layer."""
        return self.is_keras and self.class_name in _TENSORFLOW_LAYERS

    @property
    def function_name(self) -> str:
        """The name of a function: without `tf.`, or the class of an operation of `keras.ops`; empty for a layer."""
        if not self.is_tensorflow:
            return self.class_name if self.is_keras and self.is_function else ""
        if self.class_name == "TensorFlowOpLayer":
            return _graph_operation(self.settings.get("node_def"))
        return text_of(self.settings.get("function"))

    @property
    def has_listed_axis(self) -> bool:
        """Whether an axis may be counted from the front, and the number of axes is not in the file."""
        return self.num_axes is None and (
            isinstance(self.settings.get("axis"), list) or self.layers is not None or "layer" in self.settings
        )


def _graph_operation(node: Any) -> str:
    """The operation of a graph node, which TensorFlow before 2.4 stored as JSON text or as an object."""
    if isinstance(node, dict):
        return text_of(node.get("op"))
    _, _, rest = text_of(node).partition('"op"')
    return rest.split('"')[1] if rest.count('"') >= 2 else ""


def serialized(value: Any, what: str) -> Serialized:
    """Read an object from a value of the document.

    Raises:
        FileReadError: The value is not an object, or contains a very long name.
    """
    if not isinstance(value, dict) or not isinstance(value.get("class_name"), str):
        raise FileReadError(f"{what} has no `class_name`: not the JSON of a Keras model")
    config = value.get("config")
    settings = config if isinstance(config, dict) else {}
    inbound = value.get("inbound_nodes")
    return Serialized(
        key=id(value),
        class_name=_name(value["class_name"]),
        module=_name(value.get("module")),
        registered=_name(value.get("registered_name")),
        config=config,
        name=_name(value.get("name")) or _name(settings.get("name")) or value["class_name"],
        inbound=inbound if isinstance(inbound, list) else (),
        num_axes=_num_axes(value.get("build_config")),
    )


def _num_axes(build: Any) -> int | None:
    """The number of axes of a layer's input; `None` if the file does not contain its shape."""
    shape = build.get("input_shape") if isinstance(build, dict) else None
    return len(shape) if isinstance(shape, list) else None


def text_of(value: Any) -> str:
    """The value if it is a string, else an empty string."""
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """The value if it is a string, else an empty string.

    Raises:
        FileReadError: The string is too long for a name.
    """
    if isinstance(value, str) and len(value) > _MOST_LETTERS:
        raise FileReadError(f"it contains a name of {len(value):,} characters; at most {_MOST_LETTERS:,} are read")
    return text_of(value)


def arguments_of(part: Serialized) -> dict[str, object]:
    """The constructor arguments of a layer, for the catalog."""
    arguments: dict[str, object] = dict(part.settings)
    if "activation" in arguments:
        arguments["activation"] = _activation(arguments["activation"])
    if part.class_name == "Lambda":
        arguments["function"] = _function(arguments)
    axis = arguments.get("axis")
    if isinstance(axis, list) and len(axis) == 1 and isinstance(axis[0], int):
        # In Keras 2, the axis of a normalization is a list with one axis, counted from the front.
        arguments["axis"] = -1 if axis[0] + 1 == part.num_axes else axis[0]
    return arguments


def _activation(value: Any) -> object:
    """An activation argument: a name, or a serialized layer or function. Code is never read."""
    if not isinstance(value, dict):
        return named_activation(function_of(value) or value)
    class_name, config = value.get("class_name"), value.get("config")
    if class_name == "function":
        return named_activation(function_of(config) or config)
    if class_name == "Activation" and isinstance(config, dict):
        return _activation(config.get("activation"))
    entry = find_layer(class_name) if isinstance(class_name, str) else None
    if entry is None or entry.role.value != "activation":
        return UNKNOWN
    plain = not (isinstance(config, dict) and (config.get("max_value") is not None or config.get("threshold")))
    return ActivationOf(activation_name(entry.name), plain)


def _function(arguments: Mapping[str, object]) -> object:
    """The function of a `Lambda` if it is an activation given by name, else unknown."""
    value = function_of(arguments.get("function"))
    known = value in ACTIVATIONS and arguments.get("function_type") != "lambda"
    return named_activation(value) if known else UNKNOWN


def function_of(value: Any) -> str:
    """The name of a serialized function, without its registered package; empty for anything else."""
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    name = _name(value).rpartition(">")[2]
    plain = name.removesuffix("_v2")  # the name of `tf.nn.softmax` is `softmax_v2`
    return plain if plain in ACTIVATIONS else name
