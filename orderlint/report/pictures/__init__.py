"""Layer graphs as pictures, one module a format: a module here is a format of that name.

It has a function `render(pictures)` that returns the text. `picture` says what is drawn: which calls are boxes, which
are marked, and, in a large model, which are folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from orderlint.report.picture import Picture

__all__ = ["Drawing", "load", "names"]


class Drawing(Protocol):
    """A module of this package."""

    def render(self, pictures: Sequence[Picture]) -> str:
        """The pictures as one text that ends with a newline."""


def names() -> tuple[str, ...]:
    """Every format; none of the modules is imported."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def load(name: str) -> Drawing:
    """The format of a name.

    Raises:
        ModuleNotFoundError: There is none; `names` has those there are.
    """
    return cast("Drawing", import_module(f"{__name__}.{name}"))
