"""Builds what a source text defines: its models, functions and layers, called with made-up arguments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from orderlint.text.files import SourceFile

__all__ = ["Probe", "built_models", "executed"]


class Probe(NamedTuple):
    """A model that was built.

    Attributes:
        is_guessed: Whether made-up arguments or defaults were used, which actual calls may contradict.
    """

    model: Any
    is_guessed: bool


SHAPES = [(32, 32, 3), (64,), (24, 8)]
GUESSES: dict[str, Any] = {
    "filters": 8, "size": 3, "units": 8, "depth": 2, "rate": 0.3, "use_bn": True, "training": False,
    "activation": "relu", "act": "relu", "n": 2, "kernel_size": 3, "kernel": 3, "strides": 1, "num_classes": 4,
}  # fmt: skip


def executed(file: SourceFile, name: str) -> dict[str, Any]:
    """The names that a file binds when it is executed.

    Raises:
        Exception: Any exception of its code.
    """
    parsed = [cell for cell in file.cells if cell.problem is None]  # `print` statements are skipped, like magics
    text = "\n\n".join(cell.code for cell in parsed)
    # Neither Keras 1 nor TensorFlow 1 can be installed beside Keras 3; what is left of them reads the same.
    text = re.sub(r"\bfrom tensorflow\.python\.keras\b", "from tensorflow.keras", text)
    namespace: dict[str, Any] = {"__name__": name}
    exec(compile(text, file.path, "exec"), namespace)
    return namespace


def built_models(namespace: Mapping[str, Any]) -> dict[str, Probe]:
    """The models in a namespace, and those made by its functions and classes from made-up input, by name."""
    import keras

    models: dict[str, Probe] = {}
    for name, thing in namespace.items():
        if name.startswith("__") or getattr(thing, "__module__", namespace["__name__"]) != namespace["__name__"]:
            if isinstance(thing, keras.Model):
                models |= _first(name, False, partial(_applied, thing))
            continue
        if isinstance(thing, type) and issubclass(thing, keras.layers.Layer):
            guessed = len(inspect.signature(thing).parameters) > 0
            models |= _first(name, guessed, partial(_of_class, thing))
        elif inspect.isfunction(thing):
            guessed = len(inspect.signature(thing).parameters) > 1
            models |= _first(name, guessed, partial(_of_function, thing))
    return models


def _first(name: str, is_guessed: bool, build: Callable[[tuple[int, ...]], Any]) -> dict[str, Probe]:
    """The model with the first input shape that works."""
    for shape in SHAPES:
        try:
            model = build(shape)
        except Exception:  # made-up arguments do not fit everything
            continue
        if model is not None:
            return {name: Probe(model, is_guessed)}
    return {}


def _applied(layer: Any, shape: tuple[int, ...]) -> Any:
    """A model of a layer applied to an input; the layer itself if it is a model that knows its input."""
    import keras

    if isinstance(layer, keras.Model) and layer.built and getattr(layer, "inputs", None):
        return layer
    inputs = keras.Input(shape)
    if isinstance(layer, keras.Sequential):
        return keras.Model(inputs, layer(inputs))
    return keras.Model(inputs, layer.call(inputs))


def _of_class(cls: Callable[..., Any], shape: tuple[int, ...]) -> Any:
    """The model made by applying a layer class to an input."""
    return _applied(_called(cls), shape)


def _of_function(function: Callable[..., Any], shape: tuple[int, ...]) -> Any:
    """The model made by a function, which gets an input if its first parameter takes one."""
    import keras

    inputs = keras.Input(shape)
    parameters = list(inspect.signature(function).parameters)
    takes_tensor = bool(parameters) and re.fullmatch(r"x|y|h|t|inputs?|tensor|inp|image|features", parameters[0])
    made = _called(function, inputs) if takes_tensor else _called(function)
    if isinstance(made, keras.Model):
        return _applied(made, shape)
    outputs = made[0] if isinstance(made, (tuple, list)) else made
    return keras.Model(inputs, outputs) if takes_tensor and outputs is not inputs else None


def _called(function: Callable[..., Any], *given: Any) -> Any:
    parameters = list(inspect.signature(function).parameters.values())[len(given) :]
    return function(*given, **dict(_guesses(parameters)))


def _guesses(parameters: list[inspect.Parameter]) -> Iterator[tuple[str, Any]]:
    for parameter in parameters:
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            yield parameter.name, GUESSES.get(parameter.name, 8)
