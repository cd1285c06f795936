"""Observes the batch normalizations of a model while it runs.

This replaces `BatchNormalization.call`, not `Layer.__call__`, because in a `TimeDistributed`, Keras 3 only calls the
former. A subclass of the user is observed when it calls `super().call`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

from orderlint.runtime.library import Library

__all__ = ["Applied", "Counts", "axes_of", "is_norm", "norm_class", "norms_of", "parts_of", "watching"]


@dataclass(frozen=True, slots=True)
class Applied:
    """One application of a batch normalization.

    Attributes:
        layer: The layer.
        number: The number of this application of the layer in this run of the model, from 0.
        inputs: Its input.
        mask: Which entries count; `None` for all.
        uses_batch: Whether it uses the statistics of this batch, not its stored statistics.
    """

    layer: Any
    number: int
    inputs: Any
    mask: Any
    uses_batch: bool


class Observer(Protocol):
    """A function that is called before or after each application."""

    def __call__(self, applied: Applied) -> None: ...


@dataclass(slots=True)
class Counts:
    """Counts the applications of each layer in one run of a model."""

    _counts: dict[int, int] = field(default_factory=dict)

    def next(self, layer: Any) -> int:
        number = self._counts.get(id(layer), 0)
        self._counts[id(layer)] = number + 1
        return number


def norm_class(library: Library) -> Any:
    """The class of a generation of Keras that contains the `call` of batch normalization."""
    module = library.layer_class.__module__
    root = module.removesuffix(".layers.layer") if library.version == 3 else module.partition(".engine.")[0]
    norms = sys.modules[f"{root}.layers.normalization.batch_normalization"]
    return getattr(norms, "BatchNormalizationBase", None) or norms.BatchNormalization


def is_norm(layer: Any, library: Library) -> bool:
    """Whether a layer is a batch normalization, including subclasses of the user."""
    return isinstance(layer, norm_class(library))


def parts_of(model: Any) -> list[Any]:
    """A model and all layers inside it, each once."""
    return list({id(part): part for part in (model, *model._flatten_layers())}.values())


def norms_of(model: Any, library: Library) -> list[Any]:
    """The batch normalizations of a model, each once."""
    return [part for part in parts_of(model) if is_norm(part, library)]


def axes_of(layer: Any) -> Sequence[int]:
    """The axes of a normalization's channels."""
    return [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)


@contextmanager
def watching(library: Library, before: Observer | None = None, after: Observer | None = None) -> Iterator[None]:
    """Call observers before and after each application in this thread, for one run of a model."""
    cls = norm_class(library)
    original: Callable[..., Any] = cls.call
    thread = threading.get_ident()
    counts = Counts()

    @wraps(original)  # Keras reads the signature of layers that a `call` creates
    def call(self: Any, inputs: Any, training: Any = None, mask: Any = None, **others: Any) -> Any:
        if threading.get_ident() != thread:
            return original(self, inputs, training=training, mask=mask, **others)
        uses_batch = bool(training) and bool(self.trainable)
        applied = Applied(self, counts.next(self), inputs, mask, uses_batch)
        if before is not None:
            before(applied)
        outputs = original(self, inputs, training=training, mask=mask, **others)
        if after is not None:
            after(applied)
        return outputs

    cls.call = call
    try:
        yield
    finally:
        cls.call = original
