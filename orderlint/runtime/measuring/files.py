"""Data and labels from `.npy` and `.npz` files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderlint.runtime.errors import MeasurementError
from orderlint.runtime.measuring.data import input_names

if TYPE_CHECKING:
    import numpy as np

__all__ = ["read_data", "read_labels"]

_DATA: Final = ("x", "x_train", "X", "images", "inputs")
_LABELS: Final = ("y", "y_train", "labels")


def read_data(path: Path, model: Any) -> tuple[Any, np.ndarray | None]:
    """The data in a file, and the labels if it contains them.

    Args:
        path: A `.npy` file with an array, or a `.npz` file with `x` and possibly `y`, or with an array for each input
            of the model, by its name.
        model: The model.

    Raises:
        MeasurementError: The file contains anything else.
        OSError: The file cannot be opened.
    """
    arrays = _arrays(path)
    labels = next((arrays[name] for name in _LABELS if name in arrays), None)
    names = input_names(model)
    if names and len(names) > 1 and set(names) <= set(arrays):
        return [arrays[name] for name in names], labels
    rest = [name for name in arrays if name not in _LABELS]
    found = next((name for name in _DATA if name in arrays), rest[0] if len(rest) == 1 else None)
    if found is None:
        raise MeasurementError(_unnamed(path, rest, names, has_labels=labels is not None))
    return arrays[found], labels


def _unnamed(path: Path, found: Sequence[str], names: Sequence[str], *, has_labels: bool) -> str:
    if not found:
        held = "no arrays but labels" if has_labels else "no arrays"
        return f"{path} contains {held}: expected one called `x`"
    inputs = f", or one for each input of the model: {', '.join(names)}" if len(names) > 1 else ""
    return f"{path} contains the arrays {', '.join(found)}: expected one called `x` (and `y` for labels){inputs}"


def read_labels(path: Path) -> np.ndarray:
    """The labels in a file. In a `.npz` file, they are the array `y`, or the only array.

    Raises:
        MeasurementError: The file contains anything else.
        OSError: The file cannot be opened.
    """
    arrays = _arrays(path)
    found = next((name for name in _LABELS if name in arrays), next(iter(arrays)) if len(arrays) == 1 else None)
    if found is None:
        held = f"the arrays {', '.join(arrays)}" if arrays else "no arrays"
        raise MeasurementError(f"{path} contains {held}: expected one called `y`")
    return arrays[found]


def _arrays(path: Path) -> Mapping[str, np.ndarray]:
    import numpy as np

    if path.suffix.lower() not in (".npy", ".npz"):
        raise MeasurementError(f"{path}: expected a .npy or .npz file (`numpy.save`, `numpy.savez`)")
    try:
        stored = np.load(path, allow_pickle=False)
        if isinstance(stored, np.ndarray):
            return {"": stored}
        with stored:
            return {name: stored[name] for name in stored.files}
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        if "Object arrays" in str(error) or _is_pickle(path):
            raise MeasurementError(
                f"{path} contains Python objects, which are not loaded because they can run code: expected numbers"
            ) from error
        # NumPy assumes that any unknown format is a pickle, and recommends to load it as one.
        reason = "its content is something else" if "pickle" in str(error) else str(error)
        raise MeasurementError(f"{path} is not a .npy or .npz file, or is damaged ({reason})") from error


def _is_pickle(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"\x80"  # the first byte of a pickle since protocol 2
