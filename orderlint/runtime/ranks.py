"""The number of axes of tensors, in files that do not contain it.

In files of Keras 2 other than `.keras`, the axis of a normalization is counted from the front (`[3]`). Whether that is
the channel axis depends on the number of axes. It is determined from the inputs, as far as the settings of layers
allow.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from orderlint.catalog import Entry, find_layer, rank_of, shape_of
from orderlint.graph import Role
from orderlint.runtime.network import Application, Tensor
from orderlint.runtime.roles import find_tensorflow
from orderlint.runtime.serialized import Serialized, serialized

__all__ = ["Ranks", "input_rank"]

Rank: TypeAlias = "int | None"
"""The number of axes, including the batch axis; `None` if it is not known."""

_RECURRENT: Final = frozenset({"CuDNNGRU", "CuDNNLSTM", "GRU", "LSTM", "RNN", "SimpleRNN"})
_KEEPING: Final = frozenset({Role.LINEAR, Role.NORM, Role.ACTIVATION, Role.DROPOUT, Role.PASS, Role.MERGE})
_FIXED: Final[Mapping[str, Rank]] = {"Flatten": 2, "RepeatVector": 3, "Dot": None, "Merge": None}
_MOST_WRAPPERS: Final = 20

Opened: TypeAlias = Callable[[Serialized], "tuple[Rank, ...] | None"]
"""Returns the ranks of the outputs of a nested model; `None` for anything else."""


@dataclass(slots=True)
class Ranks:
    """The ranks of one file.

    Attributes:
        given: The rank of the first input of each layer.
        outputs: The ranks of the outputs of each nested model.
    """

    given: dict[int, Rank] = field(default_factory=dict)
    outputs: dict[int, tuple[Rank, ...]] = field(default_factory=dict)

    def follow(
        self,
        applications: Iterable[Application],
        parts: Mapping[Hashable, Serialized],
        inputs: Mapping[Hashable, Rank],
        outputs: Sequence[Tensor],
        opened: Opened,
    ) -> tuple[Rank, ...]:
        """Record the ranks of one model, and return those of its outputs.

        Args:
            applications: The applications, in the order of the data flow.
            parts: The layers, by the identity of their operations.
            inputs: The ranks of the model's inputs.
            outputs: The outputs of the model.
            opened: Returns the ranks of the outputs of a nested model.
        """
        known: dict[Hashable, tuple[Rank, ...]] = {key: (rank,) for key, rank in inputs.items()}
        for application in applications:
            part = parts[application.operation.identity]
            ranks = (_rank(known, tensor) for tensor in application.inputs)
            rank = next((rank for rank in ranks if rank is not None), input_rank(part))
            self.given.setdefault(part.key, rank)
            known[application.key] = opened(part) or (_rank_after(part, rank, opened),)
        return tuple(_rank(known, tensor) for tensor in outputs)


def input_rank(part: Serialized) -> Rank:
    """The rank of the input of a layer, if its constructor received the shape."""
    return _length(part.settings.get("batch_input_shape", part.settings.get("batch_shape")))


def _length(shape: Any) -> Rank:
    """The length of a list. In a SavedModel, tuples and shapes are objects with `items`."""
    items = shape.get("items") if isinstance(shape, dict) else shape
    return len(items) if isinstance(items, list) else None


def _rank(known: Mapping[Hashable, tuple[Rank, ...]], tensor: Tensor) -> Rank:
    key, index = tensor
    ranks = known.get(key, ())
    if len(ranks) == 1:
        return ranks[0]
    return ranks[index] if index < len(ranks) else None


def _rank_after(part: Serialized, rank: Rank, opened: Opened, wrappers: int = 0) -> Rank:
    """The rank of the first output of a layer."""
    nested = opened(part)
    if nested:
        return nested[0]
    if part.function_name:
        function = find_tensorflow(part.function_name)
        return rank if function is not None and _keeps_rank(function) else None
    entry = find_layer(part.class_name) if part.is_keras else None
    if entry is None:
        return None
    inner = part.settings.get("layer")
    if isinstance(inner, dict) and wrappers < _MOST_WRAPPERS:
        inside = serialized(inner, f"the layer in `{part.name}`")
        if entry.name == "TimeDistributed":
            after = _rank_after(inside, None if rank is None else rank - 1, opened, wrappers + 1)
            return None if after is None else after + 1
        known = entry.wrapper or entry.name == "Bidirectional"
        return _rank_after(inside, rank, opened, wrappers + 1) if known else None
    return _rank_after_layer(entry, part.settings, rank)


def _rank_after_layer(entry: Entry, settings: Mapping[str, Any], rank: Rank) -> Rank:
    if entry.name in _RECURRENT:
        return 3 if settings.get("return_sequences") is True else 2
    if entry.name in _FIXED:
        return _FIXED[entry.name]
    if entry.name == "Reshape":
        length = _length(settings.get("target_shape"))
        return None if length is None else length + 1
    if entry.name == "EinsumDense":
        return _rank_of_equation(settings.get("equation"))
    if entry.name == "Embedding":
        return None if rank is None else rank + 1
    if entry.name.startswith("Global"):
        return rank if settings.get("keepdims") is True else 2
    if entry.role not in _KEEPING:
        return None
    axes = rank_of(entry.kin)
    return rank if axes is None else axes + 2


def _keeps_rank(function: Entry) -> bool:
    if function.role is Role.MERGE:
        return function.arithmetic
    return function.role in _KEEPING and shape_of(function.kin) in ("same", "spatial")


def _rank_of_equation(equation: Any) -> Rank:
    """The rank of the result of `"abc,cd->abd"`."""
    _, arrow, after = equation.partition("->") if isinstance(equation, str) else ("", "", "")
    return len(after.strip()) if arrow and "." not in after else None
