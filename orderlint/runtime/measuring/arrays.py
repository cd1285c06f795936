"""Tensors and variables of any backend as NumPy arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderlint.runtime.errors import MeasurementError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["array_of", "view_of"]


def array_of(value: Any) -> np.ndarray:
    """The values of a tensor or variable.

    Raises:
        MeasurementError: It has no values, because it is in compiled code.
    """
    import numpy as np

    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu()
    try:
        array: np.ndarray = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    except Exception as error:  # each backend raises its own errors
        raise MeasurementError(
            "a batch normalization runs inside compiled code (a JAX transformation, a scan over time steps), where its "
            "input cannot be looked at: measure the model without the compilation"
        ) from error
    return array


def view_of(value: Any) -> np.ndarray | None:
    """The values of a tensor without a copy; `None` if NumPy cannot access them.

    This is so on other devices than the CPU, for types that NumPy does not have (bfloat16), and in compiled code.
    """
    import numpy as np

    if "cpu" not in str(getattr(value, "device", "cpu")).lower():
        return None
    try:
        if hasattr(value, "detach"):  # torch
            array: np.ndarray = value.detach().numpy()
            return array
        return np.asarray(memoryview(value))
    except (BufferError, RuntimeError, TypeError, ValueError):  # the errors of the backends
        return None
