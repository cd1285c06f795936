"""References between the layers of a saved model: the dialects of `inbound_nodes`, `input_layers`, `output_layers`.

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
        layer: The layer's name.
        node: Which of its applications, from 0.
        tensor: Which of the outputs, from 0.
        is_history: Whether it stands in a `keras_history` of Keras 3.
        is_scalar: Whether it is known to be a single number.
    """

    layer: str
    node: int
    tensor: int
    is_history: bool = False
    is_scalar: bool = False


def references(value: Any, layers: Container[str]) -> Iterator[Reference]:
    """All references in a JSON value to one of the named layers, in order.

    >>> list(references([["conv", 0, 0, {"y": ["skip", 1, 0]}]], {"conv", "skip"}))[1]
    Reference(layer='skip', node=1, tensor=0, is_history=False, is_scalar=False)
    """
    waiting = [value]
    while waiting:  # a stack: files may nest lists as deep as they like
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
    """The `keras_history` of a serialized tensor, `None` if the object is none."""
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
