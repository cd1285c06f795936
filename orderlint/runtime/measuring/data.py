"""The data for a measurement. It is checked before anything runs, and divided into batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from orderlint.runtime.errors import InspectionError, MeasurementError
from orderlint.runtime.specs import Spec, leaves, mapped
from orderlint.runtime.trial import input_specs

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Data", "data_for", "input_names"]

_SEED: Final = 20180116
_NO_NUMBERS: Final = "cMmV"  # complex numbers, dates, times, records; Keras silently uses only a part of some of them


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Examples for a model.

    Attributes:
        value: An array, or a list or dict of arrays. Their first axis is that of the examples.
        count: The number of examples.
    """

    value: Any
    count: int

    def sample(self, most: int) -> np.ndarray:
        """The indices of at most `most` random examples, the same each time. Files are often sorted."""
        import numpy as np

        if self.count <= most:
            return np.arange(self.count)
        return np.sort(np.random.default_rng(_SEED).choice(self.count, most, replace=False))

    def at(self, numbers: np.ndarray) -> Data:
        """The examples with these indices."""
        return Data(mapped(self.value, lambda array: array[numbers]), len(numbers))

    def batches(self, size: int) -> Iterator[Any]:
        """All examples in batches of `size`. A single last example is added to the last batch: it has no variance."""
        start = 0
        while start < self.count:
            end = self.count if self.count - start - size <= 1 else start + size
            yield mapped(self.value, itemgetter(slice(start, end)))
            start = end


def data_for(model: Any, x: Any) -> Data:
    """The data for a model.

    Args:
        model: The model.
        x: An array, or a list or dict of arrays for several inputs.

    Raises:
        MeasurementError: The data does not fit the model, contains anything but finite numbers, or is too small.
    """
    arrays = mapped(x, _array)
    found = list(leaves(arrays))
    if not found:
        raise MeasurementError("no data: expected an array of examples")
    _check_fit(model, arrays)
    counts = {len(array) for array in found}
    if len(counts) > 1:
        raise MeasurementError(
            f"the inputs have different numbers of examples ({', '.join(str(len(array)) for array in found)})"
        )
    count = counts.pop()
    if count < 2:
        raise MeasurementError(
            f"the data has {count} example{'' if count else 's'}, expected at least 2 for a variance; "
            "about 100 or more give reliable figures"
        )
    for array in found:
        _check_numbers(array)
    return Data(arrays, count)


def _array(value: Any) -> np.ndarray:
    import numpy as np

    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu()
    array: np.ndarray = np.asanyarray(value)
    if array.dtype == object:
        raise MeasurementError(
            f"the data contains Python objects (`{type(value).__name__}`): expected an array of numbers, or a list or "
            "dict of arrays for a model of several inputs"
        )
    if array.ndim == 0:
        raise MeasurementError(f"the data is a single value (`{type(value).__name__}`): expected an array of examples")
    if array.dtype.kind in _NO_NUMBERS:
        raise MeasurementError(f"the data is of type {array.dtype}: expected real numbers, such as float32")
    with np.errstate(over="ignore"):  # numbers that are too large become infinite, and `_check_numbers` reports them
        return array.astype("float32") if array.dtype == "float64" else array


def _check_numbers(array: np.ndarray) -> None:
    import numpy as np

    if array.dtype.kind != "f":
        return
    wrong = ~np.isfinite(array)
    number = int(wrong.sum())
    if number:
        first = int(np.argwhere(wrong)[0][0])
        values = "a value that is" if number == 1 else f"{number:,} values that are"
        raise MeasurementError(
            f"the data contains {values} NaN or infinite, the first in example {first} (from 0): "
            "the statistics would be NaN as well"
        )


def _check_fit(model: Any, arrays: Any) -> None:
    """Check that arrays have the shapes of the model's inputs, as far as these are known.

    Raises:
        MeasurementError: They do not fit.
    """
    expected = _expected(model)
    given = list(leaves(arrays))
    if expected is None:
        return
    if len(given) != len(expected):
        raise MeasurementError(
            f"`{model.name}` takes {len(expected)} input{'s' * (len(expected) != 1)} "
            f"({_shapes(expected, input_names(model))}), but the data has {len(given)} array{'s' * (len(given) != 1)}"
        )
    names = input_names(model)
    if isinstance(arrays, Mapping) and names and set(arrays) == set(names):
        given = [arrays[name] for name in names]
    for array, spec in zip(given, expected, strict=True):
        if not _fits(array.shape, spec.shape):
            raise MeasurementError(
                f"the data has the shape {_shape((len(array), *array.shape[1:]))}, expected "
                f"{_shape(('examples', *spec.shape[1:]))} for `{model.name}`{_hint(array.shape, spec.shape)}"
            )
        if array.dtype.kind in "SU" and "str" not in str(spec.dtype):
            raise MeasurementError(f"the data is text ({array.dtype}), expected numbers, which `{model.name}` takes")


def _expected(model: Any) -> Sequence[Spec] | None:
    try:
        arguments = input_specs(model, None)
    except InspectionError:
        return None
    specs = [*leaves(arguments.positional), *leaves(arguments.keywords)]
    return specs if all(isinstance(spec, Spec) for spec in specs) else None


def _fits(given: Sequence[int], expected: Sequence[int | None]) -> bool:
    if len(given) != len(expected):
        return False
    return all(size is None or size == got for got, size in zip(given[1:], expected[1:], strict=True))


def _hint(given: Sequence[int], expected: Sequence[int | None]) -> str:
    """The end of a message: what was probably forgotten; empty if that is not known."""
    if len(given) + 1 == len(expected) and expected[-1] == 1 and _fits((*given, 1), expected):
        return ": the axis of the channels is missing, add it with `x[..., None]`"
    if _fits((1, *given), expected):
        return ": this is one example without the axis of the examples"
    return ""


def _shapes(specs: Sequence[Spec], names: Sequence[str]) -> str:
    shown = [_shape(("examples", *spec.shape[1:])) for spec in specs]
    if len(names) == len(specs):
        shown = [f"{name} {shape}" for name, shape in zip(names, shown, strict=True)]
    return ", ".join(shown)


def _shape(sizes: Sequence[object]) -> str:
    words = ["any" if size is None else str(size) for size in sizes]
    return f"({', '.join(words)}{',' * (len(words) == 1)})"


def input_names(model: Any) -> list[str]:
    """The names of a functional model's inputs, in order; empty for other models."""
    try:
        return [tensor._keras_history[0].name for tensor in model.inputs or ()]
    except (AttributeError, ValueError):  # a Sequential that is not built
        return []
