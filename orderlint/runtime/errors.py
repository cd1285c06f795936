"""What can stop an inspection. Every message says what came, what was expected and what to do."""

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
    """What to do where a module is missing: orderlint may well be installed apart from the user's packages."""
    package = module.partition(".")[0]
    return f"the Python of orderlint ({sys.executable}) has no `{package}`; install it there, or orderlint beside it"


class InspectionError(ValueError):
    """Raised if a model cannot be inspected. The message gives the reason."""


class NotAModelError(InspectionError):
    """What was given is no Keras model."""


class NotBuiltError(InspectionError):
    """The model does not know its input, and none was given."""


class NoTensorError(InspectionError):
    """A `call` that returns nothing that depends on its input, such as a table of positions."""

    def __init__(self, result: object) -> None:
        super().__init__(f"call returned {type(result).__name__}, which contains no tensor that depends on the input")


class TargetError(InspectionError):
    """A target that names no model, or whose code fails."""


class FileReadError(InspectionError):
    """A saved file that is damaged, unsafe or of another kind."""


class WeightsOnlyError(FileReadError):
    """A file with weights and without the model they belong to."""


class TraceError(InspectionError):
    """A model whose `call` cannot be followed.

    Args:
        subject: What was traced (`` `Net` ``).
        call: The call that stopped it, as `file.py:12: x = tf.foo(x)`; empty if not known.
        cause: The error of that call.
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
    """A model that cannot be run for a measurement, or data that do not fit it."""
