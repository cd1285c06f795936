"""An object in the JSON of a model: a layer, a model or a function, with its arguments. It stays data."""

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
"""Where Keras 3 keeps operations that are no layers."""


@dataclass(frozen=True, slots=True)
class Serialized:
    """A serialized object: `{"module": ..., "class_name": ..., "config": ..., "registered_name": ...}`.

    Attributes:
        key: Equal for the same object of the document, and for no other.
        module: Empty in the dialects of Keras 1 and 2, which do not say it.
        registered: The name it was registered under (`Custom>Block`), or empty.
        inbound: What each of its applications is given.
        num_axes: The axes of its input, the batch included; `None` if not known.
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
        """The layers inside, if it is a model that says which."""
        layers = self.config if isinstance(self.config, list) else self.settings.get("layers")
        return layers if isinstance(layers, list) else None

    @property
    def is_sequential(self) -> bool:
        return self.layers is not None and "output_layers" not in self.settings

    @property
    def is_keras(self) -> bool:
        """Whether it says to be of Keras. Names such as `Custom>Dense` are somebody else's."""
        if ">" in self.registered or ">" in self.class_name:
            return False
        return not self.module or is_keras(self.module)

    @property
    def own_name(self) -> str:
        """The name of the class without the package it was registered in: `Block` for `Custom>Block`."""
        return self.class_name.rpartition(">")[2]

    @property
    def is_function(self) -> bool:
        """Whether it is an operation of `keras.ops`. An `.h5` file does not say the module: layers are trainable."""
        if self.module:
            return any(f".{room}." in f"{self.module}." for room in _FUNCTION_ROOMS)
        return "trainable" not in self.settings and any(isinstance(node, dict) for node in self.inbound)

    @property
    def is_tensorflow(self) -> bool:
        """Whether it is a function of TensorFlow, which Keras 2 keeps as a layer."""
        return self.is_keras and self.class_name in _TENSORFLOW_LAYERS

    @property
    def function_name(self) -> str:
        """The name of the function that it is: without `tf.`, or the class of `keras.ops`; empty for a layer."""
        if not self.is_tensorflow:
            return self.class_name if self.is_keras and self.is_function else ""
        if self.class_name == "TensorFlowOpLayer":
            return _graph_operation(self.settings.get("node_def"))
        return text_of(self.settings.get("function"))

    @property
    def has_listed_axis(self) -> bool:
        """Whether an axis is counted from the front, and the file does not say of how many."""
        return self.num_axes is None and (
            isinstance(self.settings.get("axis"), list) or self.layers is not None or "layer" in self.settings
        )


def _graph_operation(node: Any) -> str:
    """The operation of a graph node, which TensorFlow before 2.4 saved as JSON text or as an object."""
    if isinstance(node, dict):
        return text_of(node.get("op"))
    _, _, rest = text_of(node).partition('"op"')
    return rest.split('"')[1] if rest.count('"') >= 2 else ""


def serialized(value: Any, what: str) -> Serialized:
    """The object in a value of the document. An error says what was expected."""
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
    """The number of axes of a layer's input, if the file tells the shape it was built for."""
    shape = build.get("input_shape") if isinstance(build, dict) else None
    return len(shape) if isinstance(shape, list) else None


def text_of(value: Any) -> str:
    """A value that is text, else none."""
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """A name, which reports repeat and look-ups take to pieces."""
    if isinstance(value, str) and len(value) > _MOST_LETTERS:
        raise FileReadError(f"it contains a name of {len(value):,} characters; at most {_MOST_LETTERS:,} are read")
    return text_of(value)


def arguments_of(part: Serialized) -> dict[str, object]:
    """The constructor arguments of a layer, as the catalog takes them."""
    arguments: dict[str, object] = dict(part.settings)
    if "activation" in arguments:
        arguments["activation"] = _activation(arguments["activation"])
    if part.class_name == "Lambda":
        arguments["function"] = _function(arguments)
    axis = arguments.get("axis")
    if isinstance(axis, list) and len(axis) == 1 and isinstance(axis[0], int):
        # Keras 2 keeps the axis of a norm as a list of one, counted from the front.
        arguments["axis"] = -1 if axis[0] + 1 == part.num_axes else axis[0]
    return arguments


def _activation(value: Any) -> object:
    """An activation argument: a name, a serialized layer or function, or code that is never looked at."""
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
    """The function of a `Lambda`, if it is an activation given by name."""
    value = function_of(arguments.get("function"))
    known = value in ACTIVATIONS and arguments.get("function_type") != "lambda"
    return named_activation(value) if known else UNKNOWN


def function_of(value: Any) -> str:
    """The name of a serialized function without the package it was registered in; empty if it is none."""
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    name = _name(value).rpartition(">")[2]
    plain = name.removesuffix("_v2")  # what TensorFlow calls `tf.nn.softmax`
    return plain if plain in ACTIVATIONS else name
