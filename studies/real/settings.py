"""The models that are trained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["QUICK", "VERSIONS", "Setting", "grid"]

VERSIONS: Final = ("before", "after")
_MODELS: Final = (
    "wine_quality",
    "question_pairs",
    "wide_residual",
    "bowl",
    "fashion",
    "spooky",
    "discriminator",
    "exoplanets",
    "cancer",
    "narrow",
    "pruning",
    "digits_lesson",
    "reviews",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One version of one model, trained once for each seed.

    Attributes:
        model: The file in `models/`.
        version: `before` or `after` the repair.
        seeds: How many seeds.
        epochs: The number of epochs.
    """

    model: str
    version: str
    seeds: int = 10
    epochs: int = 30


def grid() -> Iterator[Setting]:
    """All settings."""
    for model in _MODELS:
        for version in VERSIONS:
            yield Setting(model, version)


QUICK: Final = tuple(Setting("narrow", version, seeds=2, epochs=2) for version in VERSIONS)
"""A tiny part, for tests."""
