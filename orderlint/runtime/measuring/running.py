"""Runs a model on batches, like `model(x)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from orderlint.runtime.errors import MeasurementError
from orderlint.runtime.frames import stopping_call
from orderlint.runtime.library import Library
from orderlint.runtime.symbolic import call_parameters

__all__ = ["Progress", "Runner", "silent"]

Progress: TypeAlias = Callable[[str], None]
"""Receives a description of each step, before each run of the model."""

_BOLD: Final = re.compile(r"\x1b\[\d*m")


def silent(_: str) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, slots=True)
class Runner:
    """A model that can be run.

    Attributes:
        model: The model.
        library: The generation of Keras of the model.
        progress: Receives a description of each step.
    """

    model: Any
    library: Library
    progress: Progress = silent

    def __call__(self, batch: Any, *, training: bool) -> Any:
        """The output of the model for a batch.

        Raises:
            MeasurementError: The code of the model fails.
        """
        positional, keywords = self._arguments(batch)
        try:
            return self.model(*positional, **keywords, training=training)
        except MeasurementError:
            raise
        except Exception as error:  # user code may raise any error
            raise MeasurementError(self._failure(error, training)) from error

    def _arguments(self, batch: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if isinstance(batch, Mapping) and set(batch) <= set(call_parameters(self.model)):
            return (), dict(batch)
        return (batch,), {}

    def _failure(self, error: Exception, training: bool) -> str:
        place = stopping_call(error)
        at = f", at {place}" if place else ""
        mode = "in training" if training else "at inference"
        return f"`{self.model.name}` fails on the data {mode}{at} ({_reason(error)})"


def _reason(error: Exception) -> str:
    """The first line of an error, without the line that Keras adds before it."""
    lines = [line.strip() for line in _BOLD.sub("", str(error)).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        del lines[0]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
