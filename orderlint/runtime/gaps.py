"""What a saved file does not contain. The report has a warning for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = ["Gaps"]

_MOST_NAMES: Final = 3
"""The most layers that a note names. A large model may have hundreds of one kind."""


@dataclass(slots=True)
class Gaps:
    """The layers whose computation a file does not contain.

    Attributes:
        found: For each message, the layers with their classes, in the order of discovery.
        classes: The dotted names of classes outside Keras.
    """

    found: dict[str, dict[str, str]] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)

    def foreign(self, layer: str, class_name: str, dotted: str) -> None:
        """Add a layer of a class outside Keras."""
        self.classes[dotted] = None
        self._add(
            layer,
            class_name,
            "what a class outside Keras computes is not in a file; inspect the model itself, or give "
            f"`{dotted}` a role in [tool.orderlint.roles]",
        )

    def code(self, layer: str, class_name: str) -> None:
        """Add a layer with code in the file, which is neither run nor decoded."""
        self._add(layer, class_name, "code in a file is never read or run; inspect the model itself")

    def function(self, layer: str, class_name: str, name: str) -> None:
        """Add a layer with a function of which the file only contains the name."""
        self._add(layer, class_name, f"the file only has the name of its function (`{name}`); inspect the model itself")

    def notes(self) -> tuple[str, ...]:
        """The messages, one sentence for all layers with the same problem."""
        return tuple(f"{_named(layers)}: {what}" for what, layers in self.found.items())

    def _add(self, layer: str, class_name: str, what: str) -> None:
        self.found.setdefault(what, {})[layer] = class_name


def _named(layers: dict[str, str]) -> str:
    """The first layers with their classes, and the number of the others."""
    named = [f"`{layer}` ({class_name})" for layer, class_name in list(layers.items())[:_MOST_NAMES]]
    more = len(layers) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
