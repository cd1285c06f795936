"""The arguments of a `call` that is followed, with the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

from orderlint.runtime.errors import InspectionError

__all__ = ["BATCH", "LENGTH", "Arguments", "InputShape", "Spec", "from_sample", "from_shape", "leaves", "mapped"]

BATCH: Final = 2
"""The batch size of artificial tensors: one is too small for the statistics of batch normalization."""

LENGTH: Final = 32
"""Their size along an axis of unknown length: it can be halved five times."""

InputShape: TypeAlias = "Sequence[int | None] | Sequence[InputShape] | Mapping[str, InputShape]"
"""The shape of one input without the batch size, or a list of such shapes, or a dict of them by argument name."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A tensor to create.

    Attributes:
        shape: The shape, including the batch size; `None` for an axis of any length.
        dtype: The name of a type, or a type of the model's library.
        value: The numbers, if numbers are needed; `None` for artificial ones.
    """

    shape: tuple[int | None, ...]
    dtype: Any = "float32"
    value: Any = None

    def sized(self) -> Spec:
        """The same spec with a size for every axis."""
        batch, *sizes = self.shape or (None,)
        return Spec((batch or BATCH, *(LENGTH if size is None else size for size in sizes)), self.dtype, self.value)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a `call`. They contain a `Spec` for each tensor, even within nested lists, tuples and dicts."""

    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def made(self, make: Callable[[Spec], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The positional and keyword arguments, with a tensor for each spec."""

        def convert(value: Any) -> Any:
            return make(value) if isinstance(value, Spec) else value

        positional = tuple(mapped(value, convert) for value in self.positional)
        return positional, {name: mapped(value, convert) for name, value in self.keywords.items()}

    def sized(self) -> Arguments:
        """The same arguments with a size for every axis of every tensor."""

        def convert(value: Any) -> Any:
            return value.sized() if isinstance(value, Spec) else value

        return Arguments(mapped(self.positional, convert), mapped(dict(self.keywords), convert))


def mapped(value: Any, function: Callable[[Any], Any]) -> Any:
    """A structure of lists, tuples and dicts with `function(leaf)` for each leaf."""
    if isinstance(value, dict):
        return {key: mapped(item, function) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(mapped(item, function) for item in value))
    if isinstance(value, (list, tuple)):
        return type(value)([mapped(item, function) for item in value])
    return function(value)


def leaves(value: Any) -> Iterator[Any]:
    """The leaves of a structure of lists, tuples and dicts, in order."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def from_shape(shape: InputShape, parameters: Sequence[str]) -> Arguments:
    """The arguments for the user's shapes.

    Args:
        shape: The shape without the batch size.
        parameters: The names of the parameters of `call`.

    >>> from_shape((8,), ["x"]).positional
    (Spec(shape=(None, 8), dtype='float32', value=None),)
    >>> from_shape({"a": (8,), "b": (4,)}, ["a", "b"]).keywords["b"].shape
    (None, 4)
    """
    if isinstance(shape, Mapping) and set(shape) <= set(parameters):
        return Arguments((), {name: _specs(inner) for name, inner in shape.items()})
    return Arguments((_specs(shape),))


def _specs(shape: InputShape) -> Any:
    if isinstance(shape, Mapping):
        return {name: _specs(inner) for name, inner in shape.items()}
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise InspectionError(f"an input shape is a tuple such as (224, 224, 3) without the batch, not {shape!r}")
    if any(isinstance(inner, (Sequence, Mapping)) for inner in shape):
        return [_specs(cast("InputShape", inner)) for inner in shape]
    for size in shape:
        if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
            raise InspectionError(f"an input shape has sizes or None, not {size!r}")
    return Spec((None, *cast("Sequence[int | None]", shape)))


def from_sample(sample: Any, parameters: Sequence[str]) -> Arguments:
    """The arguments for the user's arrays, whose first axis is the batch.

    Raises:
        InspectionError: The sample contains something other than arrays.
    """

    def spec(value: Any) -> Any:
        if not hasattr(value, "shape") or not hasattr(value, "dtype"):
            raise InspectionError(f"a sample is an array, or a list or dict of arrays, not {type(value).__name__}")
        return Spec((None, *tuple(value.shape)[1:]), value.dtype, value[:2])

    if isinstance(sample, Mapping) and set(sample) <= set(parameters):
        return Arguments((), {name: mapped(value, spec) for name, value in sample.items()})
    return Arguments((mapped(sample, spec),))
