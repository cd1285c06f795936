"""Runs a model on random input with given weights, and returns its shapes, its parameters and its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orderlint.runtime.models import call_arguments
from orderlint.runtime.specs import Arguments, InputShape, Spec, leaves
from orderlint.runtime.symbolic import call_parameters

if TYPE_CHECKING:
    import numpy as np

    Arrays = list[np.ndarray]

__all__ = ["Trial", "Weight", "copied", "input_specs", "without_biases"]

T = TypeVar("T")
BATCH: Final = 3
ANY_LENGTH: Final = 32  # it can be halved five times
SEED: Final = 20150211


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight of a model, by the last part of its name (`kernel`) and its shape."""

    name: str
    shape: tuple[int, ...]


def input_specs(model: Any, input_shape: InputShape | None) -> Arguments:
    """The arguments to call a model with.

    Raises:
        NotBuiltError: The model does not know its input, and no shape is given.
    """
    try:
        tensors = list(model.inputs or ())
    except (AttributeError, ValueError):  # a Sequential that is not built
        tensors = []
    if not tensors:
        return call_arguments(model, input_shape)
    specs = [Spec(tuple(tensor.shape), getattr(tensor.dtype, "name", tensor.dtype)) for tensor in tensors]
    return Arguments((specs[0] if len(specs) == 1 else specs,))


class Trial:
    """A model with its input.

    Args:
        model: Any Keras model.
        arguments: The arguments to call it with, with specs for tensors.
    """

    def __init__(self, model: Any, arguments: Arguments) -> None:
        self._model = model
        self._arguments = arguments

    def random_inputs(self, batch: int = BATCH) -> Arrays:
        """An array of `batch` examples for each tensor of the input. They are the same each time."""
        import numpy as np

        random = np.random.default_rng(SEED)
        return [
            _random(random, spec, batch) for spec in leaves([*self._arguments.positional, self._arguments.keywords])
        ]

    def outputs(self, inputs: Sequence[Any]) -> Arrays:
        """The outputs of the model at inference.

        Args:
            inputs: The arrays, in the order of `random_inputs`.
        """
        given = iter(inputs)
        positional, keywords = self._arguments.made(lambda spec: next(given))
        if "training" in call_parameters(self._model):
            keywords["training"] = False
        return [_array(value) for value in leaves(self._model(*positional, **keywords)) if value is not None]

    def weights(self) -> list[Weight]:
        """The weights in the order of `get_weights`."""
        return [Weight(_last_name(weight), tuple(weight.shape)) for weight in self._model.weights]

    def values(self) -> Arrays:
        """The values of the weights."""
        return [_array(value) for value in self._model.get_weights()]

    def take(self, values: Sequence[Any]) -> None:
        """Set the values of the weights."""
        self._model.set_weights(list(values))

    def stir(self) -> None:
        """Change vectors (biases, the statistics of normalizations) from 0 and 1, which would hide differences."""
        import numpy as np

        random = np.random.default_rng(SEED)
        self.take([_stirred(random, value) for value in self.values()])

    def num_parameters(self) -> int | None:
        """The number of its parameters; `None` if it is not built."""
        try:
            return int(self._model.count_params())
        except ValueError:
            return None

    def input_shapes(self) -> list[tuple[int | None, ...]]:
        """The shapes of its inputs, with `None` for the batch size."""
        specs = leaves([*self._arguments.positional, self._arguments.keywords])
        return [(None, *spec.shape[1:]) for spec in specs]

    def output_shapes(self, outputs: Sequence[Any]) -> list[tuple[int | None, ...]]:
        """The shapes of the outputs for `random_inputs`, with `None` for the batch size."""
        return [(None, *value.shape[1:]) if value.shape[:1] == (BATCH,) else tuple(value.shape) for value in outputs]


def copied(old: Sequence[Weight], values: Sequence[T], new: Sequence[Weight]) -> list[T] | None:
    """Map the values of a model's weights to another version of the model, in which biases may be missing.

    Args:
        old: The weights of the model.
        values: Their values.
        new: The weights of the other version.

    Returns: A value for each weight of `new`; `None` if they do not fit.
    """
    found = []
    at = 0
    for wanted in new:
        while at < len(old) and old[at] != wanted and old[at].name == "bias":
            at += 1
        if at == len(old) or old[at] != wanted:
            return None
        found.append(values[at])
        at += 1
    return found if all(weight.name == "bias" for weight in old[at:]) else None


def without_biases(weights: Sequence[Weight], values: Sequence[Any]) -> Arrays:
    """The values with 0 for every bias, as if the model had none."""
    return [value * 0 if weight.name == "bias" else value for weight, value in zip(weights, values, strict=True)]


def _random(random: np.random.Generator, spec: Spec, batch: int) -> np.ndarray:
    import numpy as np

    shape = tuple(ANY_LENGTH if size is None else size for size in spec.shape[1:])
    dtype = np.dtype(str(getattr(spec.dtype, "name", spec.dtype)).replace("bfloat16", "float32"))
    if dtype.kind in "iub":
        return random.integers(0, 2, (batch, *shape)).astype(dtype)
    return random.standard_normal((batch, *shape)).astype(dtype)


def _stirred(random: np.random.Generator, value: np.ndarray) -> np.ndarray:
    if value.ndim != 1 or value.dtype.kind != "f":
        return value
    moved: np.ndarray = value + random.uniform(0, 0.2, value.shape).astype(value.dtype)
    return moved


def _last_name(weight: Any) -> str:
    return str(weight.name).rpartition("/")[2].partition(":")[0]


def _array(value: Any) -> np.ndarray:
    import numpy as np

    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu()
    array: np.ndarray = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    return array
