"""The errors of an inspection. Each message says what was given, what was expected and what to do."""

from __future__ import annotations

import sys

__all__ = [
    "FileReadError",
    "InspectionError",
    "MeasurementError",
    "NoTensorError",
    "NotAModelError",
    "NotBuiltError",
    "TargetError",
    "TraceError",
    "WeightsOnlyError",
    "not_installed",
]


def not_installed(module: str) -> str:
    """What to do if a module is missing: orderlint may be installed in another environment than the user's packages."""
    package = module.partition(".")[0]
    return f"orderlint runs in {sys.executable}, which has no `{package}`; install both in one environment"


class InspectionError(ValueError):
    """Raised if a model cannot be inspected. The message gives the reason."""

    __module__ = "orderlint"  # where users import it from, which a traceback names

    def __init_subclass__(cls) -> None:
        cls.__module__ = "orderlint"


class NotAModelError(InspectionError):
    """Raised if an object is not a Keras model."""


class NotBuiltError(InspectionError):
    """Raised if a model does not know its input, and neither `input_shape` nor `sample` is given."""


class NoTensorError(InspectionError):
    """Raised if a `call` returns nothing that depends on its input, such as a table of positions."""

    def __init__(self, result: object) -> None:
        super().__init__(f"call returned {type(result).__name__}, which contains no tensor that depends on the input")


class TargetError(InspectionError):
    """Raised if a target does not name a model, or if its code fails."""


class FileReadError(InspectionError):
    """Raised if a file is damaged or unsafe, or is not a saved model."""


class WeightsOnlyError(FileReadError):
    """Raised if a file contains weights without their model."""


class TraceError(InspectionError):
    """Raised if the `call` of a model cannot be traced.

    Attributes:
        subject: What was traced, such as `Net` in backticks.
        call: The line that failed, such as `file.py:12: x = tf.foo(x)`. Empty if it is not known.
        cause: The error of that line.
    """

    def __init__(self, subject: str, call: str, cause: BaseException) -> None:
        self.subject = subject
        self.call = call
        self.cause = cause
        lines = str(cause).strip().splitlines()
        reason = f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__
        at = f", stopped by {call}" if call else ""
        super().__init__(f"{subject} cannot be traced{at} ({reason})")


class MeasurementError(InspectionError):
    """Raised if a model cannot be measured or recalibrated, or if the data does not fit the model."""
