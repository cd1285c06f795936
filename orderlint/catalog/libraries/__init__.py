"""Libraries of layers for Keras. Each module in this folder is found automatically and has a `LIBRARY`.

What is written down was read off the libraries' own sources, which each module names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from orderlint.catalog.library import Library

__all__ = ["LIBRARIES"]


def _libraries() -> Iterator[tuple[str, Library]]:
    for module in iter_modules(__path__):
        library: Library = import_module(f"{__name__}.{module.name}").LIBRARY
        yield from ((root, library) for root in library.roots)


LIBRARIES: Final[Mapping[str, Library]] = dict(_libraries())
"""Every library by the names it is imported by."""
