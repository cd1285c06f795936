"""References between the layers of a saved model, in the formats of `inbound_nodes`, `input_layers`, `output_layers`.

- Keras 3: `{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["conv", 0, 0]}}], "kwargs": {}}`
- Keras 2: `[["conv", 0, 0, {}]]`, and for a TensorFlow function `["conv", 0, 0, {"y": ["skip", 0, 0]}]`
- Keras 1: `[["conv", 0, 0]]`
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Reference", "references"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One output of one application of a layer.

    Attributes:
        layer: The name of the layer.
        node: The index of the application, from 0.
        tensor: The index of the output, from 0.
        is_history: Whether it is in a `keras_history` of Keras 3.
        is_scalar: Whether it is certainly a single number.
    """

    layer: str
    node: int
    tensor: int
    is_history: bool = False
    is_scalar: bool = False


def references(value: Any, layers: Container[str]) -> Iterator[Reference]:
    """All references to some layers in a JSON value, in order.

    >>> list(references([["conv", 0, 0, {"y": ["skip", 1, 0]}]], {"conv", "skip"}))[1]
    Reference(layer='skip', node=1, tensor=0, is_history=False, is_scalar=False)
    """
    waiting = [value]
    while waiting:  # a stack instead of recursion, because files may nest lists deeply
        item = waiting.pop()
        if isinstance(item, dict):
            history = _history(item)
            found = _reference(history, layers, True)
            if found:
                yield replace(found, is_scalar=item["config"].get("shape") == [])
            elif history is None:
                waiting.extend(reversed(item.values()))
        elif isinstance(item, list):
            found = _reference(item, layers, False)
            if found:
                yield found
                waiting.extend(reversed(item[3:]))
            else:
                waiting.extend(reversed(item))


def _history(item: dict[str, Any]) -> Any:
    """The `keras_history` of a serialized tensor; `None` for any other object."""
    config = item.get("config")
    if item.get("class_name") != "__keras_tensor__" or not isinstance(config, dict):
        return None
    return config.get("keras_history")


def _reference(item: Any, layers: Container[str], is_history: bool) -> Reference | None:
    if not isinstance(item, list) or len(item) < 3 or not isinstance(item[0], str) or item[0] not in layers:
        return None
    name, node, tensor = item[:3]
    if type(node) is not int or type(tensor) is not int or node < 0 or tensor < 0:
        return None
    return Reference(name, node, tensor, is_history)
