"""Layer graphs as pictures. Each module here is a format.

It has a function `render(pictures)` that returns the text, and may have `caution(pictures)`. The module `picture`
determines which calls are boxes, which are marked, and which are folded in a large model.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from orderlint.report.picture import Picture

__all__ = ["Drawing", "drawn", "load", "names"]


class Drawing(Protocol):
    """A module of this package."""

    def render(self, pictures: Sequence[Picture]) -> str:
        """The pictures as one text that ends with a newline."""


def names() -> tuple[str, ...]:
    """The names of all formats. No module is imported."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def load(name: str) -> Drawing:
    """The format with a name.

    Raises:
        ModuleNotFoundError: There is no such format (see `names`).
    """
    return cast("Drawing", import_module(f"{__name__}.{name}"))


def drawn(name: str, pictures: Sequence[Picture]) -> tuple[str, str]:
    """The pictures in a format, and a warning if they cannot be displayed."""
    form = load(name)
    caution = getattr(form, "caution", None)
    return form.render(pictures), "" if caution is None else caution(pictures)
